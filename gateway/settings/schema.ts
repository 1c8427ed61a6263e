/** The shape of the configuration files. `docs/configuration.md` is generated from these descriptions. */
import { createSecureContext } from 'node:tls'
import { z } from 'zod'
import { policy } from '#contracts/adapter.ts'
import { parties } from '#gateway/access/agreements.ts'
import { roles } from '#gateway/access/members.ts'
import { tokenAlgorithms, tokenKeyPrefix } from '#gateway/access/tokens.ts'
import { addressList } from '#gateway/http/client-address.ts'
import { readPublicKey, readSigningKey } from '#gateway/ledger/anchor.ts'
import { severities } from '#gateway/ops/alarms/codes.ts'
import { usualThresholds } from '#gateway/ops/alarms/conditions.ts'
import { maintenanceBlock } from './maintenance.ts'
import { readOpeningHours } from '#gateway/services/calendar.ts'
import { readSecret } from '#gateway/telling/standard-webhooks.ts'
import { eventTypes } from '#gateway/telling/told-event.ts'

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

/** Of an identity provider: what it says decides who may see what, so nobody on the way may change it. */
const trustedAddress = address.refine(text => /^(https:|http:\/\/127\.0\.0\.1(?![^:/]))/i.test(text), {
  error: 'an https:// address (http:// on 127.0.0.1 only)',
})

const claim = z.string().min(1).max(200)

const rate = z.strictObject({
  requests: z.int().min(1).max(1_000_000).describe('So many requests.'),
  seconds: z.int().min(1).max(86_400).describe('In so many seconds.'),
})

const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'a day YYYY-MM-DD, or an instant with its offset such as 2026-12-31T12:00:00+07:00',
})

const oidc = z.strictObject({
  issuers: z
    .array(
      z.strictObject({
        issuer: trustedAddress.describe('Exactly as `iss` says it in its tokens.'),
        audience: z.string().min(1).describe('What `aud` must hold: the name of this gateway at the issuer.'),
        jwksUri: trustedAddress
          .optional()
          .describe(
            "Where its keys are. Default: as `/.well-known/openid-configuration` says, at the issuer's own origin.",
          ),
        algorithms: z
          .array(z.enum(tokenAlgorithms))
          .min(1)
          .default(['RS256', 'ES256', 'EdDSA'])
          .describe('What its tokens may be signed with. Default: RS256, ES256 and EdDSA.'),
        member: z
          .strictObject({
            claim: claim.describe('The claim that says for which organisation the caller works.'),
            values: z
              .record(z.string(), id)
              .describe('Its values, and the member that each stands for. The issuer vouches for no other.'),
          })
          .describe('For whom a caller calls.'),
        roles: z
          .strictObject({
            claim: claim.describe('The claim that says what the caller may be.'),
            values: z
              .record(z.string(), z.enum(roles))
              .describe('Its values, and the role that each stands for.'),
          })
          .optional()
          .describe("What a caller may be, as far as the member's own `roles` go. Default: `member`."),
        officer: claim
          .optional()
          .describe(
            "The claim with the officer's opaque id (never a NIK or NIP). A token that has it vouches for the officer, and `Mpp-Officer` is not needed.",
          ),
        counter: claim.optional().describe('The claim with the counter, likewise.'),
      }),
    )
    .min(1)
    .refine(issuers => areDifferent(issuers.map(({ issuer }) => issuer)), {
      error: 'a list of issuers that differ',
    })
    .describe('Whose tokens are accepted.'),
})

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
  timeZone: timeZone
    .optional()
    .describe("Its days, quotas and maintenance windows are read in it. Default: the mall's."),
  config: z.record(z.string(), z.unknown()).describe("The adapter's own settings; see its section below."),
  policy: policy
    .extend({ breaker: policy.shape.breaker.partial() })
    .partial()
    .optional()
    .describe(
      "Overrides single figures of the adapter's policy: milliseconds for one question in all, further attempts, calls at once, and when the breaker opens and tries again.",
    ),
  quota: z
    .strictObject({
      perDay: z
        .int()
        .min(1)
        .describe("Attempts a day, of all gateways together; the day turns in the upstream's time zone."),
    })
    .optional()
    .describe(
      'What the agency lets us ask. Corrected by what it reports; when it is spent, nothing is sent. Default: as long as the agency answers.',
    ),
  maintenance: z
    .array(maintenanceBlock)
    .default([])
    .describe(
      'When its agency is known to be away. What is asked then is refused before it is sent, with the time that is left; orders wait. Operators declare others as they come (`POST /v1/operator/upstreams/<id>/maintenance`). Default: never.',
    ),
  acceptAssumed: z
    .array(z.string())
    .default([])
    .describe(
      'What it serves though its wire contract is assumed: capabilities, orders and notices by id. With `identities: real`, an assumed one that does not stand here is not served, and a notice not taken: its agency is told that it cannot be read. An assumed order that does not stand here is brought to the agency by a person, through the work list, with `identities: synthetic` too.',
    ),
  assistedBy: z
    .array(z.string())
    .default([])
    .describe(
      'The members whose officers bring orders to this agency by hand, from the work list, beside the member that ordered. Default: that one alone.',
    ),
  owner: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      "Who looks after orders that cannot go on: a name or an address, shown to operators. Default: the mall's operators.",
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

