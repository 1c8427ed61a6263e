/** What goes wrong on the way to an agency. Played by real sockets, in real time. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, vi } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { failures, type Sent } from '#contracts/failures.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import type { TransportFaultCode } from '#gateway/upstream/transport.ts'
import { checkAnswer, checkProblem, checkSilence } from './check-outcome.ts'
import type { Exchange, WireReply } from './fixtures.ts'
import { isDelivery, operationOf } from './operation-of.ts'
import { usualType } from './play-exchange.ts'
import { openStage } from './stage.ts'
import { bytesOf } from './wire-body.ts'

interface TransportFault {
  readonly name: string
  /** What the agency does once the question is there; absent: nobody listens. */
  readonly play?: (socket: Socket, answer: Answer) => void
  /** `answer`: it does no harm. */
  readonly outcome: 'answer' | TransportFaultCode
  readonly sent: Sent
  /** The agency would go on for ever: we must give up at the deadline, and hang up. */
  readonly endless?: boolean
}

/** A good answer as bytes. */
interface Answer {
  readonly head: Buffer
  /** The same without a length: the answer ends where the connection does. */
  readonly headWithoutLength: Buffer
  readonly body: Buffer
}

const pauseMs = 10

/** Writes the parts one by one, as long as somebody listens. */
function trickle(socket: Socket, parts: Iterable<Buffer>): void {
  const rest = Iterator.from(parts)
  const drip = setInterval(() => {
    const { value, done } = rest.next()
    if (done) clearInterval(drip)
    else socket.write(value)
  }, pauseMs)
  socket.on('close', () => clearInterval(drip))
}

function* slicesOf(bytes: Buffer, count: number): Generator<Buffer> {
  const size = Math.ceil(bytes.length / count)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

function* blanks(): Generator<Buffer> {
  for (;;) yield Buffer.from(' ')
}

const firstHalf = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2)

export const transportFaults: readonly TransportFault[] = [
  { name: 'nobody listens', outcome: 'UPSTREAM_UNAVAILABLE', sent: 'no' },
  {
    name: 'a reset before the answer',
    play: socket => socket.resetAndDestroy(),
    outcome: 'UPSTREAM_UNAVAILABLE',
    sent: 'maybe',
  },
  {
    name: 'hung up in the middle of the headers',
    play: (socket, { head }) => socket.end(firstHalf(head)),
    outcome: 'UPSTREAM_UNAVAILABLE',
    sent: 'maybe',
  },
  {
    name: 'something that is not HTTP',
    play: (socket, { body }) => socket.end(body),
    outcome: 'UPSTREAM_UNREADABLE',
    sent: 'maybe',
  },
  {
    name: 'hung up in the middle of the body',
    play: (socket, { head, body }) => socket.end(Buffer.concat([head, firstHalf(body)])),
    outcome: 'UPSTREAM_UNREADABLE',
    sent: 'yes',
  },
  {
    name: 'a reset in the middle of the body',
    play: (socket, { head, body }) => {
      socket.write(Buffer.concat([head, firstHalf(body)]), () =>
        setTimeout(() => socket.resetAndDestroy(), 5 * pauseMs),
      )
    },
    outcome: 'UPSTREAM_UNREADABLE',
    sent: 'yes',
  },
  {
    name: 'an answer in slices',
    play: (socket, { head, body }) => trickle(socket, slicesOf(Buffer.concat([head, body]), 10)),
    outcome: 'answer',
    sent: 'yes',
  },
  {
    name: 'a connection left open behind the answer',
    play: (socket, { head, body }) => socket.write(Buffer.concat([head, body])),
    outcome: 'answer',
    sent: 'yes',
  },
  { name: 'no answer ever', play: () => {}, outcome: 'UPSTREAM_TIMEOUT', sent: 'maybe', endless: true },
  {
    name: 'an answer after the deadline',
    play: (socket, { head, body }) => {
      const late = setTimeout(() => socket.end(Buffer.concat([head, body])), 10 * shortMs)
      socket.on('close', () => clearTimeout(late))
    },
    outcome: 'UPSTREAM_TIMEOUT',
    sent: 'maybe',
    endless: true,
  },
  {
    name: 'headers, and then nothing',
    play: (socket, { head }) => socket.write(head),
    outcome: 'UPSTREAM_TIMEOUT',
    sent: 'yes',
    endless: true,
  },
  {
    name: 'a body that trickles without end',
    play(socket, { headWithoutLength }) {
      socket.write(headWithoutLength)
      trickle(socket, blanks())
    },
    outcome: 'UPSTREAM_TIMEOUT',
    sent: 'yes',
    endless: true,
  },
  {
    name: 'a whole answer whose end is never told',
    play: (socket, { headWithoutLength, body }) => socket.write(Buffer.concat([headWithoutLength, body])),
    outcome: 'UPSTREAM_TIMEOUT',
    sent: 'yes',
    endless: true,
  },
]

