import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createJoin, type Joined } from './join.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** One caller of a random schedule. Arrivals, ends and deadlines never fall on the same millisecond. */
const caller = fc.record({
  key: fc.constantFrom('a', 'b'),
  arrivesAt: fc.nat(30).map(n => 4 * n),
  takesMs: fc.nat(15).map(n => 4 * n + 1),
  remainingMs: fc.nat(15).map(n => 4 * n + 2),
  fails: fc.boolean(),
})

interface Question {
  readonly key: string
  readonly startedAt: number
  readonly endsAt: number
  readonly fails: boolean
}

interface Ending {
  readonly at: number
  readonly result: Joined<Question> | Question
}

test('over any schedule: asked once while in flight, everybody present hears the same, nobody waits too long', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(caller, { maxLength: 12 }), async callers => {
      const began = Date.now()
      const now = () => Date.now() - began
      const join = createJoin<Question>()
      const questions: Question[] = []
      const endings = new Map<number, Ending>()

      callers.forEach((each, index) => {
        async function start() {
          // As the pipeline does: the question keeps the deadline of the caller who began it.
          const takesMs = Math.min(each.takesMs, each.remainingMs - 1)
          const question = { key: each.key, startedAt: now(), endsAt: now() + takesMs, fails: each.fails }
          questions.push(question)
          await new Promise(resolve => globalThis.setTimeout(resolve, takesMs))
          if (each.fails) throw question
          return question
        }
        globalThis.setTimeout(() => {
          join(each.key, start, each.remainingMs).then(
            result => endings.set(index, { at: now(), result }),
            (result: Question) => endings.set(index, { at: now(), result }),
          )
        }, each.arrivesAt)
      })
      await vi.advanceTimersByTimeAsync(300)

      callers.forEach(({ key, arrivesAt, remainingMs }, index) => {
        const ending = endings.get(index)!
        const deadline = arrivesAt + remainingMs
        const present = questions.filter(
          each => each.key === key && each.startedAt <= arrivesAt && arrivesAt < each.endsAt,
        )
        expect(present, 'one question in flight for each key').toHaveLength(1)
        const question = present[0]!
        if (question.endsAt > deadline) {
          expect(ending).toEqual({ at: deadline, result: { timedOut: true } })
        } else if (question.fails) {
          expect(ending.at).toBe(question.endsAt)
          expect(ending.result).toBe(question)
        } else {
          expect(ending).toMatchObject({ at: question.endsAt, result: { timedOut: false } })
          expect('value' in ending.result && ending.result.value).toBe(question)
        }
      })
      const leaders = [...endings.values()].filter(({ result }) => 'joined' in result && !result.joined)
      expect(leaders).toHaveLength(questions.filter(({ fails }) => !fails).length)
    }),
    { numRuns: 200 },
  )
})

test('a follower that leaves does not stop the question, nor the others', async () => {
  const join = createJoin<string>()
  const leader = join('key', () => setTimeout(100, 'answer'), 1_000)
  const impatient = join('key', () => Promise.reject(new Error('asked twice')), 10)
  const patient = join('key', () => Promise.reject(new Error('asked twice')), 1_000)

  await vi.advanceTimersByTimeAsync(10)
  expect(await impatient).toEqual({ timedOut: true })
  await vi.advanceTimersByTimeAsync(90)
  expect(await leader).toEqual({ timedOut: false, value: 'answer', joined: false })
  expect(await patient).toEqual({ timedOut: false, value: 'answer', joined: true })
  expect(vi.getTimerCount()).toBe(0)
})

test('a failure is not kept: whoever hears it may ask again at once', async () => {
  const join = createJoin<string>()
  const broken = () => setTimeout(5).then(() => Promise.reject(new Error('down')))
  const leader = join('key', broken, 1_000)
  const again = join('key', broken, 1_000).catch(() => join('key', async () => 'answer', 1_000))

  const failed = expect(leader).rejects.toThrow('down')
  await vi.advanceTimersByTimeAsync(5)
  await failed
  expect(await again).toEqual({ timedOut: false, value: 'answer', joined: false })
})

test('a start that throws before it returns a promise leaves nothing behind', async () => {
  const join = createJoin<string>()
  await expect(
    join(
      'key',
      () => {
        throw new Error('at once')
      },
      1_000,
    ),
  ).rejects.toThrow('at once')
  expect(await join('key', async () => 'answer', 1_000)).toMatchObject({ value: 'answer', joined: false })
})
