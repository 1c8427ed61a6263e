/** The calls of an agency to us, through the gateway's own way of receiving them. */
import { expect } from 'vitest'
import { isDeepStrictEqual } from 'node:util'
import type { Adapter, InboundOutcome } from '#contracts/adapter.ts'
import { createReceive } from '#gateway/inbound/receive.ts'
import { openNotice } from '#gateway/inbound/sealed-notice.ts'
import { createLog } from '#gateway/log.ts'
import { createPseudonyms } from '#gateway/pseudonym.ts'
import { createSealer } from '#gateway/sealing.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { noticesOf } from '#gateway/upstream/upstream.ts'
import { isTold, secretsIn, textsIn } from './check-outcome.ts'
import { type ContractFault, newsIn } from './contract-faults.ts'
import { writeExact } from './exact-json.ts'
import type { InboundExchange } from './fixtures.ts'
import { pointerOf, replaced, samplesIn } from './places.ts'
import { jsonOrText } from './wire-body.ts'

interface Call {
  readonly text: string
  /** As the upstream's `inbound.config` has it, parsed. */
  readonly config: unknown
}

interface Outcome {
  readonly answer: { readonly status: number; readonly body: unknown }
  readonly kept: readonly Record<string, unknown>[]
  readonly log: string
}

const textOf = ({ body, text = writeExact(body) }: InboundExchange): string => text

const callOf = (adapter: Adapter, exchange: InboundExchange): Call => ({
  text: textOf(exchange),
  config: adapter.inbound!.config.parse(exchange.config),
})

/** Plays an inbound exchange; throws where the adapter does not do what the fixture and the house promise. */
export async function checkInbound(adapter: Adapter, exchange: InboundExchange): Promise<void> {
  const { answer, data } = exchange.expect
  const call = callOf(adapter, exchange)
  const outcome = await receive(adapter, exchange, call)
  expect(outcome.answer, 'what the agency is answered').toEqual(answer)
  expect(outcome.kept, 'what is kept').toEqual(data ? [data] : [])
  checkSilence(call, outcome)
}

/** Whoever does not show what the configuration expects is not the agency. Returns why nothing can be checked, if so. */
export async function checkStranger(
  adapter: Adapter,
  exchange: InboundExchange,
): Promise<string | undefined> {
  const { config, text } = callOf(adapter, exchange)
  const secrets = secretsIn(config)
  if (secrets.length === 0) return 'the agency shows no credentials'
  const strange = JSON.parse(JSON.stringify(exchange.config), (_, value: unknown) =>
    secrets.includes(value as string) ? `not ${String(value)}` : value,
  ) as object
  const outcome = await receive(adapter, exchange, { text, config: adapter.inbound!.config.parse(strange) })
  expect(outcome.answer, 'what a stranger is answered').toEqual(answerOf(adapter, exchange, 'unverified'))
  expect(outcome.kept, 'what is kept of a stranger').toEqual([])
  checkSilence({ config, text }, outcome)
  return undefined
}

export const unreadableBodies = [
  { name: 'an empty call', alter: () => '' },
  { name: 'half of a call', alter: (text: string) => text.slice(0, text.length / 2) },
  { name: 'an array around the call', alter: (text: string) => `[${text}]` },
  { name: 'null for a call', alter: () => 'null' },
] as const

export async function checkUnreadable(
  adapter: Adapter,
  exchange: InboundExchange,
  alter: (text: string) => string,
): Promise<void> {
  const { config, text } = callOf(adapter, exchange)
  const outcome = await receive(adapter, exchange, { config, text: alter(text) })
  expect(outcome.answer, 'what the agency is answered').toEqual(answerOf(adapter, exchange, 'unreadable'))
  expect(outcome.kept, 'what is kept').toEqual([])
  checkSilence({ config, text }, outcome)
}

/** Does the fault to every value of a good call in turn; throws with every promise that is not kept. */
export async function checkInboundFault(
  adapter: Adapter,
  exchange: InboundExchange,
  { alter, mayShow, harmless }: ContractFault,
): Promise<void> {
  const { config, text } = callOf(adapter, exchange)
  const good = jsonOrText(text)
  // What the agency signs, it may sign as a whole.
  const mayEnd = (['unreadable', 'unverified'] as const).map(outcome => answerOf(adapter, exchange, outcome))
  const broken: string[] = []
  for (const { path, value } of samplesIn(good)) {
    for (const replacement of alter(value, path.at(-1))) {
      const altered = { config, text: writeExact(replaced(good, path, replacement)) }
      const outcome = await receive(adapter, exchange, altered)
      const how = replacement === undefined ? 'left out' : `as ${writeExact(replacement)}`
      const tell = (what: string) => broken.push(`${pointerOf(path)} ${how}: ${what}`)
      const [record] = outcome.kept
      if (record) {
        if (!isDeepStrictEqual(outcome.answer, answerOf(adapter, exchange, 'stored')))
          tell('is kept, and answered as if not')
        for (const place of newsIn(record, exchange.expect.data, mayShow))
          tell(`keeps something else at ${place}`)
      } else if (harmless) tell('is not kept')
      else if (!mayEnd.some(answer => isDeepStrictEqual(outcome.answer, answer)))
        tell(`is answered ${JSON.stringify(outcome.answer)}`)
      try {
        checkSilence(altered, outcome)
      } catch (error) {
        tell((error as Error).message)
      }
    }
  }
  if (broken.length > 0) throw new Error(`broken promises:\n  ${broken.join('\n  ')}`)
}

const operationOf = (adapter: Adapter, { notice }: InboundExchange) =>
  noticesOf(adapter).find(operation => operation.notice.id === notice)!

const answerOf = (adapter: Adapter, exchange: InboundExchange, outcome: InboundOutcome) =>
  operationOf(adapter, exchange).specification.answer(outcome)

/** One call of an agency, received by a house of its own. */
async function receive(
  adapter: Adapter,
  exchange: InboundExchange,
  { text, config }: Call,
): Promise<Outcome> {
  const key = Buffer.alloc(32, 'conformance')
  const store = createMemoryStore(key)
  const sealer = createSealer([{ id: 'test', key }])
  const log: string[] = []
  const { at = Date.now(), headers } = exchange
  const answerTo = createReceive(
    operationOf(adapter, exchange),
    {
      id: adapter.id,
      adapter,
      baseUrl: 'http://agency.test',
      config: {},
      policy: adapter.policy,
      timeZone: 'Asia/Jakarta',
    },
    { config, allowFrom: undefined },
    {
      identities: 'synthetic',
      store,
      sealer,
      pseudonyms: createPseudonyms(key),
      log: createLog({ write: line => log.push(line) }),
      metrics: { inbound() {} },
      now: () => at,
    },
  )
  const answer = await answerTo({
    address: '127.0.0.1',
    header: name => headers[name.toLowerCase()],
    body: async () => Buffer.from(text),
  })
  const rows = await store.readNotices([{ upstream: adapter.id, notice: exchange.notice }], 0, 10)
  return { answer, kept: rows.map(row => openNotice(sealer, row)), log: log.join('') }
}

function checkSilence({ text, config }: Call, { log, answer }: Outcome): void {
  const shown = `${log}${JSON.stringify(answer)}`
  expect(
    secretsIn(config).filter(value => shown.includes(value)),
    'credentials in the log or the answer',
  ).toEqual([])
  expect(
    textsIn(jsonOrText(text)).filter(value => isTold(value, shown)),
    'personal values in the log or the answer',
  ).toEqual([])
}
