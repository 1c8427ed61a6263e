/** The backup that the documentation tells of is one: it is whole, and a gateway goes on from it. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { addressOf, initTrial, newFolder, root, start } from '../start/processes.ts'
import { readPage } from './pages.ts'

const hasTools = spawnSync('sh', ['-c', 'command -v npm && test -x node_modules/.bin/node'], { cwd: root })
if (hasTools.status !== 0) console.warn('skipped: the backup of the documentation (no sh, or no npm)')

it.skipIf(hasTools.status !== 0)(
  'is taken while the gateway works, verifies, and is gone on from',
  { timeout: 120_000 }, // it starts four processes
  async () => {
    const { folder, apiKey } = await initTrial(`http://127.0.0.1:${await closedPort()}`)
    const post = async (url: string, path: string, body: object, headers: Record<string, string> = {}) => {
      const init = { method: 'POST', body: JSON.stringify(body) }
      const authorization = `Bearer ${apiKey}`
      const response = await fetch(`${url}${path}`, { ...init, headers: { ...headers, authorization } })
      return (await response.json()) as { readonly id: string; readonly code: string }
    }
    const gateway = start({ MPP_CONFIG: folder })
    const url = await addressOf(gateway)
    const visit = await post(url, '/v1/cases', {})
    const refused = await post(url, '/v1/residents/lookup', {})
    expect(refused.code).toBe('INPUT_INVALID') // and that is on record

    const copy = newFolder()
    const { blocks } = readPage('docs/operation.md')
    const { text } = blocks.find(({ text }) => text.includes('backup(new DatabaseSync'))!
    const commands = text.replaceAll('my-mall', folder).replaceAll(/\bbackup(?=\/| npm|\n)/g, copy)
    const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`
    const { stdout } = await promisify(execFile)('sh', ['-ec', commands], { cwd: root, env: { PATH } })
    expect(stdout).toMatch(/The ledger verifies: [1-9]\d* rows/)
    expect(existsSync(join(copy, 'gateway.db'))).toBe(true)
    gateway.child.kill('SIGKILL')
    await gateway.ended

    const restored = await addressOf(start({ MPP_CONFIG: folder, MPP_DATA: copy }))
    const asked = await post(
      restored,
      '/v1/residents/lookup',
      { nik: '9999011501900001' },
      {
        'mpp-case': visit.id,
        'mpp-purpose': 'skck.new',
        'mpp-counter': 'A-03',
        'mpp-officer': 'o-7f3a',
      },
    )
    expect(asked.code).toBe('UPSTREAM_UNAVAILABLE') // the case is known still; nobody is at the agency
  },
)
