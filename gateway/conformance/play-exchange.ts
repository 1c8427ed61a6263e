/** One exchange through the real pipeline: a counter's request, a whole gateway, and an agency played by nock. */
import nock from 'nock'
import type { Adapter } from '#contracts/adapter.ts'
import type { Exchange, WireReply } from './fixtures.ts'
import { openStage, type Outcome, type Stage } from './stage.ts'
import { bytesOf } from './wire-body.ts'

/** A request as the agency got it. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly text: string
}

export interface Played extends Outcome {
  /** Every question that the agency, or the host that a redirect names, got. */
  readonly received: readonly Received[]
  /** Every request for a token. */
  readonly tokenRequests: readonly Received[]
}

/** Where a redirect would lead, and nobody may go. */
export const elsewhere = 'http://elsewhere.test'
const agency = 'http://agency.test'

/**
 * Asked once: what an answer means shows at once, and whether to ask again is not for the adapter to say.
 * A single fault opens the circuit, so that it shows what counts as one.
 */
const atOnce = { retries: 0, breaker: { errorPercent: 1, minimumCalls: 1, openMs: 60_000 } }
const neverOpen = { retries: 0, breaker: { errorPercent: 100, minimumCalls: 1_000_000, openMs: 60_000 } }

/** `replies`: other ones than the exchange's own, one after the other; the last one again and again. */
export async function playExchange(
  adapter: Adapter,
  exchange: Exchange,
  replies: readonly WireReply[] = [exchange.response],
): Promise<Played> {
  await using stage = openStage(adapter, exchange, agency, atOnce)
  using wire = openWire(exchange)
  return await wire.play(stage, replies)
}

export interface Player {
  /** The exchange's question, or this one, with this reply. */
  play(reply: WireReply, input?: Exchange['input']): Promise<Played>
  [Symbol.asyncDispose](): Promise<void>
}

/** Plays again and again on one stage. */
export function openPlayer(adapter: Adapter, exchange: Exchange): Player {
  const stage = openStage(adapter, exchange, agency, neverOpen)
  const wire = openWire(exchange)
  return {
    play: (reply, input) => wire.play(stage, [reply], input),
    async [Symbol.asyncDispose]() {
      wire[Symbol.dispose]()
      await stage[Symbol.asyncDispose]()
    },
  }
}

/** Answers every request, whatever it is, and remembers them all. */
function openWire({ authentication }: Exchange) {
  let replies: readonly WireReply[] = []
  let received: Received[] = []
  let tokenRequests: Received[] = []
  let reply: WireReply
  for (const host of [agency, elsewhere]) {
    const scope = nock(host).persist()
    for (const method of ['GET', 'POST'])
      scope.intercept(/.*/, method).reply(() => {
        const headers = { 'content-type': usualType(reply), ...reply.headers }
        return [reply.status, bytesOf(reply), headers]
      })
    // Told of a request before the answer to it is asked for.
    scope.on('request', ({ method, url, headers }: Request, _: unknown, text: string) => {
      const { pathname, search } = new URL(url)
      const request = { method, path: pathname + search, headers, text }
      if (request.path === authentication?.request.path) {
        tokenRequests.push(request)
        reply = authentication.response
      } else {
        received.push(request)
        reply = replies[Math.min(received.length, replies.length) - 1]!
      }
    })
  }
  return {
    async play(stage: Stage, given: readonly WireReply[], input?: Exchange['input']): Promise<Played> {
      replies = given
      received = []
      tokenRequests = []
      return { ...(await stage.ask(input)), received, tokenRequests }
    },
    [Symbol.dispose]: () => nock.cleanAll(),
  }
}

export const usualType = ({ base64 }: WireReply): string =>
  base64 === undefined ? 'application/json' : 'application/octet-stream'
