/**
 * Dukcapil, the population registry: the JSON web service of the data warehouse. Facts and sources: README.md.
 * Every business answer is HTTP 200; RESPON, RESPONSE or RESPONSE_CODE in the first row says what happened.
 */
import { z } from 'zod'
import { defineAdapter, failed } from '#contracts/adapter.ts'
import { familyLookup } from '#contracts/family.ts'
import { residentLookup, residentMatch } from '#contracts/resident.ts'
import { secret } from '#contracts/secret.ts'
import { readRefusal } from './refusals.ts'
import { readAddress, readMember, readResident, residentRow } from './resident-row.ts'
import { readVerdicts, verdictRow, wireElements } from './verification.ts'

const segment = z.string().regex(/^[\w.-]+$/, { error: 'one path segment: letters, digits, "_", "-" or "."' })

/** Request keys are spelled differently per deployment; the defaults are the spellings seen most. */
const spelling = (subjects: [string, ...string[]], clientIp: 'ip_user' | 'IP_USER') =>
  z
    .strictObject({
      subject: z.enum(subjects).default(subjects[0]).describe('The key of the number asked about.'),
      userId: z.enum(['user_id', 'USER_ID']).default('user_id').describe('The key of the user id.'),
      password: z.enum(['password', 'PASSWORD']).default('password').describe('The key of the password.'),
      clientIp: z
        .enum(['ip_user', 'IP_USER', 'ip_users', 'ip_address'])
        .default(clientIp)
        .describe('The key of the client address.'),
    })
    .prefault({})

const config = z.strictObject({
  pathPrefix: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, { error: 'a path such as /dukcapil/get_json' })
    .default('/dukcapil/get_json')
    .describe('The path up to the region or the institution.'),
  region: z
    .string()
    .regex(/^\d\d(-\d\d)?$/, { error: 'a province or province-regency, such as 33 or 32-04' })
    .optional()
    .describe('Regional mirrors only: the province or province-regency in the path, `33` or `32-04`.'),
  institution: segment.describe(
    "The institution's name in the path, or the numeric customer id of newer deployments.",
  ),
  methods: z
    .strictObject({
      lookup: segment.default('CALL_NIK').describe('Resident by NIK.'),
      match: segment.default('CALL_VERIFY_BY_ELEMEN').describe('Verification by element.'),
      family: segment
        .default('CALL_KK')
        .describe('Family by family card number. No public source names it: assumed.'),
    })
    .prefault({})
    .describe('The method names, assigned per agreement; letter case counts.'),
  userId: secret().describe('The user id that the centre issued.'),
  password: secret().describe('Its password.'),
  clientIp: z.ipv4().describe('The client address that the centre has registered.'),
  spelling: z
    .strictObject({
      lookup: spelling(['nik', 'NIK'], 'ip_user').describe('In a lookup.'),
      match: spelling(['NIK', 'nik'], 'IP_USER').describe('In a verification.'),
      family: spelling(['NO_KK', 'no_kk'], 'ip_user').describe('In a family lookup: assumed.'),
    })
    .prefault({})
    .describe('How this deployment spells the request keys.'),
  dateFormat: z
    .enum(['DD-MM-YYYY', 'DD.MM.YYYY', 'YYYY-MM-DD'])
    .default('DD-MM-YYYY')
    .describe('How birth dates are written in a verification.'),
  similarityThreshold: z
    .int()
    .min(1)
    .max(100)
    .default(90)
    .describe('From which similarity on the registry calls a text the same, 1 to 100.'),
})

type Config = z.output<typeof config>
type Method = keyof Config['methods']

/** The answer's envelope. An odd quota must not cost a counter its answer. */
const page = <Content extends z.ZodType>(content: Content) =>
  z.object({
    content,
    quotaLimiter: z
      .union([z.int(), z.string().regex(/^\d+$/).transform(Number)])
      .optional()
      .catch(undefined),
  })

