/** A city's parking permits: an adapter, and a capability, that live in a package of their own. */
import {
  defineAdapter,
  defineCapability,
  failed,
  nik,
  optional,
  personal,
  recordedNumber,
  secret,
  sex,
} from 'mpp-gateway/contracts'
import { z } from 'zod'

export const parkingLookup = defineCapability({
  id: 'parking.lookup',
  kind: 'query',
  path: '/v1/parking-permits/lookup',
  title: { id: 'Izin parkir', en: 'Parking permit' },
  description: { id: 'Mencari izin parkir seorang penduduk.', en: "Finds a resident's parking permit." },
  input: z.strictObject({ nik }),
  output: z.object({
    nik: personal(recordedNumber, 'NIK', 'National identity number'),
    permit: z.object({
      number: personal(z.string(), 'Nomor izin', 'Permit number'),
      zone: optional(personal(z.string(), 'Zona', 'Zone')),
    }),
    sex: optional(personal(sex.output, 'Jenis kelamin', 'Sex')),
  }),
  subjects: ({ nik: value }) => [{ type: 'nik', value }],
  example: {
    input: { nik: '9999011501900001' },
    output: { nik: '9999011501900001', permit: { number: 'P-17' } },
  },
})

export default defineAdapter({
  contract: 1,
  id: 'parking',
  title: { id: 'Dinas Perhubungan', en: 'Transport office' },
  trust: 'assumed',
  config: z.strictObject({ password: secret() }),
  policy: {
    deadlineMs: 5_000,
    retries: 1,
    concurrency: 4,
    breaker: { errorPercent: 50, minimumCalls: 10, openMs: 15_000 },
  },
  operations: operation => [
    operation(parkingLookup, {
      repeatable: true,
      request: ({ nik }, { password }) => ({
        method: 'POST',
        path: '/permits',
        body: { nik, password: password.reveal() },
      }),
      reply: z.object({
        status: z.enum(['found', 'none']),
        nik: z.string().optional(),
        number: z.string().optional(),
        zone: z.string().nullish(),
        sex: z.string().optional(),
      }),
      read: ({ status, nik: holder, number, zone, sex: text }, { nik }) => {
        if (status === 'none') return failed('NOT_FOUND', status)
        if (holder !== nik) return failed('UPSTREAM_INVALID', undefined, 'answered about someone else')
        if (number === undefined) return failed('UPSTREAM_INVALID', undefined, 'a permit without a number')
        return { nik, permit: { number, zone }, ...(text !== undefined && { sex: sex.read(text) }) }
      },
    }),
  ],
})
