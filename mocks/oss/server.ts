/**
 * The stand-in OSS: POST with the header `user_key`, HTTP 200 whatever happens, and what happened in `kode`, under a
 * wrapper that has another name in each method. It also calls whoever it is told to: see push.ts.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { serve, type Answer, type Serving } from '../serve.ts'
import type { StandIn } from '../stand-in.ts'
import { methods, Refusal } from './methods.ts'
import { BadOrder, inboundCredentials, push, type Pushed, type PushOptions } from './push.ts'
import { nibStatuses, type RefusalCode } from './references.ts'
import { createRegister, type Effect } from './register.ts'

export { inboundCredentials } from './push.ts'

/** What a gateway puts into its configuration to be let in. */
export const credentials = { user_key: 'kunci-oss-contoh' } as const

export interface OssOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** Weather from the start, e.g. `slow=2000`. */
  weather?: string | undefined
}

/** `calls` counts by the name of the method: `inqueryNIB`, … */
export interface Oss extends Serving {
  /** Calls `url`, on 127.0.0.1, as OSS would; throws when the order makes no sense or nobody answers. */
  push(url: string, options: PushOptions): Promise<Pushed>
  /** `status` is of L14; throws when nobody has the NIB or there is no such status. */
  setStatus(nib: string, status: string): void
  /** `status` is of L10, or any other code; throws when there is no such licence. */
  setLicenceStatus(id: string, status: string): void
  /** What OSS has done because it was told to, oldest first. */
  readonly effects: readonly Effect[]
  /** All businesses and licences as they were at the start, and no effects. */
  resetRegister(): void
}

/** Weather words of this agency, and the code each one answers; with `acted-`, after it has done what it was told. */
const troubles = new Map<string, RefusalCode>([
  ['wrong-key', 401],
  ['illegal-access', 403],
  ['no-service', 404],
  ['service-denied', 405],
  ['payload-failed', 500],
  ['gateway-timeout', 504],
  ['acted-payload-failed', 500],
  ['acted-gateway-timeout', 504],
])

export async function startOss(options: OssOptions = {}): Promise<Oss> {
  const register = createRegister()

  function route(path: string) {
    const name = /\/v1\/kl\/rba\/(\w+)$/.exec(path)?.[1] ?? ''
    const method = methods.get(name)
    if (!method) return
    return {
      name,
      answer(body: string, trouble = '', headers: IncomingHttpHeaders): Answer {
        const refusedBy = troubles.get(trouble) ?? (isLetIn(headers) ? null : 401)
        const ask = () => method.answer(questionIn(body, method.wrapper), register)
        if (trouble.startsWith('acted-')) ask()
        const outcome = refusedBy === null ? ask() : new Refusal(refusedBy)
        return writeJson(outcome instanceof Refusal ? method.refuse(outcome) : outcome)
      },
    }
  }

  function setStatus(nib: string, status: string): object {
    if (!nibStatuses.has(status)) throw new BadOrder(`status: one of ${[...nibStatuses.keys()].join(' ')}`)
    if (!register.setStatus(nib, status)) throw new BadOrder('nib: nobody has it')
    return { nib, status }
  }

  function setLicenceStatus(id: string, status: string): object {
    if (!/^\w{1,10}$/.test(status)) throw new BadOrder('kd_status: a code such as 41')
    if (!register.setLicenceStatus(id, status)) throw new BadOrder('id_izin: there is no such licence')
    return { id_izin: id, kd_status: status }
  }

  /** `POST /mock/<word>`: what it does, and answers with. */
  const orders = new Map<string, (order: Order) => unknown>([
    ['push', ({ url = '', nib = '', ...rest }) => push(url, { ...rest, nib }, register)],
    ['status', ({ nib = '', status = '' }) => setStatus(nib, status)],
    ['licence-status', ({ id_izin = '', kd_status = '' }) => setLicenceStatus(id_izin, kd_status)],
  ])

  async function carryOut(order: (given: Order) => unknown, body: string): Promise<Answer> {
    try {
      return writeJson(await order(readOrder(body)))
    } catch (error) {
      if (!(error instanceof BadOrder)) throw error
      return { ...writeJson({ error: error.message }), status: 400 }
    }
  }

  const serving = await serve({
    port: options.port,
    weather: options.weather,
    troubles: [...troubles.keys()],
    route,
    steer(word, body) {
      const order = orders.get(word)
      return order && carryOut(order, body)
    },
    show: word => (word === 'orders' ? register.effects : undefined),
  })
  return {
    ...serving,
    push: (url, pushOptions) => push(url, pushOptions, register),
    setStatus,
    setLicenceStatus,
    effects: register.effects,
    resetRegister: () => register.reset(),
  }
}

export default {
  defaultPort: 9102,
  start: startOss,
  hints: url => [
    `  POST ${url}/v1/kl/rba/inqueryNIB (${[...methods.keys()].slice(1).join(', ')})`,
    `  header user_key: ${credentials.user_key}`,
    '  businesses: 9999900000001 USAHA CONTOH (licences I-2026010508000000000001 to 3), 9999900000002 an individual,',
    '    9999900000003 not yet active, 9999900000005 suspended, 9999900000006 revoked; any other NIB is not found',
    `  a NIB changes: curl -d '{"nib":"9999900000001","status":"05"}' ${url}/mock/status`,
    `  a licence goes on: curl -d '{"id_izin":"I-2026010508000000000002","kd_status":"42"}' ${url}/mock/licence-status`,
    `  what it was made to do: curl ${url}/mock/orders`,
    `  OSS calls you: curl -d '{"nib":"9999900000001","url":"http://127.0.0.1:8080/inbound/oss/receiveNIB"}' ${url}/mock/push`,
    `    with a Token made of ${inboundCredentials.username} and ${inboundCredentials.password}`,
  ],
} satisfies StandIn

/** What `POST /mock/<word>` may say, all of it texts. */
type Order = Partial<
  Record<
    'url' | 'method' | 'nib' | 'id_izin' | 'file_izin' | 'date' | 'token' | 'status' | 'kd_status',
    string
  >
>

function readOrder(body: string): Order {
  const order = readObject(body)
  if (order && Object.values(order).every(value => typeof value === 'string')) return order
  throw new BadOrder('send a JSON object of texts')
}

function isLetIn(headers: IncomingHttpHeaders): boolean {
  return headers['user_key'] === credentials.user_key
}

/** Nothing at all when it is not there: then the method misses its parameters. */
function questionIn(body: string, wrapper: string | undefined): Record<string, unknown> {
  const whole = readObject(body) ?? {}
  const question = wrapper === undefined ? whole : whole[wrapper]
  return isObject(question) ? question : {}
}

function readObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function writeJson(value: unknown): Answer {
  return { body: JSON.stringify(value) }
}
