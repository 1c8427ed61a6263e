/** A question about nobody, asked the way every question goes: it shows whether the agency knows us, and answers. */
import type { Operation } from '#contracts/adapter.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { GatewayFailure, textIn } from '#gateway/failure.ts'
import { createUpstream, type Upstream, type UpstreamSettings } from '#gateway/upstream/upstream.ts'
import type { Step } from './step.ts'

/**
 * `authentication`, then a step for each capability that declares a question about nobody. An agency that refuses us is
 * asked once only: further attempts may lock the account.
 */
export async function* ask(settings: UpstreamSettings): AsyncGenerator<Step> {
  const upstream = createUpstream(settings)
  try {
    const [first, ...others] = [...upstream.operations.values()].filter(
      ({ specification }) => specification.probe !== undefined,
    )
    if (!first) {
      const detail = 'the adapter declares no question about nobody'
      yield { name: 'authentication', state: 'not tried', detail }
      yield { name: 'question', state: 'not tried', detail }
      return
    }
    const { failure, ms } = await put(upstream, first)
    const authentication = authenticationBy(failure, settings.id)
    if (authentication.state === 'failed') {
      yield { name: 'authentication', ms, ...authentication }
      for (const operation of [first, ...others])
        yield { name: nameOf(operation), state: 'not tried', detail: 'authentication failed' }
      return
    }
    yield { name: 'authentication', ...authentication }
    yield { name: nameOf(first), ms, ...answerBy(failure, settings) }
    for (const operation of others) {
      const { failure, ms } = await put(upstream, operation)
      yield { name: nameOf(operation), ms, ...answerBy(failure, settings) }
    }
  } finally {
    await upstream.close()
  }
}

const nameOf = ({ capability }: Operation): string => `question ${capability.id}`

/** Puts the question, and keeps what came instead of an answer. */
async function put(
  upstream: Upstream,
  { capability, specification }: Operation,
): Promise<{ readonly failure: GatewayFailure | undefined; readonly ms: number }> {
  const startedAt = performance.now()
  const elapsed = (): number => performance.now() - startedAt
  const input = capability.input.safeParse(specification.probe)
  const failure = input.success
    ? await upstream
        .ask(capability, input.data, () => upstream.policy.deadlineMs - elapsed())
        .then(() => undefined, failureIn)
    : new GatewayFailure('INPUT_INVALID', { detail: 'the probe does not fit the capability' })
  return { failure, ms: elapsed() }
}

function failureIn(error: unknown): GatewayFailure {
  if (error instanceof GatewayFailure) return error
  throw error
}

type Told = Pick<Step, 'state' | 'detail' | 'next'>

/** What the end of a question says of our access. A fault says nothing: it may lie before the agency's check, or after it. */
function authenticationBy(failure: GatewayFailure | undefined, upstream: string): Told {
  if (failure?.code === 'UPSTREAM_MISCONFIGURED')
    return {
      state: 'failed',
      detail: `the agency refuses our access: ${saidBy(failure)}`,
      next: access(upstream),
    }
  if (!failure || failures[failure.code].meaning === 'answered' || failure.code === 'UPSTREAM_QUOTA_SPENT')
    return { state: 'ok', detail: 'the agency knows us' }
  return { state: 'not tried', detail: 'cannot be told: the question below got no usable answer' }
}

function answerBy(failure: GatewayFailure | undefined, { id, policy }: UpstreamSettings): Told {
  if (!failure) return { state: 'ok', detail: 'answered' }
  if (failures[failure.code].meaning === 'answered')
    return { state: 'ok', detail: `answered: ${saidBy(failure)}` }
  const next = nextBy[failure.code]?.(id, policy.deadlineMs) ?? 'try again; then show this line to the agency'
  return { state: 'failed', detail: saidBy(failure), next }
}

/** The house's code, the agency's own, and why: operators may see all three. */
function saidBy({ code, facts }: GatewayFailure): string {
  const { upstreamCode } = facts
  const detail = textIn(facts.detail ?? '', 'en')
  return [
    detail.startsWith(code) ? detail : code, // what the transport says begins with the code
    ...(upstreamCode === undefined ? [] : [`agency's code ${upstreamCode}`]),
    ...(detail === '' || detail.startsWith(code) ? [] : [detail]),
  ].join('; ')
}

const access = (upstream: string): string =>
  `check the credentials in upstreams.${upstream}.config, and ask the agency whether our access is active and the address that this machine calls from is registered`

const nextBy: Partial<Record<FailureCode, (upstream: string, deadlineMs: number) => string>> = {
  INPUT_INVALID: () => "nothing was sent: mend the operation's probe in the adapter",
  UPSTREAM_MISCONFIGURED: access,
  HELD: access, // by the refusal of the question before
  UPSTREAM_QUOTA_SPENT: () => 'our access works; ask again when the day has turned, or have the quota raised',
  UPSTREAM_BUSY: () => 'try again later',
  UPSTREAM_UNAVAILABLE: () => 'the agency, or a proxy before it, has a fault: try again, then tell them',
  UPSTREAM_TIMEOUT: (upstream, deadlineMs) =>
    `the connection works, and no answer came within ${deadlineMs} ms: tell the agency, or raise upstreams.${upstream}.policy.deadlineMs`,
  UPSTREAM_UNREADABLE: upstream =>
    `something else answers here: check baseUrl with its path, and the paths in upstreams.${upstream}.config`,
  UPSTREAM_INVALID: upstream =>
    `check baseUrl with its path and the names in upstreams.${upstream}.config; if they are right, the agency's contract has changed: see the README of its adapter`,
}
