import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockActs } from '#contracts/submission.ts'
import { anyCalendar, naiveCalendar, probe } from '#gateway/testing/naive-calendar.ts'
import { openFrom } from '#gateway/testing/services.ts'
import { type CalendarSettings, createCalendar, weekdays } from './calendar.ts'
import { clockSteps, type ClockStep, readClock } from './clock.ts'
import { type PromisedTime, timeUnits } from './service.ts'

const minute = 60_000
const hour = 60 * minute
const at = (text: string): number => Date.parse(`2026-${text}+07:00`)

/** Mondays to Fridays, eight to three; the 5th of March is a holiday. */
const calendar = createCalendar({
  timeZone: 'Asia/Jakarta',
  hours: openFrom(8, 15, weekdays.slice(0, 5)),
  holidays: [{ date: '2026-03-05', name: 'Hari libur', hours: [] }],
})
const source = { id: 'Contoh', en: 'Example' }
const promise = (promised: PromisedTime | null) => ({ time: { promised, source, toBeConfirmed: false } })
const twoHours = promise({ amount: 120, unit: 'workingMinutes' })
const read = (
  steps: readonly ClockStep[],
  now: string,
  standard: Parameters<typeof readClock>[1] = twoHours,
) => readClock(steps, standard, calendar, at(now))!

const start: ClockStep = { at: at('03-02T09:00'), act: 'start' }
const paused: ClockStep = { at: at('03-02T10:00'), act: 'pause', reason: '41' }

describe('the clock of an order', () => {
  it('runs from its start, in working time', () => {
    expect(read([start], '03-02T10:30')).toEqual({
      state: 'running',
      startedAt: start.at,
      elapsedMs: 1.5 * hour,
      dueAt: at('03-02T11:00'),
      remainingMs: 0.5 * hour,
      isLate: false,
      finishedAt: null,
      pauses: [],
      resets: 0,
    })
    expect(read([{ ...start, at: at('03-02T14:00') }], '03-02T23:00')).toMatchObject({
      elapsedMs: hour,
      dueAt: at('03-03T09:00'),
      remainingMs: hour,
    })
  })

  it('has not begun without a start', () => {
    expect(readClock([], twoHours, calendar, at('03-02T10:00'))).toBeUndefined()
    expect(readClock([paused], twoHours, calendar, at('03-02T10:00'))).toBeUndefined()
  })

  it('stands still while the applicant is asked, is due at no time, and goes on', () => {
    expect(read([start, paused], '03-04T12:00')).toMatchObject({
      state: 'paused',
      elapsedMs: hour,
      dueAt: null,
      remainingMs: hour,
      isLate: false,
      pauses: [{ from: paused.at, until: null, reason: '41' }],
    })
    const resumed: ClockStep = { at: at('03-04T14:30'), act: 'resume' }
    expect(read([start, paused, resumed], '03-04T14:45')).toMatchObject({
      state: 'running',
      dueAt: at('03-06T08:30'), // the 5th is a holiday
      pauses: [{ from: paused.at, until: resumed.at, reason: '41' }],
    })
  })

  it('is late from the instant at which it is due, by as much working time', () => {
    expect(read([start], '03-02T11:00')).toMatchObject({ remainingMs: 0, isLate: false })
    expect(read([start], '03-03T08:30')).toMatchObject({
      dueAt: at('03-02T11:00'),
      remainingMs: -4.5 * hour,
      isLate: true,
    })
  })

  it.each(['done', 'approved-by-silence'] as const)('ends with %s, and stays as it was', act => {
    const ended: ClockStep = { at: at('03-02T10:30'), act }
    const reading = read([start, ended, { ...paused, at: at('03-02T12:00') }], '03-09T12:00')
    expect(reading).toMatchObject({
      state: act,
      elapsedMs: 1.5 * hour,
      finishedAt: ended.at,
      dueAt: at('03-02T11:00'),
      remainingMs: 0.5 * hour,
      isLate: false,
      pauses: [],
    })
  })

  it('ends while it stands still: the pause ends with it', () => {
    const ended: ClockStep = { at: at('03-03T09:00'), act: 'done' }
    expect(read([start, paused, ended], '03-09T12:00')).toMatchObject({
      state: 'done',
      elapsedMs: hour,
      dueAt: null,
      pauses: [{ from: paused.at, until: ended.at }],
    })
  })

  it('is at zero after a reset, and stands until the restart', () => {
    const reset: ClockStep = { at: at('03-02T10:00'), act: 'reset', reason: '43' }
    const resumed: ClockStep = { at: at('03-02T10:30'), act: 'resume' }
    const restart: ClockStep = { at: at('03-03T08:00'), act: 'restart' }
    expect(read([start, reset, resumed], '03-02T12:00')).toMatchObject({
      state: 'paused',
      elapsedMs: 0,
      dueAt: null,
      remainingMs: 2 * hour,
      resets: 1,
    })
    expect(read([start, reset, restart], '03-03T08:30')).toMatchObject({
      state: 'running',
      elapsedMs: 0.5 * hour,
      dueAt: at('03-03T10:00'),
      resets: 1,
      pauses: [{ from: reset.at, until: restart.at, reason: '43' }],
    })
  })

  it('begins anew with a restart whose reset went unseen while it stood still', () => {
    const restart: ClockStep = { at: at('03-03T08:00'), act: 'restart' }
    expect(read([start, paused, restart], '03-03T08:30')).toMatchObject({
      state: 'running',
      elapsedMs: 0.5 * hour,
      resets: 1,
    })
  })

  it('counts working days by the day, and days of the calendar by the hour', () => {
    const reading = (unit: PromisedTime['unit']) =>
      read([{ ...start, at: at('03-04T11:30') }], '03-06T09:00', promise({ amount: 2, unit }))
    expect(reading('workingDays')).toMatchObject({ dueAt: at('03-09T11:30'), elapsedMs: 4.5 * hour })
    expect(reading('days')).toMatchObject({
      dueAt: at('03-06T11:30'),
      elapsedMs: 45.5 * hour,
      remainingMs: 2.5 * hour,
    })
  })

  it('is never due nor late where nothing is promised, and tells working time all the same', () => {
    for (const standard of [promise(null), { time: null }])
      expect(read([start], '03-03T09:00', standard)).toMatchObject({
        elapsedMs: 7 * hour,
        dueAt: null,
        remainingMs: null,
        isLate: false,
      })
  })
})