const quotaLeft = ({ quotaLimiter }: { quotaLimiter?: number | undefined }) => quotaLimiter

function call(method: Method, subject: string, config: Config, elements: Record<string, string> = {}) {
  const { methods, region, institution, pathPrefix, spelling } = config
  const keys = spelling[method]
  return {
    method: 'POST' as const,
    path: [pathPrefix, region, institution, methods[method]].filter(Boolean).join('/') as `/${string}`,
    body: {
      [keys.subject]: subject,
      ...elements,
      [keys.userId]: config.userId.reveal(),
      [keys.password]: config.password.reveal(),
      [keys.clientIp]: config.clientIp,
    },
  }
}

export default defineAdapter({
  contract: 1,
  id: 'dukcapil',
  title: { id: 'Ditjen Kependudukan dan Pencatatan Sipil', en: 'Population registry' },
  trust: 'observed',
  config,
  policy: {
    deadlineMs: 5_000,
    retries: 1,
    concurrency: 32,
    breaker: { errorPercent: 50, minimumCalls: 10, openMs: 15_000 },
  },
  // Provinces 91 to 99 lie beyond 2^53: a plain parse would change the last digit.
  exactIntegers: ['NIK', 'NO_KK', 'NIK_IBU', 'NIK_AYAH'],

  operations: operation => [
    operation(residentLookup, {
      repeatable: true,
      probe: { nik: '9999010101909999' }, // province 99 does not exist
      request: ({ nik }, config) => call('lookup', nik, config),
      reply: page(z.tuple([residentRow])),
      read({ content: [row] }, { nik }) {
        const refusal = readRefusal(row)
        if (refusal) return refusal
        const found = readResident({ ...row, NIK: row.NIK ?? nik }) // NIK itself may not be granted
        // Somebody else's data must never reach a counter.
        return found.nik === nik
          ? found
          : failed('UPSTREAM_INVALID', undefined, 'answered about someone else')
      },
      quotaLeft,
    }),

    operation(residentMatch, {
      repeatable: true,
      request: (input, config) =>
        call('match', input.nik, config, {
          ...wireElements(input, config.dateFormat),
          TRESHOLD: String(config.similarityThreshold), // sic: the registry spells it without the first H
        }),
      reply: page(z.tuple([verdictRow])),
      read: ({ content: [row] }, input) => readRefusal(row) ?? readVerdicts(row, input),
      quotaLeft,
    }),

    operation(familyLookup, {
      repeatable: true,
      trust: 'assumed',
      request: ({ familyCardNumber }, config) => call('family', familyCardNumber, config),
      reply: page(z.tuple([residentRow], residentRow)).extend({ totalElements: z.int().nullish() }),
      read({ content, totalElements }, { familyCardNumber }) {
        const refusal = readRefusal(content[0])
        if (refusal) return refusal
        // Half a family, or someone else's, must not pass for the family.
        const isWhole = (totalElements ?? content.length) === content.length
        const isOne = content.every(({ NO_KK }) => (NO_KK?.trim() || familyCardNumber) === familyCardNumber)
        if (!isWhole || !isOne) return failed('UPSTREAM_INVALID', undefined, 'not one whole family')
        const members = content.map(readMember)
        const addresses = content.map(readAddress)
        const head = members.findIndex(({ familyRelation }) => familyRelation?.code === 'head')
        // Where nobody is told to be the head, the family's address is the one that all of them have.
        const isShared = new Set(addresses.map(address => JSON.stringify(address))).size === 1
        const address = addresses[head] ?? (isShared ? addresses[0] : undefined)
        return { familyCardNumber, address, members }
      },
      quotaLeft,
    }),
  ],
  skips: [
    {
      check: 'an answer about someone else',
      capability: 'resident.match',
      reason:
        'The answer holds verdicts, and repeats no number. The verdict on the NIK itself is one of them.',
    },
  ],
})
