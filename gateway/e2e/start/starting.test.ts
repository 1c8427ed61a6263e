import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addressOf, defaultAgency, initTrial, newFolder, root, run, start } from './processes.ts'

async function takenPort(): Promise<string> {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  return String((other.address() as AddressInfo).port)
}

describe('npm start', () => {
  it('refuses with every problem of environment and files in one message', async () => {
    const { folder } = await initTrial('ftp://127.0.0.1')
    const gateway = start({ MPP_CONFIG: folder, PORT: 'http', REDIS_URL: 'localhost' })
    expect(await gateway.ended).toBe(1)
    expect(gateway.printed).toBe(`The gateway cannot start: 3 problems in its configuration.

  environment: PORT
    expected a port number; 0 takes a free one
  environment: REDIS_URL
    expected redis://… or rediss://…
  gateway.yaml: upstreams.dukcapil.baseUrl
    expected an http:// or https:// address

`)
  })

  it('says what it needs when it is told nothing', async () => {
    const gateway = run(['gateway/start.js'])
    expect(await gateway.ended).toBe(1)
    expect(gateway.printed).toContain(
      'MPP_CONFIG\n    expected the folder that `npm run init <folder>` wrote',
    )
  })

  it('names another port when its own is taken', async () => {
    const { folder } = await initTrial(defaultAgency)
    const port = await takenPort()
    const gateway = start({ MPP_CONFIG: folder, PORT: port })
    expect(await gateway.ended).toBe(1)
    expect(gateway.printed).toMatch(
      `cannot start: port ${port} on 127.0.0.1 is taken; choose another one, for example PORT=`,
    )
  })

  it('refuses a data folder that another gateway uses, and leaves that one alone', async () => {
    const { folder } = await initTrial(defaultAgency)
    const first = start({ MPP_CONFIG: folder })
    const url = await addressOf(first)
    const second = start({ MPP_CONFIG: folder })
    expect(await second.ended).toBe(1)
    expect(second.printed).toContain(`the data folder ${join(folder, 'data')} is in use by another gateway`)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  })

  it('names its commands when it is given another', async () => {
    const gateway = run(['gateway/start.js', 'strat'])
    expect(await gateway.ended).toBe(1)
    expect(gateway.printed).toMatch(
      /^Unknown command strat: expected one of start, init, keys, reseal, adapter-check, ledger, doctor, demo, new-adapter\n/,
    )
  })

  const oldNode = findOldNode()
  if (!oldNode) console.warn('skipped: what an old Node is told (none on PATH)')
  it.skipIf(!oldNode)('tells an old Node which one it needs', () => {
    const { status, stderr } = spawnSync(oldNode!, ['gateway/start.js'], { cwd: root, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^MPP Gateway needs Node 26 or newer; this is v\d+/)
  })
})

describe('npm run demo', () => {
  it('names another port when its own is taken, and leaves nothing behind', async () => {
    const temporary = newFolder()
    const port = await takenPort()
    const demo = run(['gateway/start.js', 'demo'], { PORT: port, TMPDIR: temporary })
    expect(await demo.ended).toBe(1) // neither it nor a stand-in holds its output any more
    expect(demo.printed).toMatch(
      `cannot start: port ${port} on 127.0.0.1 is taken; choose another one, for example PORT=`,
    )
    expect(readdirSync(temporary)).toEqual([])
  })
})

/** A Node before 26 that the machine itself has. */
function findOldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(folder => !folder.includes('node_modules'))
  return folders
    .map(folder => join(folder, 'node'))
    .find(node => {
      const [major] = /\d+/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '') ?? []
      return major !== undefined && Number(major) < 26
    })
}
