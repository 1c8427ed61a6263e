/**
 * OSS calls a ministry or a mall: `receiveNIB` when a NIB is issued or changes, `receiveFileDS` when a licence was
 * signed. Whoever is called knows OSS by the header `Token`.
 */
import { hash } from 'node:crypto'
import { jakartaDay } from './jakarta-day.ts'
import type { Register } from './register.ts'
import { textOf } from './wire.ts'

/** What OSS makes its token with; whoever is called was told them. */
export const inboundCredentials = { username: 'ossuser', password: 'osspass' } as const

export interface PushOptions {
  nib: string
  /** By the last segment of the address where absent. */
  method?: string | undefined
  /** Of `receiveFileDS`; the first licence of the business where absent. */
  id_izin?: string | undefined
  /** Of `receiveFileDS`: a link. */
  file_izin?: string | undefined
  /** The day in the token, `YYYYMMDD`; today in Jakarta where absent. */
  date?: string | undefined
  /** In place of the right one. */
  token?: string | undefined
}

/** What the called side answered; `body` is parsed where it is JSON. */
export interface Pushed {
  status: number
  body: unknown
}

/** An order that cannot be carried out, in words for whoever gave it. */
export class BadOrder extends Error {}

/** `day` is `YYYYMMDD`. */
export function tokenFor(nib: string, day: string): string {
  return hash('sha1', inboundCredentials.username + inboundCredentials.password + nib + day)
}

export async function push(url: string, options: PushOptions, register: Register): Promise<Pushed> {
  const target = URL.parse(url)
  if (target?.protocol !== 'http:' || target.hostname !== '127.0.0.1')
    throw new BadOrder('url: only http://127.0.0.1 is called')
  const { nib, method = target.pathname.split('/').at(-1), date = jakartaDay().replaceAll('-', '') } = options
  const body = JSON.stringify(message(method, options, register))
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: options.token ?? tokenFor(nib, date) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    return { status: response.status, body: parsed(text) ?? text }
  } catch (error) {
    throw new BadOrder(`${url} did not answer`, { cause: error })
  }
}

function message(method: string | undefined, options: PushOptions, register: Register): object {
  const business = register.findByNib(options.nib)
  if (!business) throw new BadOrder('nib: nobody has it')
  switch (method) {
    case 'receiveNIB':
      return { dataNIB: business }
    case 'receiveFileDS': {
      const id = options.id_izin ?? textOf(business.data_checklist[0]?.id_izin)
      if (!id) throw new BadOrder('id_izin: this business has no licence')
      const link = options.file_izin ?? `https://oss.example/berkas/${id}.pdf`
      return { receiveFileDS: { id_izin: id, nib: options.nib, file_izin: link } }
    }
    default:
      throw new BadOrder('method: receiveNIB or receiveFileDS, here or as the last segment of the url')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