/** Short enough to wait for, long enough for a question to leave a slow machine. */
const shortMs = 500
/** Whoever has not given up by then never would. */
const plentyMs = 10_000

/** Plays a successful exchange with a fault on its way; throws where a promise is not kept. */
export async function checkTransportFault(
  adapter: Adapter,
  exchange: Exchange,
  { play, outcome, sent, endless = false }: TransportFault,
): Promise<void> {
  const { specification } = operationOf(adapter, exchange)
  const helps = outcome !== 'answer' && failures[outcome].retry && !endless // at the deadline, no time is left
  const attempts = helps && specification.repeatable && !isDelivery(exchange) ? 2 : 1
  const { authentication } = exchange
  const token = authentication && {
    path: authentication.request.path,
    answer: answerOf(authentication.response, { connection: 'close' }),
  }
  const answer = answerOf(exchange.response)
  await using agency = play && (await startAgency(socket => play(socket, answer), token))
  await using stage = openStage(adapter, exchange, agency?.url ?? `http://127.0.0.1:${await closedPort()}`, {
    deadlineMs: endless ? (token ? 3 : 1) * shortMs : plentyMs,
    retries: 1,
    breaker: { errorPercent: 100, minimumCalls: attempts, openMs: 60_000 },
  })

  const startedAt = performance.now()
  const played = await stage.ask()

  expect(performance.now() - startedAt, 'milliseconds until the counter knows').toBeLessThan(plentyMs)
  if (outcome === 'answer') checkAnswer(exchange, played)
  else checkProblem(adapter, { failure: outcome, sent }, played)
  expect(played.health.attempts, 'attempts').toBe(attempts)
  expect(agency?.questions ?? 0, 'questions that the agency saw').toBe(play ? attempts : 0)
  const isFault = outcome !== 'answer' && failures[outcome].circuit === 'counts'
  expect(played.health.circuit, 'the circuit').toBe(isFault ? 'open' : 'closed')
  if (endless) await vi.waitFor(() => expect(agency?.connections, 'connections left').toBe(0), plentyMs)
  checkSilence(adapter, exchange, played)
}

function answerOf(reply: WireReply, more: Readonly<Record<string, string>> = {}): Answer {
  const body = bytesOf(reply)
  const headers = Object.entries({ 'content-type': usualType(reply), ...reply.headers, ...more })
  const lines = [`HTTP/1.1 ${reply.status} OK`, ...headers.map(header => header.join(': '))]
  const headOf = (length: readonly string[]) => Buffer.from([...lines, ...length, '', ''].join('\r\n'))
  return { head: headOf([`content-length: ${body.length}`]), headWithoutLength: headOf([]), body }
}

/** An agency on a port of its own; `play` is what it does with every question. It gives a token as it should. */
async function startAgency(
  play: (socket: Socket) => void,
  token: { readonly path: string; readonly answer: Answer } | undefined,
) {
  let questions = 0
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket
      .on('error', () => {})
      .on('close', () => sockets.delete(socket))
      .on('data', request => {
        // The body of a question may come behind its headers.
        const [, path] = /^(?:GET|POST) (\S+) HTTP/.exec(request.toString()) ?? []
        if (path === undefined) return
        if (path === token?.path) {
          socket.end(Buffer.concat([token.answer.head, token.answer.body]))
          return
        }
        questions += 1
        play(socket)
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get questions() {
      return questions
    },
    get connections() {
      return sockets.size
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
