/** The shape of the configuration files. `docs/configuration.md` is generated from these descriptions. */
import { createSecureContext } from 'node:tls'
import { z } from 'zod'
import { policy } from '#contracts/adapter.ts'
import { addressList } from '#gateway/http/client-address.ts'

const id = z
  .string()
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, { error: 'an id of small letters and digits, joined by "-" or "."' })

const timeZone = z
  .string()
  .refine(name => succeeds(() => new Intl.DateTimeFormat('en', { timeZone: name })), {
    error: 'a time zone name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura',
  })

const key = z
  .base64({ error: '32 random bytes in base64' })
  .transform(text => Buffer.from(text, 'base64'))
  .refine(bytes => bytes.length === 32, { error: '32 random bytes in base64' })

const address = z
  .url({ protocol: /^https?$/, error: 'an http:// or https:// address' })
  .refine(text => !/[?#@]/.test(text), { error: 'an address without user, query or fragment' })

const pem = z.string().regex(/^-----BEGIN /, { error: 'a PEM text, best as { file: … }' })

const tls = z
  .strictObject({
    ca: pem.optional().describe("The private authority that signed the agency's certificate (PEM)."),
    cert: pem.optional().describe('Our certificate for the agency (PEM).'),
    key: pem.optional().describe('The key of our certificate (PEM).'),
    serverName: z
      .string()
      .min(1)
      .optional()
      .describe('The name in its certificate, where it differs from the host.'),
  })
  .refine(
    ({ ca, cert, key }) =>
      (cert === undefined) === (key === undefined) && succeeds(() => createSecureContext({ ca, cert, key })),
    { error: 'PEM texts that can be read, and cert and key of one pair' },
  )

const addressRange = z.string().refine(text => succeeds(() => addressList([text])), {
  error: 'an IPv4 or IPv6 address, or a range such as 10.0.0.0/8',
})

const inbound = z.strictObject({
  allowFrom: z
    .array(addressRange)
    .min(1)
    .optional()
    .describe('The addresses and ranges (`10.0.0.0/8`) it calls from. Default: any, and the start warns.'),
  config: z
    .record(z.string(), z.unknown())
    .describe("The credentials that the agency shows; see the adapter's section below."),
})

export const upstreamBlock = z.strictObject({
  adapter: z.string().min(1).describe('The id of the adapter: the name of its folder under `adapters/`.'),
  baseUrl: address.describe('Where the agency answers: origin and, if need be, a path prefix.'),
  timeZone: timeZone.optional().describe("Its days and quotas are read in it. Default: the mall's."),
  config: z.record(z.string(), z.unknown()).describe("The adapter's own settings; see its section below."),
  policy: policy
    .extend({ breaker: policy.shape.breaker.partial() })
    .partial()
    .optional()
    .describe(
      "Overrides single figures of the adapter's policy: milliseconds for one question in all, further attempts, calls at once, and when the breaker opens and tries again.",
    ),
  acceptAssumed: z
    .array(z.string())
    .default([])
    .describe(
      'What it serves though its wire contract is assumed: capabilities by id. With `identities: real`, an assumed capability that does not stand here is not served.',
    ),
  inbound: inbound
    .optional()
    .describe(
      'Takes calls of the agency, at `POST /inbound/<id>` and the path of each notice. Default: none are taken.',
    ),
  tls: tls
    .optional()
    .describe('Certificates are always checked; these are for private authorities and mutual TLS.'),
})

export const gatewayFile = z.strictObject({
  mall: z
    .strictObject({
      name: z.string().min(1).describe('The mall, as people call it.'),
      timeZone: timeZone.default('Asia/Jakarta').describe('Its days are read in it.'),
      dayEnds: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'a time of day HH:MM' })
        .default('24:00')
        .describe('When the day ends, `HH:MM`: cases opened that day end with it.'),
    })
    .describe('The mall this gateway serves.'),
  identities: z
    .enum(['real', 'synthetic'])
    .default('real')
    .describe(
      '`real`: citizens; province 99 is refused. `synthetic`: on trial against the stand-in agencies; only province 99 is accepted. Never both.',
    ),
  keys: z
    .strictObject({
      sealing: z
        .array(
          z.strictObject({
            id: id.describe('Stands in every sealed record.'),
            key: key.describe('32 random bytes, base64.'),
          }),
        )
        .min(1)
        .refine(keys => areDifferent(keys.map(({ id }) => id)), { error: 'a list of keys whose ids differ' })
        .describe(
          'Seal everything stored that holds personal values. The first seals, all open: put a new one in front to rotate.',
        ),
      ledger: key.describe('Chains the ledger. A data folder belongs to one ledger key for good.'),
      pseudonyms: key.describe(
        'Makes the keyed hashes that stand for people in the ledger and for shared answers.',
      ),
    })
    .describe('The keys of the house. Keep them out of this file: `{ file: … }` or `${NAME}`.'),
  members: z
    .record(
      id,
      z.strictObject({
        name: z.string().min(1).describe('The organisation, as people call it.'),
        keys: z
          .array(
            z.strictObject({
              id: id.describe('Tells keys apart in the ledger.'),
              sha256: z
                .string()
                .regex(/^[0-9a-f]{64}$/, { error: 'the SHA-256 of the key, 64 small hexadecimal digits' })
                .describe('SHA-256 of the API key; the key itself is nowhere.'),
            }),
          )
          .min(1)
          .describe('API keys; several are valid at a time, for rotation.'),
      }),
    )
    .refine(
      members => areDifferent(Object.values(members).flatMap(({ keys }) => keys.map(({ sha256 }) => sha256))),
      { error: 'an API key of its own for each member: one of them stands here twice' },
    )
    .describe('The organisations that call the gateway, by id.'),
  trustedProxies: z
    .array(addressRange)
    .default([])
    .describe(
      'Proxies in front, by address or range: only their `X-Forwarded-For` is believed. Default: none; a caller is who holds the connection.',
    ),
  adapters: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Adapters kept elsewhere: paths seen from this file (`./adapters/my-agency/adapter.ts`), or packages installed beside it.',
    ),
  upstreams: z.record(id, upstreamBlock).describe('The agencies as configured here, by id.'),
  routes: z
    .array(
      z.strictObject({
        capability: z.string().describe('What is asked.'),
        members: z.array(z.string()).min(1).optional().describe('For these members only. Default: for all.'),
        purposes: z
          .array(id)
          .min(1)
          .optional()
          .describe('For these purposes only. Default: for all, and for public questions, which have none.'),
        upstreams: z
          .array(z.string())
          .min(1)
          .describe('Who is asked, in this order; the next one only when the one before cannot be asked.'),
      }),
    )
    .default([])
    .describe(
      'Which upstream serves which capability for whom; the first rule that fits counts. Needed as soon as two upstreams serve the same capability.',
    ),
})

