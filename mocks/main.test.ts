import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

it('says over IPC where the agencies listen, prints nothing, and stops with its parent', async () => {
  const mocks = start({ MOCK_DUKCAPIL_WEATHER: 'empty' })
  const printed = collect(mocks)
  const [{ ready }] = (await once(mocks, 'message')) as [{ ready: { dukcapil: string } }]
  const response = await fetch(`${ready.dukcapil}/mock/weather`)
  expect(await response.json()).toMatchObject({ weather: 'empty' })

  mocks.disconnect()
  expect(await once(mocks, 'exit')).toEqual([0, null])
  expect(printed()).toBe('')
})

it('names the variable to set when the port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const mocks = start({ MOCK_DUKCAPIL_PORT: String((other.address() as AddressInfo).port) })
  const printed = collect(mocks)

  expect(await once(mocks, 'exit')).toEqual([1, null])
  expect(printed()).toMatch(/^Port \d+ is taken\. Set MOCK_DUKCAPIL_PORT .*\n$/)
})

it('refuses a port that is none', async () => {
  const mocks = start({ MOCK_DUKCAPIL_PORT: '91o1' })
  const printed = collect(mocks)
  expect(await once(mocks, 'exit')).toEqual([1, null])
  expect(printed()).toContain('MOCK_DUKCAPIL_PORT')
})

function start(environment: Record<string, string>): ChildProcess {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    silent: true,
    execArgv: [],
    env: { PATH: process.env['PATH'], ...freePorts(), ...environment },
  })
  onTestFinished(() => void child.kill())
  return child
}

/** For every agency, so that no test meets mocks that somebody is running. */
function freePorts(): Record<string, string> {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter(entry =>
    entry.isDirectory(),
  )
  return Object.fromEntries(
    folders.map(({ name }) => [`MOCK_${name.toUpperCase().replaceAll('-', '_')}_PORT`, '0']),
  )
}

function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (text += String(chunk)))
  return () => text
}
