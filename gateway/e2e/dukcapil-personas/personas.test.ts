/** Everyone whom the stand-in registry knows by hand, asked about over a real socket, in its older and newer wording. */
import { afterAll, expect, it } from 'vitest'
import type { Capability } from '#contracts/capability.ts'
import { familyLookup } from '#contracts/family.ts'
import { residentLookup, residentMatch } from '#contracts/resident.ts'
import { createUpstream } from '#gateway/upstream/upstream.ts'
import adapter from '../../../adapters/dukcapil/adapter.ts'
import { personas } from '../../../mocks/dukcapil/personas.ts'
import { credentials, startDukcapil } from '../../../mocks/dukcapil/server.ts'

const dukcapil = await startDukcapil()
const upstreams = ['DISKOMINFO', 'DINKES'].map(institution => {
  const { user_id: userId, password, ip: clientIp } = credentials
  const config = adapter.config.parse({ institution, userId, password, clientIp })
  const { id, policy } = adapter
  return createUpstream({ id, adapter, policy, config, baseUrl: dukcapil.url, timeZone: 'Asia/Jakarta' })
})
afterAll(async () => {
  await Promise.all(upstreams.map(upstream => upstream.close()))
  await dukcapil.close()
})

/** What each upstream gives: a record, or the code of a failure. */
const ask = (capability: Capability, input: Record<string, unknown>) =>
  Promise.all(
    upstreams.map(upstream =>
      upstream
        .ask(capability, input, () => 5_000)
        .then(
          ({ record }) => record,
          ({ code }: { code: string }) => code,
        ),
    ),
  )
const bothGive = (outcome: unknown) => [outcome, outcome]

const refusals: Record<string, string> = {
  '08': 'REJECTED',
  '11': 'SUBJECT_DECEASED',
  '12': 'SUBJECT_DUPLICATE',
  '14': 'SUBJECT_INACTIVE',
}
const broken = ['9999010606880093', '9999014707790095'] // no name, a thirteenth month

it.each(personas)('$nik: $shows', async ({ nik, code, record }) => {
  const answered = { nik, familyCardNumber: String(record.NO_KK), fullName: String(record.NAMA_LGKP).trim() }
  const found = broken.includes(nik) ? 'UPSTREAM_INVALID' : expect.objectContaining(answered)
  const verdict = expect.objectContaining({ nik: { verdict: 'match' } })
  expect(await ask(residentLookup, { nik })).toEqual(bothGive(code ? refusals[code] : found))
  expect(await ask(residentMatch, { nik, sex: 'male' })).toEqual(bothGive(code ? refusals[code] : verdict))
})

it.each([...Map.groupBy(personas, ({ record }) => String(record.NO_KK))])(
  'family %s',
  async (card, family) => {
    const niks = family.filter(({ code }) => !code).map(({ nik }) => nik)
    const members = niks.map(nik => expect.objectContaining({ nik }))
    const found = niks.some(nik => broken.includes(nik))
      ? 'UPSTREAM_INVALID'
      : expect.objectContaining({ members })
    const outcome = niks.length === 0 ? 'NOT_FOUND' : found
    expect(await ask(familyLookup, { familyCardNumber: card })).toEqual(bothGive(outcome))
  },
)
