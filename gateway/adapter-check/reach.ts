/** Reaching an agency: DNS, TCP and TLS one by one, each as the transport does them all at once. */
import { once } from 'node:events'
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
import type { UpstreamSettings } from '#gateway/upstream/upstream.ts'
import type { Step } from './step.ts'

/** What an error code means to whoever has to mend it. */
interface Remedy {
  readonly means: string
  readonly next: string
}
type Remedies = Readonly<Record<string, Remedy>>

interface Reaching {
  readonly name: 'DNS' | 'TCP' | 'TLS'
  /** What was seen; rejects with an error that has a `code`. */
  attempt(): Promise<string>
  readonly remedies: Remedies
}

/** Stops at the first step that fails: those after it are told, and not tried. */
export async function* reach({ id, baseUrl, policy, tls = {} }: UpstreamSettings): AsyncGenerator<Step> {
  const { protocol, hostname, port: given } = new URL(baseUrl)
  const isSecure = protocol === 'https:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const port = Number(given || (isSecure ? 443 : 80))
  const limitMs = Math.min(policy.deadlineMs, 3_000) // the gateway waits no longer for a connection

  const steps: Reaching[] = [
    { name: 'DNS', attempt: () => resolve(host, limitMs), remedies: unknownHost },
    { name: 'TCP', attempt: () => open(host, port, limitMs), remedies: closedWay },
    { name: 'TLS', attempt: () => secure(host, port, tls, limitMs), remedies: untrusted(id, isIP(host) > 0) },
  ]
  let failed: string | undefined
  for (const { name, attempt, remedies } of steps) {
    if (failed !== undefined) yield { name, state: 'not tried', detail: `${failed} failed` }
    else if (name === 'TLS' && !isSecure)
      yield { name, state: 'not tried', detail: 'the address is http://, without TLS' }
    else {
      const startedAt = performance.now()
      const outcome = await attempt().then(
        detail => ({ state: 'ok' as const, detail }),
        (error: unknown) => failureOf(error as Fault, remedies, limitMs),
      )
      if (outcome.state === 'failed') failed = name
      yield { name, ...outcome, ms: performance.now() - startedAt }
    }
  }
}

/** An error of a socket or of the resolver, and what the agency's certificate said of itself. */
type Fault = NodeJS.ErrnoException & { readonly shown?: string | undefined }

function failureOf({ code = 'unknown', shown }: Fault, remedies: Remedies, limitMs: number) {
  const { means, next } = remedies[code] ?? remedies['else']!
  const cause = code === overdue ? `nothing within ${limitMs} ms` : code
  return {
    state: 'failed' as const,
    detail: `${means} (${cause})${shown === undefined ? '' : `; shown: ${shown}`}`,
    next,
  }
}

/** The code with which `once` ends at its deadline. */
const overdue = 'ABORT_ERR'

// -- DNS -------------------------------------------------------------------------------------------------------------

async function resolve(host: string, limitMs: number): Promise<string> {
  const answer = lookup(host, { all: true })
  const addresses = await Promise.race([answer, setTimeout(limitMs, undefined, { ref: false })])
  if (!addresses) throw Object.assign(new Error('DNS'), { code: overdue })
  return isIP(host) ? `${host} is an address` : addresses.map(({ address }) => address).join(', ')
}

const noResolver: Remedy = {
  means: 'the name server does not answer',
  next: 'check the network of this machine and its name server; connect the VPN if the agency needs one',
}
const unknownHost: Remedies = {
  ENOTFOUND: {
    means: 'no such name',
    next: 'check the host in baseUrl; a name that only the agency knows needs its VPN and its name server',
  },
  EAI_AGAIN: noResolver,
  [overdue]: noResolver,
  else: noResolver,
}

// -- TCP -------------------------------------------------------------------------------------------------------------

async function open(host: string, port: number, limitMs: number): Promise<string> {
  const socket = connect({ host, port })
  try {
    await happens(socket, 'connect', limitMs)
    return `connected to ${socket.remoteAddress}, port ${port}`
  } finally {
    socket.destroy()
  }
}