it("reads an order's events: acceptance starts it, the agency's steps act on it, a final state ends it", () => {
  const event = (minutes: number, type: string, content: Record<string, unknown> = {}) => ({
    at: start.at + minutes * minute,
    type: `submission.${type}`,
    content,
  })
  const events = [
    event(0, 'queued', { state: 'queued' }),
    event(1, 'sending', { state: 'sending' }),
    event(2, 'accepted', { state: 'accepted', agencyState: '10' }),
    event(10, 'step', { state: 'accepted', agencyState: '41', clock: 'pause' }),
    event(20, 'unlisted', { state: 'accepted', agencyState: '58' }),
    event(30, 'step', { state: 'accepted', agencyState: '42', clock: 'resume' }),
  ]
  expect(readClock(clockSteps(events), twoHours, calendar, start.at + 40 * minute)).toMatchObject({
    state: 'running',
    elapsedMs: 20 * minute,
    pauses: [{ reason: '41' }],
  })
  const silent = event(50, 'confirmed', {
    state: 'confirmed',
    agencyState: '57',
    clock: 'approved-by-silence',
  })
  expect(readClock(clockSteps([...events, silent]), twoHours, calendar, silent.at)).toMatchObject({
    state: 'approved-by-silence',
    finishedAt: silent.at,
  })
  for (const type of ['confirmed', 'rejected', 'cancelled'])
    expect(readClock(clockSteps([...events, event(50, type)]), twoHours, calendar, silent.at)).toMatchObject({
      state: 'done',
      elapsedMs: 30 * minute,
    })
})

