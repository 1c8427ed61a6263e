import { request } from 'node:http'
import { once } from 'node:events'
import { json } from 'node:stream/consumers'
import type { ContractPath } from '#contracts/elements.ts'
import type { Agreement } from '#gateway/access/agreements.ts'
import type { NoticesAnswer } from '#gateway/http/notices.ts'
import {
  as,
  type HeaderChanges,
  type House,
  type HouseOptions,
  type MemberId,
  startHouse,
} from '#gateway/testing/house.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { keeperFined, password, shown, stallOpened, toyAgency } from './toy-agency.ts'

type UpstreamOptions = NonNullable<HouseOptions['upstreams']>[number]

export const market = (changes: UpstreamOptions = {}): UpstreamOptions => ({
  id: 'market',
  adapter: toyAgency,
  baseUrl: 'http://127.0.0.1:9',
  config: {},
  inbound: { config: { password } },
  ...changes,
})

/** Who may see keepers' names for one purpose and, of a fine, the front office the NIK and the health desk the name. */
export const mayRead = (changes: Partial<Pick<Agreement, 'member' | 'upstream'>> = {}): Agreement => {
  const { member = 'front-office', upstream = 'market' } = changes
  const forPermits = (...paths: readonly ContractPath[]) => new Map([['stall.permit', new Set(paths)]])
  const grants = new Map([
    [stallOpened.id, forPermits('/number', '/goods', '/keeper/fullName')],
    [keeperFined.id, forPermits(member === 'front-office' ? '/nik' : '/fullName')],
  ])
  return { ...agreement({ grants: {} }), id: `pks-${member}-${upstream}`, member, upstream, grants }
}

/** The house, with a market that calls it. */
export const startMarket = (options: HouseOptions = {}): Promise<House> =>
  startHouse({ upstreams: [market()], agreements: [mayRead()], ...options })

export interface Answered {
  readonly status: number | undefined
  readonly body: unknown
}

/** A call of the agency, as it is on the wire. */
export async function call(
  { url }: Pick<House, 'url'>,
  body: unknown,
  { path = '/inbound/market/lapak', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const sent = request(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', sandi: shown, ...headers },
  })
  sent.on('error', () => {}) // an answer may come before everything is sent
  sent.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
  const [response] = await once(sent, 'response')
  return { status: response.statusCode as number, body: await json(response) }
}

export const standing: HeaderChanges = {
  'mpp-purpose': 'stall.permit',
  'mpp-counter': 'A-03',
  'mpp-officer': 'o-7f3a',
}

/** A member's mailbox; without context unless `headers` say so. */
export async function read(
  house: Pick<House, 'get'>,
  query = '',
  headers: HeaderChanges = {},
  member: MemberId = 'front-office',
): Promise<NoticesAnswer> {
  const { status, text } = await house.get(`/v1/notices${query}`, { ...as(member), ...headers })
  if (status !== 200) throw new Error(text)
  return JSON.parse(text) as NoticesAnswer
}
