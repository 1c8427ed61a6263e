/** The clock of the service standard: how much of the promised time an order has used, and when it is due. */
import { type ClockAct, finalStates } from '#contracts/submission.ts'
import type { EventContent } from '#gateway/delivery/events.ts'
import type { SubmissionEvent } from '#gateway/store/submissions.ts'
import type { Calendar } from './calendar.ts'
import type { PromisedTime, Standard } from './service.ts'

export interface ClockStep {
  /** Epoch milliseconds. */
  readonly at: number
  readonly act: 'start' | ClockAct
  /** Why it stands still: a code, nothing personal. */
  readonly reason?: string | undefined
}

export const clockStates = ['running', 'paused', 'done', 'approved-by-silence'] as const
export type ClockState = (typeof clockStates)[number]

export interface Pause {
  readonly from: number
  /** Null: it lasts. */
  readonly until: number | null
  readonly reason: string | null
}

/** Instants are epoch milliseconds. What counts is working time, or all time where days of the calendar are promised. */
export interface ClockReading {
  readonly state: ClockState
  readonly startedAt: number
  /** What has counted while it ran, since it was last reset. */
  readonly elapsedMs: number
  /** When the promised time is used up, if it runs on. Null while it stands still, and when no time is promised. */
  readonly dueAt: number | null
  /** What counts from now (or its end) until it is due, as if it ran; below zero what it ran too long. Null: nothing promised. */
  readonly remainingMs: number | null
  readonly isLate: boolean
  readonly finishedAt: number | null
  readonly pauses: readonly Pause[]
  readonly resets: number
}

/** The steps that an order's events tell of: its acceptance starts the clock, its end ends it. */
export const clockSteps = (
  events: readonly Pick<SubmissionEvent, 'at' | 'type' | 'content'>[],
): readonly ClockStep[] =>
  events.flatMap(({ at, type, content }): ClockStep[] => {
    const { clock, agencyState, reason } = content as Partial<EventContent>
    return [
      ...(type === 'submission.queued' ? [{ at, act: 'start' } as const] : []),
      ...(clock ? [{ at, act: clock, reason: agencyState ?? reason }] : []),
      ...(finalTypes.has(type) ? [{ at, act: 'done' } as const] : []),
    ]
  })

const finalTypes: ReadonlySet<string> = new Set(finalStates.map(state => `submission.${state}`))

/** Undefined before it has started. Steps may come in any order; one that is repeated or cannot be changes nothing. */
export function readClock(
  steps: readonly ClockStep[],
  { time }: Pick<Standard, 'time'>,
  calendar: Calendar,
  now: number,
): ClockReading | undefined {
  const { phases, ending } = replay(steps)
  const last = phases.at(-1)
  if (!last) return undefined
  const end = ending?.at ?? Math.max(now, last.from) // another gateway's clock may be ahead
  const spans = phases.map((phase, index) => ({ ...phase, until: phases[index + 1]?.from ?? end }))
  const runs = spans.slice(spans.findLastIndex(({ isZero }) => isZero)).filter(({ runs }) => runs)
  const isStanding = !ending && !last.runs
  const promised = time?.promised ?? null
  const measure = measureOf(promised, calendar)
  return {
    state: ending?.state ?? (isStanding ? 'paused' : 'running'),
    startedAt: phases[0]!.from,
    elapsedMs: total(runs, measure.counted),
    ...(promised ? dueOf(runs, last.runs, end, measure) : { dueAt: null, remainingMs: null, isLate: false }),
    finishedAt: ending?.at ?? null,
    pauses: spans
      .filter(({ runs }) => !runs)
      .map(({ from, until, reason }) => ({
        from,
        until: isStanding && from === last.from ? null : until,
        reason,
      })),
    resets: phases.filter(({ isZero }) => isZero).length - 1,
  }
}

interface Span {
  readonly from: number
  readonly until: number
}

