/** The family: everyone on one family card. */
import { z } from 'zod'
import { defineCapability, type Subject } from './capability.ts'
import { personal } from './elements.ts'
import { familyCardNumber, recordedNumber } from './identifiers.ts'
import { address, resident } from './resident.ts'

/** A member says what the lookup says, but for what all members share. */
const familyMember = resident.omit({ familyCardNumber: true, address: true })

export const family = z.object({
  familyCardNumber: personal(recordedNumber, 'Nomor KK', 'Family card number'),
  address: address.optional(),
  members: z.array(familyMember).min(1),
})

export const familyLookup = defineCapability({
  id: 'family.lookup',
  kind: 'query',
  path: '/v1/families/lookup',
  title: { id: 'Anggota keluarga menurut nomor KK', en: 'Family by family card number' },
  description: {
    id: 'Mengambil seluruh anggota pada satu kartu keluarga.',
    en: 'Fetches everyone on one family card.',
  },
  input: z.strictObject({ familyCardNumber }),
  output: family,
  subjects: (input, output) => [
    { type: 'familyCardNumber', value: input.familyCardNumber },
    ...(output?.members ?? []).map(({ nik }): Subject => ({ type: 'nik', value: nik })),
  ],
  example: {
    input: { familyCardNumber: '9999010101200001' },
    output: {
      familyCardNumber: '9999010101200001',
      members: [
        {
          nik: '9999011501900001',
          fullName: 'WARGA CONTOH SATU',
          familyRelation: { code: 'head', text: 'KEPALA KELUARGA' },
        },
      ],
    },
  },
})
