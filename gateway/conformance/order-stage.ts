/** The way of an order to one agency, and of the question what became of it. */
import type { Adapter, Policy } from '#contracts/adapter.ts'
import { failures } from '#contracts/failures.ts'
import type { Progress, Submission } from '#contracts/submission.ts'
import { stepOfFailure, stepOfProgress } from '#gateway/delivery/outcome.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Attempt, createUpstream } from '#gateway/upstream/upstream.ts'
import type { Exchange, OrderFixture } from './fixtures.ts'
import { orderOf } from './operation-of.ts'
import type { Outcome, Stage } from './stage.ts'

/** An order's exchange as a question's: its progress is the data, and what the log says of it the evidence. */
export function openOrderStage(
  adapter: Adapter,
  exchange: Exchange & { readonly order: OrderFixture },
  baseUrl: string,
  changes: Partial<Policy>,
): Stage {
  const { config, order, at = Date.now(), input: usualInput } = exchange
  const submission = exchange.capability as unknown as Submission
  const policy = { ...adapter.policy, ...changes }
  const settings = { id: adapter.id, adapter, baseUrl, config, policy, timeZone: 'Asia/Jakarta' }
  let attempt: Attempt | undefined
  const open = () => createUpstream(settings, { now: () => at, onAttempt: ended => void (attempt = ended) })
  let upstream = open()

  function attemptIt(input: Exchange['input']): Promise<Progress> {
    const whole = orderOf(submission, order, input)
    const endsAt = performance.now() + policy.deadlineMs
    const remaining = (): number => endsAt - performance.now()
    if (order.ask === 'status') return upstream.follow(submission, whole, remaining)
    return upstream.deliver(submission, whole, remaining, () => Promise.resolve())
  }

  return {
    async ask(input = usualInput): Promise<Outcome> {
      if (upstream.health().heldSince !== undefined) {
        await upstream.close()
        upstream = open()
      }
      const follow = upstream.operations.get(submission.id)!.follow
      try {
        const progress = await attemptIt(input)
        const before = order.isAccepted ? 'accepted' : 'uncertain'
        const { events } = stepOfProgress(progress, before, undefined, follow, at)
        const warnings = attempt?.unknownCodes.map(path => ({ code: 'CODE_UNKNOWN', path })) ?? []
        // As it is kept: without what is not there.
        const data = JSON.parse(JSON.stringify(progress)) as Progress
        return {
          status: 200,
          answer: { data, warnings, withheld: [] },
          evidence: {},
          health: upstream.health(),
          traces: { events: JSON.stringify(events) },
        }
      } catch (error) {
        if (!(error instanceof GatewayFailure)) throw error
        const { code, source, sent, message: detail, facts } = error
        const { events } = stepOfFailure(error, follow, 0, at)
        return {
          status: failures[code].status,
          answer: { code, source, sent, detail, retryAfter: facts.retryAfter ?? null },
          evidence: { upstreamCode: facts.upstreamCode },
          health: upstream.health(),
          traces: { events: JSON.stringify(events) },
        }
      }
    },
    [Symbol.asyncDispose]: () => upstream.close(),
  }
}
