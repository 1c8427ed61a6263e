/** OSS calls us: a NIB was issued or changed, a licence was signed. How it shows that it is OSS differs per institution. */
import { hash } from 'node:crypto'
import { z } from 'zod'
import { defineInbound, failed, type InboundCall, type InboundOutcome } from '#contracts/adapter.ts'
import { businessChanged } from '#contracts/business.ts'
import { licenceDocumentSigned } from '#contracts/licence.ts'
import { isSameSecret, secret } from '#contracts/secret.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { businessRow, readBusiness } from './business-row.ts'
import { asLink, readNib, type Value, value, withTidyKeys } from './values.ts'

/** The settings that each scheme needs; a setting that it does not need is a mistake in the configuration. */
const settingsOf = {
  token: ['username', 'password'],
  basic: ['username', 'password'],
  user_key: ['key'],
  'OSS-API-KEY': ['key'],
} as const
const credentials = ['username', 'password', 'key'] as const

const config = z
  .strictObject({
    scheme: z
      .enum(['token', 'basic', 'user_key', 'OSS-API-KEY'])
      .default('token')
      .describe('How OSS shows who it is: a token of the day, Basic, or a key in the header of that name.'),
    username: secret().optional().describe('The user name given to OSS, for `token` and `basic`.'),
    password: secret().optional().describe('Its password.'),
    key: secret().optional().describe('The key given to OSS, for `user_key` and `OSS-API-KEY`.'),
  })
  .superRefine(({ scheme, ...given }, check) => {
    const needed: readonly string[] = settingsOf[scheme]
    for (const name of credentials) {
      if (needed.includes(name) === (given[name] !== undefined)) continue
      const message = needed.includes(name)
        ? `the scheme ${scheme} needs it`
        : `the scheme ${scheme} has no use for it`
      check.addIssue({ code: 'custom', path: [name], message })
    }
  })
type Config = z.output<typeof config>

const hour = 3_600_000

/** `20260101`, in the agency's time zone. */
const dayOf = (instant: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
    .replaceAll('-', '')

/** Is the call OSS's? `nib` is the one that the body tells, as it stands there. */
export function isFromOss(
  { header, now, timeZone }: Pick<InboundCall<unknown>, 'header' | 'now' | 'timeZone'>,
  nib: Value,
  { scheme, username, password, key }: Config,
): boolean {
  const [user = '', pass = ''] = [username?.reveal(), password?.reveal()]
  switch (scheme) {
    case 'token': {
      const shown = (header('token') ?? '').trim().toLowerCase()
      // An hour ago it was yesterday only in the first hour of the day: a call may be under way at midnight.
      const days = [dayOf(now, timeZone), dayOf(now - hour, timeZone)]
      return days.some(day =>
        isSameSecret(shown, hash('sha1', `${user}${pass}${String(nib ?? '').trim()}${day}`)),
      )
    }
    case 'basic': {
      const [, shown = ''] = /^basic +(\S+)$/i.exec(header('authorization')?.trim() ?? '') ?? []
      return isSameSecret(shown, Buffer.from(`${user}:${pass}`).toString('base64'))
    }
    default:
      return isSameSecret(header(scheme) ?? '', key?.reveal() ?? '')
  }
}

/** Always HTTP 200: `status` tells. */
const answerOf = (method: string) => (outcome: InboundOutcome) => ({
  status: 200,
  body: {
    [`respon${method}`]:
      outcome === 'stored'
        ? { status: '1', keterangan: 'Berhasil menyimpan data' }
        : { status: '2', keterangan: outcome === 'unverified' ? 'Unauthenticated!' : 'Gagal menyimpan data' },
  },
})

const tidy = <Body extends z.ZodType>(body: Body) => z.preprocess(withTidyKeys, body)

export const inbound = defineInbound({
  config,
  operations: receive => [
    receive(businessChanged, {
      path: '/receiveNIB',
      body: tidy(z.object({ dataNIB: businessRow })),
      verify: (call, config) => isFromOss(call, call.body.dataNIB.nib, config),
      read: ({ dataNIB }) => readBusiness(dataNIB),
      answer: answerOf('receiveNIB'),
    }),
    receive(licenceDocumentSigned, {
      path: '/receiveFileDS',
      body: tidy(z.object({ receiveFileDS: z.object({ id_izin: value, nib: value, file_izin: value }) })),
      verify: (call, config) => isFromOss(call, call.body.receiveFileDS.nib, config),
      read({ receiveFileDS: { id_izin, nib, file_izin } }) {
        const document = read(file_izin, asLink)
        if (!document) return failed('UPSTREAM_INVALID', undefined, 'file_izin is not a link')
        return { licenceId: read(id_izin, asIs) ?? '', nib: readNib(nib) ?? '', document }
      },
      answer: answerOf('receiveFileDS'),
    }),
  ],
})
