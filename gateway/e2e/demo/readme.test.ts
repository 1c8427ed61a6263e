import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { newFolder, root, run } from '../start/processes.ts'

const hasShell = spawnSync('sh', ['-c', 'command -v curl']).status === 0
if (!hasShell) console.warn('skipped: the commands of the README (no sh, or no curl)')

/** The commands of a section, and what its comments say that they print. … stands for anything. */
function commandsOf(section: string): { readonly script: string; readonly prints: readonly string[] } {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const text = readme.slice(readme.indexOf(`### ${section}\n`)).split(/\n###? /)[0]!
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands!)
  const prints = blocks.flatMap(commands =>
    [...commands.matchAll(/^(?:ask(?:ed)? .*?# |# (?=[A-Z{…]))(.+)$/gm)].map(([, line]) => line!),
  )
  return { script: blocks.join(''), prints }
}

const sections = ['Who sees what', "An order, from the counter to the citizen's reference"]

it.skipIf(!hasShell).each(sections)(
  'shows in the demo, command by command, what the README says: %s',
  async section => {
    const demo = run(['gateway/start.js', 'demo'], { PORT: '0', TMPDIR: newFolder() })
    const [, url] = await demo.prints(/Reference: (http:\S+)\/docs/)
    const { script, prints } = commandsOf(section)
    const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', script.replace('http://127.0.0.1:8080', url!)],
      {
        env: { PATH },
      },
    )
    const printed = stdout.trim().split(/\r?\n/)
    expect(prints.length).toBeGreaterThan(5)
    expect(printed).toEqual(
      prints.map(line =>
        expect.stringMatching(new RegExp(`^${line.split('…').map(RegExp.escape).join('.*')}$`)),
      ),
    )
  },
)
