/** SIGTERM while orders are under way, again and again: the gateway ends in order, and the next one goes on. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { lossReportFile } from '#contracts/loss-report.ts'
import { addressOf, initTrial, start } from '#gateway/e2e/start/processes.ts'
import { startPolri } from '../../../mocks/polri/server.ts'

const agreement = `
  - capability: loss-report.file
    purposes: [loss-report.new]
    elements: [/reportNumber]
`

interface Call {
  readonly method?: 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A mall on trial whose counter files loss reports with the police, who take their time. */
async function openMall() {
  const police = await startPolri({ weather: 'slow=400' })
  onTestFinished(() => police.close())
  const { folder, apiKey } = await initTrial('http://127.0.0.1:9101', yaml =>
    yaml
      .replace('http://127.0.0.1:9103', police.url)
      .replace(/# acceptAssumed: .*/, 'acceptAssumed: [loss-report.file]'),
  )
  appendFileSync(join(folder, 'agreements/polri-front-office.yaml'), agreement.slice(1))

  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  let visit: string | undefined

  /** The next gateway in this place. */
  async function launch() {
    const gateway = start({ MPP_CONFIG: folder })
    const url = await addressOf(gateway)
    const ask = async (path: string, init: Call = {}) => {
      const response = await fetch(url + path, { ...init, headers: { ...headers, ...init.headers } })
      return { status: response.status, body: (await response.json()) as Record<string, any> }
    }
    visit ??= (await ask('/v1/cases', { method: 'POST', body: '{}' })).body['id'] as string
    const context = {
      'mpp-case': visit,
      'mpp-purpose': 'loss-report.new',
      'mpp-counter': 'A-03',
      'mpp-officer': 'o-7f3a',
    }
    return {
      read: async (path: string) => (await ask(path)).body,
      /** Under the key of its number. */
      file: (number: number, more: Record<string, string> = {}) =>
        ask(lossReportFile.path, {
          method: 'POST',
          headers: { ...context, ...more, 'idempotency-key': `stopping-${number}` },
          body: JSON.stringify(lossReportFile.example.input),
        }),
      async stop() {
        gateway.child.kill('SIGTERM')
        const end = await gateway.ended
        if (end !== 0) throw new Error(`it ended with ${end}`)
      },
    }
  }
  return { police, launch }
}

it('loses and doubles nothing', async () => {
  const orders = 24
  const { police, launch } = await openMall()
  let gateway = await launch()
  const told = await Promise.all(Array.from({ length: orders }, (_, number) => gateway.file(number)))
  expect(told.map(({ status }) => status)).toEqual(told.map(() => 202))
  const ids = told.map(({ body }) => body['id'] as string).toSorted()

  // Each time in the middle of the sending, with more of them waiting.
  for (const most of [1, orders / 2]) {
    await vi.waitFor(() => expect(police.orders().length).toBeGreaterThanOrEqual(most), { timeout: 20_000 })
    await gateway.stop()
    gateway = await launch()
  }
  const states = async (): Promise<readonly string[]> => {
    const { submissions } = await gateway.read('/v1/submissions?limit=100')
    return submissions.map(({ state }: any) => state)
  }
  await vi.waitFor(async () => expect(await states()).toEqual(ids.map(() => 'accepted')), {
    timeout: 60_000,
    interval: 200,
  })
  const taken = police.orders().map(({ reference }) => reference)
  expect(taken.toSorted()).toEqual(ids)

  // Each end waited for what was being sent: nothing had to be made certain.
  for (const id of ids) {
    const { history } = await gateway.read(`/v1/submissions/${id}`)
    expect(history.map(({ state }: any) => state)).toEqual(['queued', 'sending', 'accepted'])
  }
  // Whoever orders again with the key of then has the order of then.
  expect((await gateway.file(7)).body['id']).toBe(told[7]!.body['id'])
}, 120_000)

it('tells a counter that waits for the end of its order where to look', async () => {
  const { police, launch } = await openMall()
  const gateway = await launch()
  await gateway.file(1)
  await vi.waitFor(() => expect(police.orders()).toHaveLength(1), { timeout: 20_000 })
  const waiting = gateway.file(1, { prefer: 'wait=30' })
  await sleep(500) // until it does
  await gateway.stop()
  expect(await waiting).toMatchObject({ status: 202, body: { next: { by: 'agency' } } })
}, 60_000)
