/** A section of a page is pasted into a shell beside a running demo, and must print what its comments say. */
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { newFolder, root, run } from '../start/processes.ts'

export const hasShell = spawnSync('sh', ['-c', 'command -v curl']).status === 0
if (!hasShell) console.warn('skipped: the commands of the documentation (no sh, or no curl)')

/** The commands of a section, and what its comments say that they print. … stands for anything. */
function commandsOf(
  page: string,
  section: string,
): { readonly script: string; readonly prints: readonly string[] } {
  const text = readFileSync(join(root, page), 'utf8')
  const [, within = ''] = text.split(new RegExp(`^##+ ${RegExp.escape(section)}\n`, 'm'))
  const [own = ''] = within.split(/\n###? /)
  const blocks = [...own.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands!)
  const prints = blocks.flatMap(commands =>
    [...commands.matchAll(/^(?:ask(?:ed)? .*?# |# (?=[A-Z{…]))(.+)$/gm)].map(([, line]) => line!),
  )
  return { script: blocks.join(''), prints }
}

export async function expectWalkThrough(page: string, section: string): Promise<void> {
  const demo = run(['gateway/start.js', 'demo'], { PORT: '0', TMPDIR: newFolder() })
  const [, url] = await demo.prints(/Reference: (http:\S+)\/docs/)
  const { script, prints } = commandsOf(page, section)
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`
  const { stdout } = await promisify(execFile)(
    'sh',
    ['-c', script.replaceAll('http://127.0.0.1:8080', url!)],
    { env: { PATH }, cwd: newFolder() },
  )
  const printed = stdout.trim().split(/\r?\n/)
  expect(prints.length).toBeGreaterThan(5)
  expect(printed).toEqual(
    prints.map(line =>
      expect.stringMatching(new RegExp(`^${line.split('…').map(RegExp.escape).join('.*')}$`)),
    ),
  )
}
