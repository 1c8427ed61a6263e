/** An agency that is down from one working day over a holiday into the next: nobody is sent away, and no clock is wrong. */
import { expect, it, vi } from 'vitest'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { openFrom, service } from '#gateway/testing/services.ts'
import { openCounter, openDesk } from './counter.ts'

const hourMs = 60 * 60_000
const at = (instant: string): string => new Date(instant).toISOString()

/** The mall is open from 8 to 16; Tuesday is a holiday. */
const calendar = {
  timeZone: 'Asia/Jakarta',
  hours: openFrom(8, 16),
  holidays: [{ date: '2026-09-22', name: 'Libur Contoh', hours: [] }],
}
const services = new Map([
  [
    'skck.new',
    service('skck.new', {
      time: {
        promised: { amount: 1, unit: 'workingDays' },
        source: { id: 'contoh', en: 'example' },
        toBeConfirmed: false,
      },
    }),
  ],
])

it('accepts throughout, delivers afterwards, and counts working time only', async () => {
  const port = await closedPort()
  const counter = await openCounter(`http://127.0.0.1:${port}`, { settings: { calendar, services } })
  const clockOf = async (id: string) => (await counter.read(`/v1/submissions/${id}`)).body['service'].clock
  const turnTo = (instant: string) => counter.clock.leap(Date.parse(instant) - counter.clock.now())
  const ids: string[] = []

  /** Each has been tried in vain so often, and nothing is on its way. */
  const attempts = new Map<string, number>()
  async function triedOnceMore(): Promise<void> {
    for (const id of ids) attempts.set(id, (attempts.get(id) ?? 0) + 1)
    await vi.waitFor(
      async () => {
        const rows = await counter.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 100)
        const late = rows.filter(row => row.state !== 'queued' || row.attempts !== attempts.get(row.id))
        if (late.length > 0) throw new Error(`${late.length} of ${rows.length} are still to be tried`)
      },
      { timeout: 20_000, interval: 10 },
    )
  }

  // From Monday 9.00 on, every other hour of a day and a night. The agency is tried all the time.
  for (let hour = 0; hour < 24; hour += 2) {
    const visit = await counter.openCase()
    const { status, body } = await counter.order(`key-hour-${hour}`, undefined, { 'mpp-case': visit })
    expect(status).toBe(202)
    ids.push(body['id'])
    for (let tries = 0; tries < 8; tries += 1) {
      await triedOnceMore()
      counter.clock.leap(hourMs / 4)
    }
  }
  const [first, , , , later] = ids as [string, string, string, string, string]
  await triedOnceMore()

  // Tuesday 9.00, closed: it has waited a day, of which 7 hours count. The second was accepted after closing time.
  expect(await clockOf(first)).toMatchObject({
    state: 'running',
    startedAt: at('2026-09-21T09:00+07:00'),
    elapsedMs: 7 * hourMs,
    dueAt: at('2026-09-23T09:00+07:00'),
    remainingMs: hourMs,
    isLate: false,
  })
  expect(await clockOf(later)).toMatchObject({
    startedAt: at('2026-09-21T17:00+07:00'),
    elapsedMs: 0,
    dueAt: at('2026-09-23T16:00+07:00'),
  })

  // Wednesday 9.30: the agency is back, half an hour too late for the first, who ordered before the others.
  turnTo('2026-09-23T09:30+07:00')
  await triedOnceMore()
  const desk = await openDesk(port)
  desk.takes('finish')
  counter.clock.leap(hourMs / 2)
  for (const id of ids) await counter.becomes(id, 'confirmed')
  expect(desk.effects.toSorted()).toEqual(ids.toSorted())

  expect(await clockOf(first)).toMatchObject({
    state: 'done',
    elapsedMs: 9 * hourMs,
    remainingMs: -hourMs,
    isLate: true,
    finishedAt: at('2026-09-23T10:00+07:00'),
    pauses: [],
  })
  expect(await clockOf(later)).toMatchObject({ state: 'done', elapsedMs: 2 * hourMs, isLate: false })

  // What is done is done: its clock stands for good, and the history says how often the agency was tried in vain.
  const done = await clockOf(first)
  counter.clock.leap(100 * hourMs)
  expect(await clockOf(first)).toEqual(done)
  const { body } = await counter.read(`/v1/submissions/${first}`)
  const failed = body['history'].filter(({ type }: any) => type === 'submission.attempt-failed')
  expect(failed.length).toBe(body['attempts'] - 1)
  expect(failed.length).toBeGreaterThan(90)
  expect(failed[0]).toMatchObject({ state: 'queued', sent: 'no' })
}, 60_000)