const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'a day YYYY-MM-DD, or an instant with its offset such as 2026-12-31T12:00:00+07:00',
})

export const agreementFile = z.strictObject({
  id: id.describe('Unique; stands in the ledger and in refusals.'),
  upstream: z.string().describe('The upstream whose data it shares.'),
  member: z.string().describe('The member that may ask.'),
  legalBasis: z.string().min(1).describe('The agreement itself: number, date, parties.'),
  valid: z
    .strictObject({
      from: instant.describe("First day (in the mall's time zone), or an instant."),
      until: instant.describe('Last day, itself included, or the instant at which it ends.'),
    })
    .describe('The term.'),
  reuse: z
    .strictObject({
      scope: z
        .enum(['none', 'case', 'agreement'])
        .default('none')
        .describe(
          '`none`: nothing is kept. `case`: within one visit. `agreement`: under this agreement and purpose.',
        ),
      timeToLiveSeconds: z.int().min(0).default(0).describe('How long an answer is fresh.'),
      staleSeconds: z
        .int()
        .min(0)
        .default(0)
        .describe('How much longer it may stand in, marked as stale, when the agency fails.'),
    })
    .prefault({})
    .describe('Whether and how far an answer may be used again.'),
  grants: z
    .array(
      z.strictObject({
        capability: z.string().describe('What may be asked.'),
        purposes: z.array(id).min(1).describe('Why: codes of services.'),
        elements: z
          .array(z.string())
          .min(1)
          .describe(
            'What may be seen: contract paths. A parent grants the children that the contract names today.',
          ),
      }),
    )
    .min(1)
    .describe('Which elements for which purposes.'),
})

const areDifferent = (texts: readonly string[]): boolean => new Set(texts).size === texts.length

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
