/** What becomes of an order after an attempt: pure, so that every case can be read and tested here. */
import type { Follow } from '#contracts/adapter.ts'
import { failures } from '#contracts/failures.ts'
import type { Progress, SubmissionState } from '#contracts/submission.ts'
import type { GatewayFailure } from '#gateway/failure.ts'
import type { Awaited, NewSubmissionEvent } from '#gateway/store/submissions.ts'
import { type EventContent, stateEvent, submissionEvent } from './events.ts'

/** Where an order goes. */
export interface Step {
  readonly state: SubmissionState
  readonly awaits: Awaited | null
  /** When a worker looks at it again; null: none does. */
  readonly dueInMs: number | null
  readonly events: readonly NewSubmissionEvent[]
}

type Pace = Pick<Follow, 'settleSeconds' | 'everySeconds'> | undefined

/** How soon an uncertain order is asked about at the latest: most answers are only late. */
const askAgainMs = 5_000

const final = { awaits: null, dueInMs: null } as const

/** The agency has the order, or has ended it. `lastStep` is the last word of the agency's that was noted. */
export function stepOfProgress(
  { state: reported, agencyState, clock }: Progress,
  before: SubmissionState,
  lastStep: string | undefined,
  follow: Pace,
  at: number,
): Step {
  const said: Omit<EventContent, 'state'> = { agencyState, clock }
  const isNewStep = agencyState !== undefined && agencyState !== lastStep
  /** From the first byte on, nobody knows better until the agency says so. */
  const held = before === 'sending' ? 'uncertain' : before
  switch (reported) {
    case 'confirmed':
    case 'rejected':
      return { state: reported, ...final, events: [stateEvent(at, { state: reported, ...said })] }
    case 'accepted': {
      const events =
        before !== 'accepted'
          ? [stateEvent(at, { state: 'accepted', ...said })]
          : isNewStep
            ? [submissionEvent('submission.step', at, { state: 'accepted', ...said })]
            : []
      return { state: 'accepted', ...followed(follow), events }
    }
    case 'unlisted':
    case 'absent': {
      // Of an accepted order, "not known here" is as odd as a word that no table has: it keeps its state.
      const word = reported === 'absent' ? 'absent' : (agencyState ?? 'unlisted')
      const events = [
        ...(held === before ? [] : [stateEvent(at, { state: held })]),
        ...(word === lastStep
          ? []
          : [submissionEvent('submission.unlisted', at, { state: held, agencyState: word })]),
      ]
      // What the agency of an uncertain order says is beyond the tables: a person reads it.
      return { state: held, ...(held === 'accepted' ? followed(follow) : asked(undefined)), events }
    }
  }
}

/** An accepted order goes on by itself where it can be followed; else a person says how it ended. */
export const followed = (follow: Pace): Pick<Step, 'awaits' | 'dueInMs'> =>
  follow
    ? { awaits: 'agency', dueInMs: Math.ceil(follow.everySeconds * 1_000) }
    : { awaits: 'officer', dueInMs: null }

/** An uncertain one is asked about where it can be; else a person finds out. */
export const asked = (follow: Pace): Pick<Step, 'awaits' | 'dueInMs'> =>
  follow
    ? { awaits: 'gateway', dueInMs: Math.min(askAgainMs, Math.ceil(follow.settleSeconds * 1_000)) }
    : { awaits: 'officer', dueInMs: null }

/** Nothing can have happened at the agency: nothing was sent, or it refused us before it read what we want. */
const isHarmless = ({ code, sent }: GatewayFailure): boolean =>
  sent === 'no' || code === 'UPSTREAM_QUOTA_SPENT' || code === 'UPSTREAM_MISCONFIGURED'

/** After an attempt that was begun and brought no progress. */
export function stepOfFailure(failure: GatewayFailure, follow: Pace, retryInMs: number, at: number): Step {
  const { code, sent, facts } = failure
  const said = { code, sent, upstreamCode: facts.upstreamCode }
  if (failures[code].meaning === 'answered')
    return { state: 'rejected', ...final, events: [stateEvent(at, { state: 'rejected', ...said })] }
  if (isHarmless(failure))
    return {
      state: 'queued',
      awaits: 'gateway',
      dueInMs: retryInMs,
      events: [submissionEvent('submission.attempt-failed', at, { state: 'queued', ...said })],
    }
  return {
    state: 'uncertain',
    ...asked(follow),
    events: [stateEvent(at, { state: 'uncertain', ...said })],
  }
}

/** It was tried, and nothing happened; it cannot go on without an operator. */
export const stepOfDeath = (at: number, reason: string): Step => ({
  state: 'dead',
  awaits: 'operator',
  dueInMs: null,
  events: [stateEvent(at, { state: 'dead', reason })],
})

/** Not known at the agency, and late enough that it will not turn up: it did not happen, and may be sent. */
export const stepOfAbsence = (at: number): Step => ({
  state: 'queued',
  awaits: 'gateway',
  dueInMs: 0,
  events: [stateEvent(at, { state: 'queued', reason: 'ABSENT' })],
})

const shortestMs = 5_000
const longestMs = 10 * 60_000
/** An agency may ask for patience, but not for ever. */
const mostPatienceSeconds = 60 * 60

/** Exponential, with full jitter above half, never sooner than the agency asks for, within an hour. */
export function backoffMs(
  attempts: number,
  retryAfter: number | null | undefined,
  random = Math.random(),
): number {
  const ceiling = Math.min(longestMs, shortestMs * 2 ** Math.min(attempts, 10))
  return Math.ceil(
    Math.max(Math.min(retryAfter ?? 0, mostPatienceSeconds) * 1_000, ceiling / 2 + (ceiling / 2) * random),
  )
}