const happens = (socket: Socket, event: string, limitMs: number): Promise<unknown> =>
  once(socket, event, { signal: AbortSignal.timeout(limitMs) })

const noRoute: Remedy = {
  means: 'no way to this host',
  next: "connect the VPN, or have the agency's network routed from here",
}
const closedWay: Remedies = {
  ECONNREFUSED: {
    means: 'refused: nobody listens on this port',
    next: 'check the port in baseUrl; then ask the agency, or whoever runs the firewall, to open it to this machine',
  },
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  [overdue]: {
    means: 'no answer',
    next: 'a firewall lets nothing through, or the VPN is down: have this machine let in, then try again',
  },
  else: {
    means: 'no connection',
    next: 'check host and port in baseUrl, the VPN and the firewalls on the way',
  },
}

// -- TLS -------------------------------------------------------------------------------------------------------------

async function secure(
  host: string,
  port: number,
  { ca, cert, key, serverName }: NonNullable<UpstreamSettings['tls']>,
  limitMs: number,
): Promise<string> {
  const servername = serverName ?? (isIP(host) ? undefined : host)
  const socket = connectSecurely({
    host,
    port,
    ...(servername !== undefined && { servername }),
    secureContext: createSecureContext({ ca, cert, key }),
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
    const secured = happens(socket, 'secureConnect', limitMs)
    await Promise.all([secured, settled(socket, secured, limitMs)])
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
const settled = (socket: TLSSocket, secured: Promise<unknown>, limitMs: number): Promise<unknown> =>
  Promise.race([
    happens(socket, 'session', limitMs),
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

function untrusted(upstream: string, isAddress: boolean): Remedies {
  const block = `upstreams.${upstream}.tls`
  const unknownAuthority: Remedy = {
    means: 'nobody that is trusted here vouches for its certificate',
    next: `ask the agency for the certificate of its authority (PEM), and name the file in ${block}.ca`,
  }
  const missingLink: Remedy = {
    ...unknownAuthority,
    next: `${unknownAuthority.next}; if everyone trusts that authority, have the agency send the whole chain`,
  }
  const ours: Remedy = {
    means: 'the agency wants a certificate of ours, and does not accept what it was shown',
    next: `put the certificate and the key that the agency knows us by into ${block}.cert and ${block}.key`,
  }
  const noTls: Remedy = {
    means: 'what answers here does not speak TLS',
    next: 'check port and http:// or https:// in baseUrl',
  }
  const tooOld: Remedy = {
    means: 'no TLS version in common',
    next: 'the agency has to offer TLS 1.2 or newer',
  }
  return {
    DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
    SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
    UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: missingLink,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: missingLink,
    CERT_HAS_EXPIRED: {
      means: 'its certificate has expired',
      next: 'have the agency renew it; if it is valid by its date, set the clock of this machine',
    },
    CERT_NOT_YET_VALID: {
      means: 'its certificate is not valid yet',
      next: 'set the clock of this machine; if that is right, tell the agency',
    },
    ERR_TLS_CERT_ALTNAME_INVALID: {
      means: 'its certificate is for another name',
      next: `${isAddress ? 'the name in the certificate' : 'if the name in the certificate is the agency, that name'} belongs into ${block}.serverName`,
    },
    ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ours,
    ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: ours,
    'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': ours,
    'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED': ours,
    'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN': ours,
    'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': {
      means: 'the agency refuses the handshake',
      next: `if it knows us by a certificate, name it in ${block}.cert and ${block}.key; else ask which TLS versions it speaks`,
    },
    ERR_SSL_WRONG_VERSION_NUMBER: noTls,
    ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
    ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: tooOld,
    ERR_SSL_UNSUPPORTED_PROTOCOL: tooOld,
    [overdue]: {
      means: 'the port is open, and nobody begins TLS',
      next: 'check port and http:// or https:// in baseUrl; a firewall may accept connections and hand on nothing',
    },
    else: {
      means: 'no secure connection',
      next: `check ${block}, and port and https:// in baseUrl; then show this line to the agency`,
    },
  }
}