const signingKey = z.string().refine(text => succeeds(() => readSigningKey(text)), {
  error: 'an Ed25519 private key: 32 random bytes in base64, or PEM',
})

const publicKey = z.string().refine(text => succeeds(() => readPublicKey(text)), {
  error: 'an Ed25519 public key (PEM)',
})

const anchors = z.strictObject({
  signingKey: signingKey
    .transform(readSigningKey)
    .describe('Signs them: an Ed25519 private key, as 32 random bytes in base64 or as PEM.'),
  formerKeys: z
    .array(publicKey.transform(readPublicKey))
    .default([])
    .describe('Public keys (PEM) of earlier signing keys: what they signed stays proven.'),
  file: z
    .string()
    .min(1)
    .default('anchors/ledger.jsonl')
    .describe(
      'Where they are appended, seen from this folder. Best on a medium where nobody who can write to the store can write.',
    ),
  everyRows: z.int().min(1).default(1_000).describe('As soon as so many rows have come …'),
  everySeconds: z.int().min(1).max(86_400).default(60).describe('… and as often as this, when any have.'),
  url: trustedAddress.optional().describe('Each is sent here too, as JSON by `POST`: to a witness.'),
})

const days = z.int().min(1).max(36_500)

const retention = z.strictObject({
  access: days.optional().describe('What was shown, to whom, of whom and why.'),
  refusals: days.optional().describe('What was refused, or came to nothing.'),
  acts: days.optional().describe('What auditors and operators did.'),
  notices: days.optional().describe('What agencies told us.'),
  submissions: days
    .optional()
    .describe(
      'What was ordered and what came of it, attachments included: so long after the order has ended. One that has not, a dead or uncertain one too, is kept until it has.',
    ),
})

const openingHours = z
  .array(
    z
      .string()
      .refine(text => readOpeningHours(text) !== undefined, {
        error: 'hours such as 08:00-15:00, from the earlier to the later',
        abort: true,
      })
      .transform(text => readOpeningHours(text)!),
  )
  .refine(all => all.every(({ from }, index) => index === 0 || from > all[index - 1]!.until), {
    error: 'hours one after the other, with a break between them',
  })

const openOn = (weekday: string) => openingHours.default([]).describe(`On ${weekday}.`)

const calendar = z.strictObject({
  hours: z
    .strictObject({
      monday: openOn('Mondays'),
      tuesday: openOn('Tuesdays'),
      wednesday: openOn('Wednesdays'),
      thursday: openOn('Thursdays'),
      friday: openOn('Fridays'),
      saturday: openOn('Saturdays'),
      sunday: openOn('Sundays'),
    })
    .refine(hours => Object.values(hours).some(day => day.length > 0), {
      error: 'a day of the week that is open',
    })
    .prefault({
      monday: ['08:00-15:00'],
      tuesday: ['08:00-15:00'],
      wednesday: ['08:00-15:00'],
      thursday: ['08:00-15:00'],
      friday: ['08:00-11:30', '13:00-15:00'],
    })
    .describe(
      'Opening hours, `HH:MM-HH:MM`, several a day if need be; a day that is left out is closed. Default: 08:00-15:00, on Fridays 08:00-11:30 and 13:00-15:00, closed on Saturdays and Sundays.',
    ),
  holidays: z
    .array(
      z.strictObject({
        date: z.iso.date({ error: 'a day YYYY-MM-DD' }).describe('The day.'),
        name: z.string().min(1).describe('What it is.'),
        hours: openingHours.default([]).describe('Opening hours of a half day. Default: closed.'),
      }),
    )
    .refine(holidays => areDifferent(holidays.map(({ date }) => date)), { error: 'each date once' })
    .default([])
    .describe('Days whose hours are others.'),
})

const webhook = z.strictObject({
  id: id.describe(
    'Stands for its place in the log: another address under the same id goes on where the former one was.',
  ),
  url: trustedAddress.describe('Where events are sent, each by `POST`.'),
  secrets: z
    .array(
      z
        .string()
        .refine(text => readSecret(text) !== undefined, {
          error: '`whsec_` and 24 to 64 random bytes in base64',
          abort: true,
        })
        .transform(text => readSecret(text)!),
    )
    .min(1)
    .max(4)
    .describe(
      'Each signs every event. To rotate, add the new one, and take the old one away when the receiver knows it.',
    ),
  types: z
    .array(z.enum(eventTypes))
    .min(1)
    .optional()
    .describe('Which events: `submission.confirmed`. Default: all of them.'),
})

