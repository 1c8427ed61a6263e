/**
 * Reaching an agency: DNS, TCP and TLS one by one, each as the transport does them all at once. The connection is closed when
 * it stands: nothing is asked, and no byte of HTTP is sent.
 */
import { once } from 'node:events'
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import {
  connect as connectSecurely,
  createSecureContext,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type TLSSocket,
} from 'node:tls'
import type { TransportOptions } from './transport.ts'

export type Way = Pick<TransportOptions, 'baseUrl' | 'tls'>

export type ReachStep = 'dns' | 'tcp' | 'tls'

export interface Reached {
  readonly step: ReachStep
  readonly ms: number
  /** What was seen; absent when the step failed. */
  readonly seen?: string
  readonly error?: ReachError
}

export interface ReachError {
  /** Of the socket or the resolver; `overdue` when there was no time left. */
  readonly code: string
  /** What the agency's certificate said of itself, if it showed one. */
  readonly shown: string | undefined
}

export const overdue = 'TIMEOUT'

/**
 * Ends with the step that fails, or with the signal: then a step that has no end is told at once. The generator itself ends when
 * nothing is left of it, not even the look-up of a name, which cannot be called off and keeps a thread until the resolver gives up.
 * An address without TLS has no such step.
 */
export async function* reach({ baseUrl, tls = {} }: Way, signal: AbortSignal): AsyncGenerator<Reached> {
  const { isSecure, host, port } = partsOf(baseUrl)
  let answer: Promise<LookupAddress[]> | undefined
  let addresses: LookupAddress[] = []
  let socket: Socket | undefined

  async function resolve(): Promise<string> {
    answer = lookup(host, { all: true })
    addresses = await Promise.race([answer, endOf(signal)])
    return isIP(host) ? `${host} is an address` : addresses.map(({ address }) => address).join(', ')
  }

  async function open(): Promise<string> {
    socket = connect({
      host,
      port,
      autoSelectFamily: true,
      lookup: (_host, _options, done) => done(null, addresses),
    })
    await once(socket, 'connect', { signal })
    socket.on('error', () => {}) // from here on the TLS above it tells
    return `connected to ${socket.remoteAddress}, port ${port}`
  }

  const secureOver = (): Promise<string> => secure(socket!, host, tls, signal)

  const steps = { dns: resolve, tcp: open, ...(isSecure && { tls: secureOver }) }
  try {
    for (const [step, attempt] of Object.entries(steps) as [ReachStep, () => Promise<string>][]) {
      const startedAt = performance.now()
      const outcome = await attempt().then(
        seen => ({ seen }),
        (error: Fault) => ({
          error: signal.aborted ? { code: overdue, shown: error.shown } : errorOf(error),
        }),
      )
      yield { step, ms: performance.now() - startedAt, ...outcome }
      if ('error' in outcome) return
    }
  } finally {
    socket?.destroy()
    await answer?.catch(() => {})
  }
}

const endOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })

export function partsOf(baseUrl: string) {
  const { protocol, hostname, port } = new URL(baseUrl)
  const isSecure = protocol === 'https:'
  return { isSecure, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (isSecure ? 443 : 80)) }
}

type Fault = NodeJS.ErrnoException & { readonly shown?: string | undefined }

const errorOf = ({ code = 'unknown', shown }: Fault): ReachError => ({ code, shown })

// -- TLS -------------------------------------------------------------------------------------------------------------

async function secure(
  over: Socket,
  host: string,
  { ca, cert, key, serverName }: NonNullable<Way['tls']>,
  signal: AbortSignal,
): Promise<string> {
  const servername = serverName ?? (isIP(host) ? undefined : host)
  const socket = connectSecurely({
    socket: over,
    host, // the name that the certificate has to bear, where no other is expected
    ...(servername !== undefined && { servername }),
    secureContext: createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' }),
    rejectUnauthorized: true, // also when NODE_TLS_REJECT_UNAUTHORIZED says otherwise
    ALPNProtocols: ['http/1.1'],
  })
  const authority = ca === undefined ? 'known to this machine' : 'as tls.ca has it'
  let shown: string | undefined
  // Before it is judged: a certificate that is refused ends the connection, and with it the way to look at it.
  socket.prependOnceListener('secure', () => {
    shown = described(socket.getPeerCertificate(true))
  })
  try {
    const secured = once(socket, 'secureConnect', { signal })
    await Promise.all([secured, settled(socket, secured, signal)])
    return `${shown}, ${authority}; ${socket.getProtocol()}`
  } catch (error) {
    throw Object.assign(error as Error, { shown })
  } finally {
    socket.destroy()
  }
}

/**
 * An agency looks at our certificate after the connection counts as secure: a session shows that it is content, an error
 * that it is not. One that gives no session says nothing when it is content.
 */
const settled = (socket: TLSSocket, secured: Promise<unknown>, signal: AbortSignal): Promise<unknown> =>
  Promise.race([
    once(socket, 'session', { signal }),
    secured.then(() => setTimeout(500, undefined, { ref: false })),
  ])

/** `api.agency.example, issued by Agency CA, valid until 2027-01-31, authority Agency Root` */
function described(certificate: DetailedPeerCertificate): string {
  return [
    nameOf(certificate.subject),
    `issued by ${nameOf(certificate.issuer)}`,
    `valid until ${dayOf(certificate.valid_to)}`,
    `authority ${authorityOf(certificate)}`,
  ].join(', ')
}

/** The last of the chain as far as it is known here. */
function authorityOf(certificate: DetailedPeerCertificate): string {
  const { issuerCertificate: above } = certificate
  return above === undefined || above.fingerprint256 === certificate.fingerprint256
    ? nameOf(certificate.issuer)
    : authorityOf(above)
}

const nameOf = ({ CN, O, OU }: PeerCertificate['subject']): string =>
  [CN ?? O ?? OU ?? 'no name'].flat().join(', ')

const dayOf = (date: string): string => new Date(date).toISOString().slice(0, 10)
