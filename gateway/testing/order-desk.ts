/** An agency that takes orders, as badly as a test wants it, with its adapter: `permit.order`. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { defineAdapter, failed } from '#contracts/adapter.ts'
import { optional, personal } from '#contracts/elements.ts'
import { nik } from '#contracts/identifiers.ts'
import { defineSubmission, documents, type Progress } from '#contracts/submission.ts'

export const permitOrder = defineSubmission({
  id: 'permit.order',
  kind: 'submission',
  path: '/v1/permits',
  title: { id: 'Permohonan izin', en: 'Order of a permit' },
  description: { id: 'Memesan sebuah izin.', en: 'Orders a permit.' },
  input: z.strictObject({
    nik,
    text: z.string().min(1).max(100),
    permit: z.string().max(20).optional(),
    documents,
  }),
  output: z.object({ permitNumber: optional(personal(z.string(), 'Nomor izin', 'Permit number')) }),
  subjects: ({ nik: value }) => [{ type: 'nik', value }],
  documents: input => input.documents,
  orderKey: ({ permit }) => permit,
  example: { input: { nik: '9999011501900001', text: 'LAPAK' }, output: { permitNumber: 'P-1' } },
})

/**
 * How the desk takes one order: `act`: takes it and says so. `finish`: and it is done at once. `act-…`: takes it, and then
 * drops the connection, says nothing, or answers with something else; `act-late` takes it when nobody waits any more. The
 * others do not take it.
 */
export const manners = [
  'act',
  'finish',
  'act-drop',
  'act-hang',
  'act-500',
  'act-html',
  'act-twice-heard',
  'act-late',
  'act-odd',
  'quota',
  'drop',
  'hang',
  '500',
  'busy',
  'refuse',
] as const
export type Manner = (typeof manners)[number]

export interface OrderDesk {
  readonly url: string
  /** The ids of the orders that it has acted on, each as often as it has. */
  readonly effects: readonly string[]
  /** What comes to the desk: `POST /orders`, in all. */
  readonly calls: number
  /** How often it was asked for an order's state. */
  readonly questions: number
  /** How the next orders are taken; the last manner for ever. Or one for each call. */
  takes(...manners: Manner[]): void
  takesBy(choose: (order: string) => Manner): void
  /** What it says of an order's state from now on: a word of its own. */
  sets(id: string, state: string): void
  /** So long does it hide what it acted on, in milliseconds: an answer that came late. */
  hides(ms: number): void
  /** From now on, whatever it has taken is done. */
  finishesAll(): void
  /** `status` is asked for in vain. */
  isMute: boolean
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Later than the deadline of those who test with it, sooner than what they call settled. */
const lateMs = 400

export async function startOrderDesk(port = 0): Promise<OrderDesk> {
  const effects: string[] = []
  const states = new Map<string, { state: string; since: number }>()
  let choose: (order: string) => Manner = () => 'act'
  let calls = 0
  let questions = 0
  let hiddenMs = 0
  let isMute = false
  let isFinishing = false

  async function take(id: string, response: ServerResponse): Promise<void> {
    calls += 1
    const manner = choose(id)
    if (manner === 'act-late') await sleep(lateMs)
    if (manner.startsWith('act') || manner === 'finish') {
      effects.push(id)
      states.set(id, { state: manner === 'finish' ? 'done' : 'taken', since: Date.now() })
    }
    switch (manner) {
      case 'act':
      case 'act-late':
        return answer(response, 200, { state: 'taken', number: `P-${id}` })
      case 'finish':
        return answer(response, 200, { state: 'done', number: `P-${id}` })
      case 'act-drop':
      case 'drop':
        return void response.destroy()
      case 'act-500':
      case '500':
        return answer(response, 500, { error: 'fault' })
      case 'act-html':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>maaf</html>')
      case 'act-twice-heard':
        response.writeHead(200, { 'content-type': 'application/json' })
        return void response.end('{"state":"taken"}{"state":"taken"}')
      case 'act-odd':
        return answer(response, 200, { state: 'odd', number: `P-${id}` })
      case 'quota':
        return answer(response, 401, { error: 'not you' })
      case 'busy':
        return answer(response, 503, { error: 'later' })
      case 'refuse':
        return answer(response, 200, { state: 'refused', reason: 'R-1' })
      case 'hang':
      case 'act-hang':
        return
    }
  }

  function tell(id: string, response: ServerResponse): void {
    questions += 1
    if (isMute) return void response.destroy()
    const known = states.get(id)
    if (!known || Date.now() - known.since < hiddenMs) return answer(response, 200, { state: 'unknown' })
    const state = isFinishing ? 'done' : known.state
    answer(response, 200, { state, number: `P-${id}` })
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id } = JSON.parse(await text(request)) as { id: string }
    if (request.url === '/orders') await take(id, response)
    else tell(id, response)
  }