const board = z.strictObject({
  enabled: z.boolean().default(true).describe('`false`: there is no board. Default: it is at `/ops`.'),
  address: address
    .optional()
    .describe(
      'Where browsers find this gateway: `https://gateway.mall.example`. Over https, cookies are sent nowhere else. Needed for `oidc`.',
    ),
  oidc: z
    .strictObject({
      issuer: trustedAddress.describe(
        'One of `oidc.issuers`, which must name the claims `roles` and `officer`. Its ID tokens must hold all the claims that are named there.',
      ),
      clientId: z.string().min(1).describe('The name of this board at the issuer.'),
      clientSecret: z.string().min(1).describe('What it proves that with.'),
      scope: z
        .string()
        .regex(/(^| )openid( |$)/, { error: 'scopes, `openid` among them' })
        .default('openid')
        .describe('What it asks for. Default: `openid`.'),
    })
    .optional()
    .describe(
      'Operators may sign in at the identity provider (authorization code, PKCE), which sends them back to `<address>/ops/sign-in/oidc/callback`. Default: with an API key only.',
    ),
})

const percent = z.int().min(1).max(99)

const alarms = z.strictObject({
  webhooks: z
    .array(
      z.strictObject({
        id: id.describe('Stands for what it was told: another address under the same id was told the same.'),
        url: trustedAddress.describe('Where messages are sent, each by `POST`.'),
        secrets: webhook.shape.secrets.describe(
          'Each signs every message. To rotate, add the new one, and take the old one away when the receiver knows it.',
        ),
        severities: z
          .array(z.enum(severities))
          .min(1)
          .transform(all => new Set(all))
          .optional()
          .describe('Which alarms: `critical`, `warning`, `notice`. Default: all of them.'),
      }),
    )
    .refine(webhooks => areDifferent(webhooks.map(({ id }) => id)), { error: 'webhooks whose ids differ' })
    .default([])
    .describe(
      'Told what is raised, cleared and still open, signed as Standard Webhooks. At most one message in 30 seconds each. Default: none.',
    ),
  repeatMinutes: z
    .int()
    .min(5)
    .max(10_080)
    .default(60)
    .describe('How often webhooks are told again of what is open and nobody has acknowledged.'),
  quotaLeftPercent: percent
    .default(usualThresholds.quotaLeftPercent)
    .describe("A day's quota is nearly spent when no more of it is left."),
  diskFreePercent: percent
    .default(usualThresholds.diskFreePercent)
    .describe('A disk is nearly full when less of it is free.'),
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
      calendar: calendar
        .prefault({})
        .describe('When it is open: the time that services promise passes only then.'),
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
          'Seal everything stored that holds personal values. The first seals, all open. To rotate, put a new one in front; several gateways must know it first (`docs/operation.md`, Rotating a sealing key). A store refuses another key under an id that it knows, and a start without one that records are still sealed with.',
        ),
      ledger: key.describe('Chains the ledger. A data folder belongs to one ledger key for good.'),
      pseudonyms: key.describe(
        'Makes the keyed hashes that stand for people in the ledger and for shared answers. A store belongs to one for good.',
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
              id: id
                .refine(text => !text.startsWith(tokenKeyPrefix), {
                  error: `an id that does not begin with ${tokenKeyPrefix}: those are of access tokens`,
                })
                .describe(
                  `Tells keys apart in the ledger. Not one that begins with \`${tokenKeyPrefix}\`: those are of access tokens.`,
                ),
              sha256: z
                .string()
                .regex(/^[0-9a-f]{64}$/, { error: 'the SHA-256 of the key, 64 small hexadecimal digits' })
                .describe('SHA-256 of the API key; the key itself is nowhere.'),
              roles: z
                .array(z.enum(roles))
                .min(1)
                .optional()
                .describe("What callers with this key are, among the member's own. Default: all of those."),
              expires: instant
                .optional()
                .describe(
                  "Last day (in the mall's time zone), itself included, or the instant at which it ends. Default: never.",
                ),
            }),
          )
          .refine(keys => areDifferent(keys.map(({ id }) => id)), {
            error: 'a list of keys whose ids differ',
          })
          .default([])
          .describe(
            'API keys; several are valid at a time, for rotation. `npm run keys <folder> <member>` makes one. Default: none, for callers with tokens only.',
          ),
        roles: z
          .array(z.enum(roles))
          .min(1)
          .default(['member'])
          .describe(
            'What its callers may be: `member` asks and orders, `operator` runs the gateway, `auditor` reads who looked at whom, `monitor` reads figures and nothing else. One may be several.',
          ),
        documentOrigins: z
          .array(trustedAddress)
          .default([])
          .describe(
            'Where documents lie that it gives agencies links to: `https://arsip.kab.example`. Default: none may be given.',
          ),
        webhooks: z
          .array(webhook)
          .default([])
          .describe(
            'Told what happens to its orders, signed as Standard Webhooks (`docs/counter-applications.md`). Default: none.',
          ),
        rate: rate.optional().describe('Its own rate limit. Default: that of `limits.rate`.'),
      }),
    )
    .refine(
      members => areDifferent(Object.values(members).flatMap(({ keys }) => keys.map(({ sha256 }) => sha256))),
      { error: 'an API key of its own for each member: one of them stands here twice' },
    )
    .refine(
      members => areDifferent(Object.values(members).flatMap(({ webhooks }) => webhooks.map(({ id }) => id))),
      { error: 'webhooks whose ids differ, also from those of other members' },
    )
    .describe('The organisations that call the gateway, by id.'),
  oidc: oidc
    .optional()
    .describe(
      'Accepts access tokens (signed JWTs) of identity providers, beside API keys. Default: API keys only.',
    ),
  board: board
    .prefault({})
    .describe(
      'The page for operators, auditors and monitors, at `/ops`: everything at a glance, and the acts of operators (`docs/operators.md`).',
    ),
  ledger: z
    .strictObject({
      anchors: anchors
        .optional()
        .describe(
          'Signed anchors of the ledger, outside the store. Default: none, and `/health/ready` warns.',
        ),
    })
    .prefault({})
    .describe('How the ledger is proved.'),
  alarms: alarms
    .prefault({})
    .describe('Who is told when operators are needed (`docs/operators.md` says what each alarm means).'),
  retention: retention
    .prefault({})
    .describe(
      'How many days records keep their content, by class. No law fixes a figure: the agreements (PKS) do. Default: for good.',
    ),
  trustedProxies: z
    .array(addressRange)
    .default([])
    .describe(
      'Proxies in front, by address or range: only their `X-Forwarded-For` is believed. Default: none; a caller is who holds the connection.',
    ),
  limits: z
    .strictObject({
      connections: z
        .int()
        .min(1)
        .default(2_000)
        .describe('Connections of callers open at once; whoever comes beyond is cut off.'),
      rate: rate
        .default({ requests: 6_000, seconds: 60 })
        .describe(
          'How often each member may call, all its keys and tokens together: so many requests at once, and as many again spread over the time. Counted by each gateway for itself. Default: 6000 in 60 seconds.',
        ),
    })
    .prefault({})
    .describe('What callers may take at most.'),
  adapters: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Adapters kept elsewhere: paths seen from this file (`./adapters/my-agency/adapter.ts`), or packages installed beside it.',
    ),
  services: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The service standards: a file seen from this folder, see below. Default: `config/services.yaml` of this gateway, in which much is yet to be confirmed by the mall.',
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