/** From an instant to the next phase. */
interface Phase {
  readonly from: number
  readonly runs: boolean
  /** What ran before does not count. */
  readonly isZero: boolean
  /** Only `restart` lets it run again. */
  readonly awaitsRestart: boolean
  readonly reason: string | null
}

interface Replay {
  readonly phases: readonly Phase[]
  readonly ending?: {
    readonly at: number
    readonly state: Extract<ClockState, 'done' | 'approved-by-silence'>
  }
}

const replay = (steps: readonly ClockStep[]): Replay =>
  steps.toSorted((one, other) => one.at - other.at).reduce(follow, { phases: [] })

function follow(replay: Replay, { at, act, reason }: ClockStep): Replay {
  const { phases, ending } = replay
  const now = phases.at(-1)
  if (ending || (now === undefined) !== (act === 'start')) return replay
  if (act === 'done' || act === 'approved-by-silence') return { phases, ending: { at, state: act } }
  const next = phaseAfter(now, act)
  return next ? { phases: [...phases, { from: at, reason: reason ?? null, ...next }] } : replay
}

const running = { runs: true, isZero: false, awaitsRestart: false }
const standing = { runs: false, isZero: false, awaitsRestart: false }

/** Undefined: there is none, and nothing changes. */
function phaseAfter(
  now: Phase | undefined,
  act: Exclude<ClockStep['act'], 'done' | 'approved-by-silence'>,
): Omit<Phase, 'from' | 'reason'> | undefined {
  switch (act) {
    case 'start':
      return { ...running, isZero: true }
    case 'pause':
      return now!.runs ? standing : undefined
    case 'resume':
      return now!.runs || now!.awaitsRestart ? undefined : running
    case 'reset':
      return now!.awaitsRestart ? undefined : { ...standing, isZero: true, awaitsRestart: true }
    case 'restart': // the reset before it may have gone unseen
      return now!.runs ? undefined : { ...running, isZero: !now!.awaitsRestart }
  }
}

/** How a promise is counted: `used` and `after` in its own unit. */
interface Measure {
  readonly promised: number
  /** In milliseconds. */
  counted(from: number, until: number): number
  used(from: number, until: number): number
  after(from: number, amount: number): number
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A day of the calendar is 24 hours; a working day is used up as its opening hours pass, however many they are. */
function measureOf(promised: PromisedTime | null, calendar: Calendar): Measure {
  const { workingMs, workingDays, afterWorkingMs, afterWorkingDays } = calendar
  const amount = promised?.amount ?? 0
  const passed = (from: number, until: number): number => Math.max(0, until - from)
  switch (promised?.unit) {
    case 'days':
      return { promised: amount * dayMs, counted: passed, used: passed, after: (from, ms) => from + ms }
    case 'workingDays':
      return { promised: amount, counted: workingMs, used: workingDays, after: afterWorkingDays }
    default:
      return { promised: amount * minuteMs, counted: workingMs, used: workingMs, after: afterWorkingMs }
  }
}

/** `isRunning`: up to the end. */
function dueOf(
  runs: readonly Span[],
  isRunning: boolean,
  end: number,
  { promised, counted, used, after }: Measure,
): Pick<ClockReading, 'dueAt' | 'remainingMs' | 'isLate'> {
  let left = promised
  for (const [index, { from, until }] of runs.entries()) {
    const dueAt = after(from, left)
    const isLast = index === runs.length - 1
    if (dueAt <= until || (isLast && isRunning)) {
      const tooLong = [{ from: dueAt, until }, ...runs.slice(index + 1)].filter(
        span => span.until > span.from,
      )
      return {
        dueAt: isRunning ? dueAt : null,
        remainingMs: tooLong.length > 0 ? 0 - total(tooLong, counted) : counted(end, dueAt),
        isLate: tooLong.length > 0,
      }
    }
    left -= used(from, until)
  }
  return { dueAt: null, remainingMs: counted(end, after(end, left)), isLate: false }
}

const total = (spans: readonly Span[], counted: Measure['counted']): number =>
  spans.reduce((sum, { from, until }) => sum + counted(from, until), 0)
