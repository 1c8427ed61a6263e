import { describe, expect, it, test } from 'vitest'
import { inbound, isFromOss } from './inbound.ts'

type Config = Parameters<typeof isFromOss>[2]
const configOf = (settings: object) => inbound.config.parse(settings) as Config

const nib = '9999900000001'
const givenToOss = { username: 'ossuser', password: 'osspass' }

interface Call {
  readonly headers: Readonly<Record<string, string>>
  readonly at?: string
  readonly timeZone?: string
  readonly about?: string | number | null
}

const isAccepted = (settings: object, { headers, at = '2026-01-01T12:00:00+07:00', timeZone, about }: Call) =>
  isFromOss(
    {
      header: name => headers[name.toLowerCase()],
      now: Date.parse(at),
      timeZone: timeZone ?? 'Asia/Jakarta',
    },
    about === undefined ? nib : about,
    configOf(settings),
  )

describe('the token of the day', () => {
  /** SHA1 of `ossuser`, `osspass`, the NIB and 20260101. */
  const token = 'fe8fe04a0526126ec5391826c6a82c6c650299b5'

  test.each([
    ['at noon', '2026-01-01T12:00:00+07:00', 'Asia/Jakarta', true],
    ['in its first second', '2026-01-01T00:00:00+07:00', 'Asia/Jakarta', true],
    ['in its last second', '2026-01-01T23:59:59+07:00', 'Asia/Jakarta', true],
    ['a call under way at midnight', '2026-01-02T00:00:01+07:00', 'Asia/Jakarta', true],
    ['59 minutes into the next day', '2026-01-02T00:59:59+07:00', 'Asia/Jakarta', true],
    ['an hour into the next day', '2026-01-02T01:00:00+07:00', 'Asia/Jakarta', false],
    ['a second too early', '2025-12-31T23:59:59+07:00', 'Asia/Jakarta', false],
    ['a year later', '2027-01-01T12:00:00+07:00', 'Asia/Jakarta', false],
    ['Makassar is an hour ahead: its day has begun', '2025-12-31T23:00:00+07:00', 'Asia/Makassar', true],
    ['… and ends an hour earlier', '2026-01-02T00:00:00+07:00', 'Asia/Makassar', false],
    ['Jayapura is two hours ahead', '2025-12-31T22:00:00+07:00', 'Asia/Jayapura', true],
    ['… its day has not begun', '2025-12-31T21:59:59+07:00', 'Asia/Jayapura', false],
    ['… its day is over, and the hour after', '2026-01-01T23:00:00+07:00', 'Asia/Jayapura', false],
  ])('%s', (_, at, timeZone, accepted) => {
    expect(isAccepted(givenToOss, { headers: { token }, at, timeZone })).toBe(accepted)
  })

  test.each([
    ['in capitals, with blanks around it', { headers: { token: ` ${token.toUpperCase()} ` } }, true],
    ['the NIB as a number', { headers: { token }, about: Number(nib) }, true],
    ['another NIB in the body', { headers: { token }, about: '9999900000002' }, false],
    ['no NIB in the body', { headers: { token }, about: null }, false],
    ['no token', { headers: {} }, false],
    ['an empty token', { headers: { token: '' } }, false],
    ['half a token', { headers: { token: token.slice(0, 20) } }, false],
    ['not hashed, as in the sample', { headers: { token: `ossuserosspass${nib}20260101` } }, false],
    ['under another scheme', { headers: { authorization: `Basic ${token}` } }, false],
  ] satisfies [string, Call, boolean][])('%s', (_, call, accepted) => {
    expect(isAccepted(givenToOss, call)).toBe(accepted)
  })

  it('is of these credentials only', () => {
    expect(isAccepted({ ...givenToOss, password: 'osspasS' }, { headers: { token } })).toBe(false)
  })
})

describe('the other schemes', () => {
  const basic = { ...givenToOss, scheme: 'basic' }
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const key = 'kunci-untuk-oss'

  test.each([
    ['Basic', basic, { authorization: `Basic ${base64('ossuser:osspass')}` }, true],
    ['Basic in small letters', basic, { authorization: `basic  ${base64('ossuser:osspass')}` }, true],
    ['Basic with another password', basic, { authorization: `Basic ${base64('ossuser:osspas')}` }, false],
    ['Basic without a password', basic, { authorization: `Basic ${base64('ossuser')}` }, false],
    ['Bearer', basic, { authorization: `Bearer ${base64('ossuser:osspass')}` }, false],
    ['Basic without a word', basic, {}, false],
    ['user_key', { scheme: 'user_key', key }, { user_key: key }, true],
    ['another user_key', { scheme: 'user_key', key }, { user_key: 'kunci-untuk-osS' }, false],
    ['no user_key', { scheme: 'user_key', key }, {}, false],
    ['the key under another name', { scheme: 'user_key', key }, { 'oss-api-key': key }, false],
    ['OSS-API-KEY', { scheme: 'OSS-API-KEY', key }, { 'oss-api-key': key }, true],
    ['an empty OSS-API-KEY', { scheme: 'OSS-API-KEY', key }, { 'oss-api-key': '' }, false],
  ])('%s', (_, settings, headers: Record<string, string>, accepted) => {
    expect(isAccepted(settings, { headers })).toBe(accepted)
  })
})

describe('the settings', () => {
  const mistakesIn = (settings: object) =>
    inbound.config
      .safeParse(settings)
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

  test.each([
    [{}, ['username: the scheme token needs it', 'password: the scheme token needs it']],
    [{ scheme: 'basic', username: 'ossuser' }, ['password: the scheme basic needs it']],
    [
      { scheme: 'user_key', ...givenToOss },
      [
        'username: the scheme user_key has no use for it',
        'password: the scheme user_key has no use for it',
        'key: the scheme user_key needs it',
      ],
    ],
    [{ scheme: 'OSS-API-KEY' }, ['key: the scheme OSS-API-KEY needs it']],
    [givenToOss, undefined],
  ])('%o', (settings, mistakes) => {
    expect(mistakesIn(settings)).toEqual(mistakes)
  })

  it('refuses what it does not know', () => {
    expect(mistakesIn({ ...givenToOss, allow: '*' })).toHaveLength(1)
    expect(mistakesIn({ ...givenToOss, scheme: 'none' })).toHaveLength(1)
  })
})

describe('answers', () => {
  const operations: { path: string; answer: (outcome: never) => unknown }[] = []
  inbound.operations(((_: unknown, specification: (typeof operations)[number]) =>
    operations.push(specification)) as never)

  test.each(operations.map(({ path, answer }) => [path, answer] as const))(
    '%s always answers HTTP 200, in a wrapper of its name',
    (path, answer) => {
      const told = (status: string, keterangan: string) => ({
        status: 200,
        body: { [`respon${path.slice(1)}`]: { status, keterangan } },
      })
      expect(answer('stored' as never)).toEqual(told('1', 'Berhasil menyimpan data'))
      expect(answer('unverified' as never)).toEqual(told('2', 'Unauthenticated!'))
      expect(answer('unreadable' as never)).toEqual(told('2', 'Gagal menyimpan data'))
      expect(answer('unavailable' as never)).toEqual(told('2', 'Gagal menyimpan data'))
    },
  )
})
