/** What each step on the way to an agency means to whoever has to mend it. */
import { isIP } from 'node:net'
import {
  overdue,
  partsOf,
  type ReachError,
  reach as tryWay,
  type ReachStep,
} from '#gateway/upstream/reach.ts'
import type { UpstreamSettings } from '#gateway/upstream/upstream.ts'
import type { Step } from './step.ts'

/** What an error code means to whoever has to mend it. */
interface Remedy {
  readonly means: string
  readonly next: string
}
type Remedies = Readonly<Record<string, Remedy>>

const names = { dns: 'DNS', tcp: 'TCP', tls: 'TLS' } as const

/** Stops at the first step that fails: those after it are told, and not tried. */
export async function* reach({ id, policy, ...way }: UpstreamSettings): AsyncGenerator<Step> {
  const { isSecure, host } = partsOf(way.baseUrl)
  const remedies = { dns: unknownHost, tcp: closedWay, tls: untrusted(id, isIP(host) > 0) }
  const limitMs = Math.min(policy.deadlineMs, 3_000) // the gateway waits no longer for a connection
  const left = new Set<ReachStep>(['dns', 'tcp', 'tls'])
  let failed: string | undefined
  for await (const { step, ms, seen = '', error } of tryWay(way, AbortSignal.timeout(limitMs))) {
    const name = names[step]
    left.delete(step)
    if (error) failed = name
    yield error
      ? { name, ms, ...failureOf(error, remedies[step], limitMs) }
      : { name, ms, state: 'ok', detail: seen }
  }
  for (const step of left) {
    const isPlain = failed === undefined && !isSecure
    const detail = isPlain ? 'the address is http://, without TLS' : `${failed} failed`
    yield { name: names[step], state: 'not tried', detail }
  }
}

function failureOf({ code, shown }: ReachError, remedies: Remedies, limitMs: number) {
  const { means, next } = remedies[code] ?? remedies['else']!
  const cause = code === overdue ? `nothing within ${limitMs} ms` : code
  return {
    state: 'failed' as const,
    detail: `${means} (${cause})${shown === undefined ? '' : `; shown: ${shown}`}`,
    next,
  }
}

// -- DNS -------------------------------------------------------------------------------------------------------------

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