describe('any steps under any calendar', () => {
  const promised: fc.Arbitrary<PromisedTime> = fc.record({
    amount: fc.integer({ min: 1, max: 500 }),
    unit: fc.constantFrom(...timeUnits),
  })
  /** In no order, whole minutes after the start, some of them at the same time. */
  const later = fc.array(
    fc.record({ minutes: fc.integer({ min: 0, max: 3_000 }), act: fc.constantFrom('start', ...clockActs) }),
    { maxLength: 12 },
  )
  const scene = fc
    .record({ settings: anyCalendar, start: probe, later, promised })
    .map(({ settings, start, later, promised }) => {
      const from = start(settings.timeZone)
      const steps: readonly ClockStep[] = [
        { at: from, act: 'start' },
        ...later.map(({ minutes, act }) => ({ at: from + minutes * minute, act })),
      ]
      return { settings, steps, standard: promise(promised), now: from + 3_001 * minute }
    })

  it('count what somebody counts who looks at the clock every minute', () => {
    fc.assert(
      fc.property(scene, ({ settings, steps, now }) => {
        const reading = readClock(steps, { time: null }, createCalendar(settings), now)!
        expect(reading.elapsedMs).toBe(naively(settings, steps, now).elapsedMs)
        expect(reading.state).toBe(naively(settings, steps, now).state)
      }),
      { numRuns: 60 },
    )
  })

  it('say the same in any order, and when they are told twice', () => {
    fc.assert(
      fc.property(scene, fc.integer(), ({ settings, steps, standard, now }, seed) => {
        // At the same instant, what came first counts first: of each instant only one step.
        const apart = steps.filter((step, index) => steps.findIndex(other => other.at === step.at) === index)
        const calendar = createCalendar(settings)
        const reading = readClock(apart, standard, calendar, now)
        const turned = apart.toSorted((one, other) => ((one.at ^ seed) >>> 0) - ((other.at ^ seed) >>> 0))
        expect(readClock(turned, standard, calendar, now)).toEqual(reading)
        const doubled = apart.flatMap(step => [step, step])
        expect(readClock(doubled, standard, calendar, now)).toEqual(reading)
      }),
    )
  })

  it('are at zero with each reset', () => {
    fc.assert(
      fc.property(scene, ({ settings, steps, standard, now }) => {
        const open = steps.filter(({ act }) => act !== 'done' && act !== 'approved-by-silence')
        const reset: ClockStep = { at: now, act: 'reset' }
        const reading = readClock([...open, reset], standard, createCalendar(settings), now + hour)
        expect(reading).toMatchObject({ state: 'paused', elapsedMs: 0, dueAt: null, isLate: false })
      }),
    )
  })

  it('have used up the promise when they are due, and are late from then on', () => {
    fc.assert(
      fc.property(scene, ({ settings, steps, standard, now }) => {
        const calendar = createCalendar(settings)
        const reading = readClock(steps, standard, calendar, now)!
        if (reading.state !== 'running') {
          if (reading.state === 'paused') expect(reading.dueAt).toBeNull()
          return
        }
        const dueAt = reading.dueAt!
        expect(reading.isLate).toBe(now > dueAt)
        if (dueAt < now) return
        const then = readClock(steps, standard, calendar, dueAt)!
        expect(then).toMatchObject({ dueAt, remainingMs: 0, isLate: false })
        expect(readClock(steps, standard, calendar, dueAt + minute)).toMatchObject({ dueAt, isLate: true })
        const { amount, unit } = standard.time.promised!
        if (unit === 'workingMinutes') expect(then.elapsedMs).toBe(amount * minute)
        if (unit === 'days') expect(then.elapsedMs).toBe(amount * 24 * hour)
        expect(reading.remainingMs).toBe(unit === 'days' ? dueAt - now : calendar.workingMs(now, dueAt))
      }),
    )
  })
})

/** Whole minutes. */
function naively(settings: CalendarSettings, steps: readonly ClockStep[], now: number) {
  const { isOpen } = naiveCalendar(settings)
  const sorted = steps.toSorted((one, other) => one.at - other.at)
  let state = 'not begun'
  let elapsedMs = 0
  for (let at = sorted[0]!.at; at < now; at += minute) {
    for (const { act } of sorted.filter(step => step.at === at)) {
      const before = state
      if (act === 'start' && before === 'not begun') state = 'running'
      if (act === 'pause' && before === 'running') state = 'paused'
      if (act === 'resume' && before === 'paused') state = 'running'
      if (act === 'reset' && ['running', 'paused'].includes(before)) {
        state = 'reset'
        elapsedMs = 0
      }
      if (act === 'restart' && ['reset', 'paused'].includes(before)) {
        state = 'running'
        elapsedMs = 0
      }
      if (
        (act === 'done' || act === 'approved-by-silence') &&
        ['running', 'paused', 'reset'].includes(before)
      )
        state = act
    }
    if (state === 'running' && isOpen(at)) elapsedMs += minute
  }
  return { elapsedMs, state: state === 'reset' ? 'paused' : state }
}
