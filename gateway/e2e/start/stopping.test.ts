import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startDukcapil } from '../../../mocks/dukcapil/server.ts'
import {
  addressOf,
  defaultAgency,
  initTrial,
  newFolder,
  type Process,
  run,
  start,
  type Trial,
} from './processes.ts'

/** A gateway on trial before a stand-in, with a case opened on a connection that stays open. */
async function startTrial(deadlineMs: number) {
  const agency = await startDukcapil()
  onTestFinished(() => agency.close())
  const trial = await initTrial(agency.url, yaml =>
    registryAlone(yaml).replace('    config:', `    policy: { deadlineMs: ${deadlineMs} }\n    config:`),
  )
  for (const other of ['oss', 'polri']) rmSync(join(trial.folder, `agreements/${other}-front-office.yaml`))
  const gateway = start({ MPP_CONFIG: trial.folder })
  const url = await addressOf(gateway)
  const counter = openCounter(url, trial)
  const { body } = await counter.post('/v1/cases', {})
  const ask = () =>
    counter.post(
      '/v1/residents/lookup',
      { nik: '9999011501900001' },
      {
        'mpp-case': (body as { id: string }).id,
        'mpp-purpose': 'skck.new',
        'mpp-counter': 'A-03',
        'mpp-officer': 'o-7f3a',
      },
    )
  return { agency, trial, gateway, url, ask }
}

/** Without the other agencies, whose deadlines are longer. */
const registryAlone = (yaml: string) => yaml.slice(0, yaml.indexOf('  oss:'))

/** A counter application that keeps its connections open. */
function openCounter(url: string, { apiKey }: Trial) {
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  return {
    async post(path: string, body: object, more: Record<string, string> = {}) {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...more }
      const sent = request(url + path, { method: 'POST', agent, headers })
      sent.end(JSON.stringify(body))
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      const text = (await response.toArray()).join('')
      return {
        status: response.statusCode,
        connection: response.headers.connection,
        body: JSON.parse(text) as unknown,
      }
    },
  }
}

/** A connection on which so much is sent, and nothing more. */
async function openConnection(url: string, text: string): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {}) // being cut off is what it is there for
  await once(socket, 'connect')
  if (text) socket.write(text)
}

async function isRefused(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const refused = await Promise.race([
    once(socket, 'connect').then(() => false),
    once(socket, 'close').then(() => true),
  ]).catch(() => true)
  socket.destroy()
  return refused
}

it('on SIGTERM accepts nothing new, answers what is in flight, ends with 0 and lets go of its data', async () => {
  const { agency, trial, gateway, url, ask } = await startTrial(10_000)
  agency.setWeather('slow=1500')
  await openConnection(url, '') // silent, as a browser's spare one
  const answer = ask()
  await vi.waitFor(() => expect(agency.calls['lookup']).toBe(1))

  gateway.child.kill('SIGTERM')
  await vi.waitFor(async () => expect(await isRefused(url)).toBe(true))
  expect(gateway.child.exitCode).toBeNull()
  expect(await answer).toMatchObject({
    status: 200,
    connection: 'close',
    body: { data: { nik: '9999011501900001' } },
  })
  expect(await gateway.ended).toBe(0)

  await addressOf(start({ MPP_CONFIG: trial.folder }))
})

it('ends in order also while it is still starting', async () => {
  const trial = await initTrial(defaultAgency)
  const gateway = start({ MPP_CONFIG: trial.folder })
  await gateway.prints(/on trial/) // the store is not open yet
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
  expect(gateway.printed).toContain('"msg":"ending"')
  await addressOf(start({ MPP_CONFIG: trial.folder }))
})

it('waits no longer than the longest deadline, and a little', async () => {
  const { agency, gateway, url, ask } = await startTrial(500)
  agency.setWeather('hang')
  await openConnection(url, 'POST /v1/cases HTTP/1.1\r\nHost: half a req') // never to be finished
  const answer = ask()
  await vi.waitFor(() => expect(agency.calls['lookup']).toBe(1))

  gateway.child.kill('SIGTERM')
  expect(await answer).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TIMEOUT' } })
  expect(await gateway.ended).toBe(0)
})

it('ends at once on a second signal', async () => {
  const { agency, gateway, ask } = await startTrial(60_000)
  agency.setWeather('hang')
  ask().catch(() => {}) // cut off
  await vi.waitFor(() => expect(agency.calls['lookup']).toBe(1))

  gateway.child.kill('SIGTERM')
  await gateway.prints(/"signal":"SIGTERM"/)
  await setTimeout(300) // two signals closer together are one
  gateway.child.kill('SIGINT')
  expect(await gateway.ended).toBe(1)
})

it('ends in order with 1 after a fault that nobody caught, and logs its class but not its message', async () => {
  const program = `
    import { endInOrder } from './gateway/exit.ts'
    import { createLog } from './gateway/log.ts'
    endInOrder(async () => console.log('stopped in order'), createLog())
    Promise.reject(new RangeError('WARGA CONTOH SATU'))
    setTimeout(() => {}, 60_000)`
  const process: Process = run(['--input-type=module', '--eval', program])
  expect(await process.ended).toBe(1)
  expect(process.printed).toContain('stopped in order')
  expect(process.printed).toContain('"fault":"RangeError ') // the log waits for nobody: it may come later, but it comes
  expect(process.printed).not.toContain('WARGA')
})

/** What it printed but for the log of requests, which may come late. */
const told = ({ printed }: Process): string => printed.replace(/^.*"msg":"request".*\n/gm, '')

it('ends the demo silently on Ctrl+C, with the stand-ins and the temporary folder', async () => {
  const temporary = newFolder()
  const demo = run(['gateway/start.js', 'demo'], { PORT: '0', TMPDIR: temporary })
  await demo.prints(/Stop with Ctrl\+C\.\n\n/)
  expect(readdirSync(temporary)).toHaveLength(1)
  const before = told(demo)

  demo.signalAll('SIGINT')
  demo.child.kill('SIGINT') // npm hands it on
  expect(await demo.ended).toBe(0) // neither it nor a stand-in holds its output any more
  expect(told(demo)).toBe(before)
  expect(readdirSync(temporary)).toEqual([])
})

it('ends with the shell that npm started it in, which hands no signal on', async () => {
  const temporary = newFolder()
  const shell = `child_process.spawn(process.execPath, ['gateway/start.js', 'demo'], { stdio: 'inherit' })`
  const demo = run(['--eval', shell], { PORT: '0', TMPDIR: temporary, npm_lifecycle_event: 'demo' })
  await demo.prints(/Stop with Ctrl\+C\.\n\n/)

  demo.child.kill('SIGKILL')
  await demo.ended // nobody holds its output any more
  expect(readdirSync(temporary)).toEqual([])
})