  const server = createServer((request, response) => void serve(request, response))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  async function close(): Promise<void> {
    server.closeAllConnections()
    server.close()
    await sleep(0)
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    effects,
    get calls() {
      return calls
    },
    get questions() {
      return questions
    },
    takes(...script) {
      let next = 0
      choose = () => script[Math.min(next++, script.length - 1)]!
    },
    takesBy(chooser) {
      choose = chooser
    },
    sets: (id, state) => void states.set(id, { state, since: 0 }),
    hides(ms) {
      hiddenMs = ms
    },
    finishesAll() {
      isFinishing = true
    },
    get isMute() {
      return isMute
    },
    set isMute(value) {
      isMute = value
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const reply = z.object({ state: z.string(), number: z.string().optional(), reason: z.string().optional() })

const words: Readonly<Record<string, Pick<Progress, 'state' | 'clock'>>> = {
  unknown: { state: 'absent' },
  taken: { state: 'accepted' },
  waiting: { state: 'accepted', clock: 'pause' },
  resumed: { state: 'accepted', clock: 'resume' },
  done: { state: 'confirmed', clock: 'done' },
  refused: { state: 'rejected' },
}

function readProgress({ state, number, reason }: z.output<typeof reply>) {
  if (state === 'refused') return failed('REJECTED', reason)
  const known = words[state] ?? { state: 'unlisted' as const }
  return {
    ...known,
    agencyState: state,
    ...(number !== undefined && { reference: number, result: { permitNumber: number } }),
  }
}

export interface DeskHabits {
  readonly follow?: { readonly settleSeconds: number; readonly everySeconds: number }
  readonly trust?: 'documented' | 'assumed'
}

/** The desk's adapter. */
export const deskAdapter = ({
  follow = { settleSeconds: 1, everySeconds: 1 },
  trust = 'documented',
}: DeskHabits = {}) =>
  defineAdapter({
    contract: 1,
    id: 'order-desk',
    title: { id: 'Loket izin contoh', en: 'Example permit desk' },
    trust,
    config: z.strictObject({}),
    policy: {
      deadlineMs: 1_000,
      retries: 0,
      concurrency: 16,
      breaker: { errorPercent: 90, minimumCalls: 50, openMs: 200 },
    },
    operations: (_, submit) => [
      submit(permitOrder, {
        request: ({ id, input }) => ({
          method: 'POST',
          path: '/orders',
          body: { id, nik: input.nik, text: input.text },
        }),
        reply,
        read: readProgress,
        status: {
          ...follow,
          request: ({ id }) => ({ method: 'POST', path: '/status', body: { id } }),
          reply,
          read: readProgress,
        },
      }),
    ],
  })

/** The same, of an agency that cannot be asked what became of an order. */
export const muteDeskAdapter = () => {
  const adapter = deskAdapter()
  return {
    ...adapter,
    operations: (...bind: Parameters<typeof adapter.operations>) =>
      adapter.operations(...bind).map(({ capability, specification }) => ({ capability, specification })),
  }
}