export const agreementFile = z.strictObject({
  id: id.describe('Unique; stands in the ledger and in refusals.'),
  upstream: z.string().describe('The upstream whose data it shares.'),
  member: z.string().describe('The member that may ask.'),
  legalBasis: z.string().min(1).describe('The agreement itself: number, date, parties.'),
  exemptFromAccessLog: z
    .boolean()
    .default(false)
    .describe(
      'The law exempts what is done under it (an investigation, say): who asks who looked at them is not told of it.',
    ),
  valid: z
    .strictObject({
      from: instant.describe("First day (in the mall's time zone), or an instant."),
      until: instant.describe('Last day, itself included, or the instant at which it ends.'),
    })
    .describe('The term.'),
  contact: z
    .strictObject({
      name: z.string().min(1).describe('Who answers for it.'),
      email: z.email({ error: 'an e-mail address' }).describe('Where they are reached.'),
    })
    .describe('Whom to turn to.'),
  suspendedBy: z
    .array(z.enum(parties))
    .default([])
    .describe(
      'Who has suspended it: the `member`, the agency (`upstream`), whoever runs the `gateway`. While anyone stands here, nothing is granted.',
    ),
  quotas: z
    .array(
      z.strictObject({
        purpose: id.optional().describe('Of this purpose alone. Default: of all purposes together.'),
        perDay: z.int().min(1).describe('Answers a day.'),
      }),
    )
    .refine(quotas => areDifferent(quotas.map(({ purpose = '' }) => purpose)), {
      error: 'one quota for each purpose, and one for all together',
    })
    .default([])
    .describe(
      "How many answers may be released a day, cached ones too; the day turns in the mall's time zone. What fits several counts on each. Default: no limit.",
    ),
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
