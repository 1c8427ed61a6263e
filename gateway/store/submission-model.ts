import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { submissionStates, type SubmissionState } from '#contracts/submission.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createMemorySubmissions } from '#gateway/testing/memory-submissions.ts'
import { StoreRefused } from './store.ts'
import type { TimedPlace } from './submission-suite.ts'
import type { SubmissionRow, SubmissionStore } from './submissions.ts'
import { testSealed } from './test-entry.ts'
import { plenty, testAttachment, testEvent, testKey, testOrder } from './test-order.ts'

const minute = 60_000
const newest = Number.MAX_SAFE_INTEGER
const states = Object.keys(submissionStates) as SubmissionState[]
const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const papers = ['att_0', 'att_1', 'att_2']

const few = <Item>(items: readonly Item[]) => fc.subarray([...items])
const id = fc.integer({ min: 0, max: 5 }).map(number => `order ${number}`)
const member = fc.constantFrom('polres', 'dukcapil')
const subject = fc.constantFrom('one', 'two', 'three')
const dueInMs = fc.constantFrom(null, 0, 0, minute)
const awaits = fc.constantFrom(null, 'gateway', 'agency', 'officer' as const)

const act = fc.oneof(
  fc.record({
    act: fc.constant('accept' as const),
    id,
    member,
    key: fc.constantFrom(...keys),
    orderKey: fc.constantFrom(null, 'permit', 'permit', 'other'),
    upstream: fc.constantFrom('polri', 'polri', 'oss'),
    subjects: few(['one', 'two', 'three']),
    attachments: fc.oneof(fc.constant([]), few(papers)),
    dueInMs,
  }),
  fc.record({
    act: fc.constant('move' as const),
    id,
    behind: fc.constantFrom(0, 0, 0, 0, 1),
    change: fc.record(
      {
        state: fc.constantFrom(...states),
        awaits,
        dueInMs,
        attempts: fc.nat(9),
        takenBy: fc.constantFrom(null, 'officer 1'),
        sealed: fc.constantFrom('k1', 'k2').map(key => testSealed(key, 'changed')),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ act: fc.constant('take' as const), upstreams: few(['polri', 'oss']) }),
  fc.record({ act: fc.constant('take lapsed' as const), upstream: fc.constantFrom('polri', 'oss') }),
  fc.record({
    act: fc.constant('pass' as const),
    ms: fc.constantFrom(minute / 2, minute, 3 * minute, 60 * minute),
  }),
  fc.record({ act: fc.constant('wake' as const), subjects: few(['one', 'two', 'three']) }),
  fc.record({ act: fc.constant('erase' as const), subject }),
  fc.record({ act: fc.constant('keep attachment' as const), id: fc.constantFrom(...papers), member }),
  fc.record({ act: fc.constantFrom('destroy', 'destroy unused', 'forget' as const) }),
)
type Act = typeof act extends fc.Arbitrary<infer Acted> ? Acted : never

/** A store does whatever it is asked as the memory store does, which is simple enough to be right. */
export function describeLikeModel(name: string, newPlace: () => Promise<TimedPlace>): void {
  describe(`${name}: orders`, () => {
    it('are kept like in the model, whatever is done', { timeout: 120_000 }, () =>
      fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 20, maxLength: 60, size: 'max' }), async acts => {
          const place = await newPlace()
          const store = await place.open()
          const clock = createClock()
          const model = createMemorySubmissions(clock.now)
          try {
            for (const [number, done] of acts.entries()) {
              if (done.act === 'pass') {
                clock.leap(done.ms)
                await place.passTime(done.ms)
              }
              expect(await resultOf(store, done, number)).toEqual(await resultOf(model, done, number))
            }
            expect(await contentOf(store)).toEqual(await contentOf(model))
          } finally {
            await store.close()
          }
        }),
        { numRuns: 20 },
      ),
    )
  })
}

async function resultOf(store: SubmissionStore, done: Act, number: number): Promise<unknown> {
  const event = (state: SubmissionState) => ({ ...testEvent(state), id: `event ${number}`, at: number })
  try {
    switch (done.act) {
      case 'accept': {
        const { act: _act, key, ...order } = done
        const kept = testKey({ key, fingerprint: String(number), lastsMs: 2 * minute })
        return await store.acceptSubmission(testOrder(order), kept, event('queued'))
      }
      case 'move': {
        const revision = ((await store.findSubmission(done.id))?.revision ?? 1) - done.behind
        const moved = await store.moveSubmission(done.id, revision, done.change, [event('dead')])
        return moved && comparable(moved)
      }
      case 'take': {
        const taken = await store.takeSubmissions(done.upstreams, 100, 2 * minute)
        return taken.toSorted((one, other) => one.sequence - other.sequence).map(comparable)
      }
      case 'take lapsed': {
        const taken = await store.takeLapsedSubmissions(done.upstream, 100, 2 * minute)
        return taken.toSorted((one, other) => one.sequence - other.sequence).map(comparable)
      }
      case 'wake':
        return await store.wakeSubmissions('polri', done.subjects)
      case 'erase':
        return await store.eraseSubmissions(done.subject)
      case 'keep attachment':
        return await store.keepAttachment(testAttachment({ id: done.id, member: done.member }), plenty)
      case 'destroy':
        return await store.destroySubmissions(minute, 100)
      case 'destroy unused':
        return await store.destroyUnusedAttachments(minute, 100)
      case 'forget':
        return await store.forgetSubmissionTraces(number - 30, 100)
      case 'pass':
        return undefined
    }
  } catch (error) {
    if (error instanceof StoreRefused) return 'refused'
    throw error
  }
}

/** Everything but instants and numbers, which are each store's own. */
async function contentOf(store: SubmissionStore): Promise<unknown> {
  const rows = await store.listSubmissions({}, newest, 100)
  const attachments = await Promise.all(['polres', 'dukcapil'].map(of => store.findAttachments(of, papers)))
  const counts = await store.countSubmissions()
  return {
    rows: rows.map(comparable),
    counts: counts.map(({ upstream, state, count }) => [upstream, state, count].join()).toSorted(),
    attachments: attachments
      .flat()
      .map(attachment => `${attachment.id} ${attachment.member}`)
      .toSorted(),
    events: (await store.readEvents(0, 1_000)).map(({ position: _position, ...event }) => event),
    keys: await Promise.all(keys.map(key => store.findIdempotencyKey(key))),
    sealingKeys: (await store.sealedSubmissionKeyIds()).toSorted(),
  }
}

const comparable = ({ sequence: _sequence, since: _since, dueAt, sealed, ...row }: SubmissionRow) => ({
  ...row,
  isDue: dueAt !== null,
  sealed: sealed && Buffer.from(sealed).toString(),
})
