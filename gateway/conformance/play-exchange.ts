/** One exchange through the real pipeline: a counter's request, a whole gateway, and an agency played by nock. */
import nock from 'nock'
import type { Adapter } from '#contracts/adapter.ts'
import { readExact, writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { openStage, type Outcome, type Stage } from './stage.ts'

export interface Played extends Outcome {
  /** What the agency, or the host that a redirect names, got; as fixtures write it. */
  readonly received: readonly Exchange['request'][]
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

export async function playExchange(adapter: Adapter, exchange: Exchange): Promise<Played> {
  await using stage = openStage(adapter, exchange, agency, atOnce)
  return await play(stage, exchange.response)
}

/** The exchange's question again and again on one stage, each time with another response. */
export function playResponses(adapter: Adapter, exchange: Exchange) {
  const stage = openStage(adapter, exchange, agency, neverOpen)
  return {
    play: (response: Exchange['response']) => play(stage, response),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  }
}

/** A response's body as it goes over the wire. */
export const textOf = ({ body, text = writeExact(body) }: Exchange['response']): string => text

/** Answers the first request, whatever it is, and remembers them all. */
async function play(stage: Stage, response: Exchange['response']): Promise<Played> {
  const received: Exchange['request'][] = []
  const headers = { 'content-type': 'application/json', ...response.headers }
  for (const host of [agency, elsewhere]) {
    const scope = nock(host)
    for (const method of ['GET', 'POST'])
      scope.intercept(/.*/, method).reply(response.status, textOf(response), headers)
    scope.on('request', (request: Request, _: unknown, sent: string) => {
      const { pathname, search } = new URL(request.url)
      const method = request.method as 'GET' | 'POST'
      received.push({ method, path: pathname + search, ...(sent && { body: readExact(sent) }) })
    })
  }
  try {
    return { ...(await stage.ask()), received }
  } finally {
    nock.cleanAll()
  }
}
