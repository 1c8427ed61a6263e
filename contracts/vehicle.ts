/** The vehicle: what the police's register says of one, by its licence plate. */
import { z } from 'zod'
import { defineCapability, type Subject } from './capability.ts'
import { optional, personal } from './elements.ts'
import { licencePlate, recordedNumber } from './identifiers.ts'
import { plateColour, vehicleKind } from './police-codes.ts'

const text = z.string().min(1).max(200)
/** The register's own code and name, where no closed list is public. `null` where the answer lacks one of them. */
const registerTerm = z.object({ code: z.string().nullable(), name: z.string().nullable() })

/** Only `brand` and `type` are always there; see `optional` for the rest. A plate leads to a person, so nothing is public. */
export const vehicle = z.object({
  brand: personal(text, 'Merek', 'Brand'),
  type: personal(text, 'Tipe', 'Type'),
  year: optional(personal(z.int().min(1900).max(2100), 'Tahun pembuatan', 'Year of manufacture')),
  engineCapacity: optional(personal(z.number().nonnegative(), 'Isi silinder (cc)', 'Engine capacity (cc)')),
  colour: optional(personal(z.string(), 'Warna', 'Colour')),
  kind: optional(personal(vehicleKind.output, 'Jenis kendaraan', 'Kind of vehicle')),
  model: optional(personal(registerTerm, 'Model kendaraan', 'Model of vehicle')),
  plateColour: optional(personal(plateColour.output, 'Warna TNKB', 'Plate colour')),
  regency: optional(personal(registerTerm, 'Kabupaten/Kota', 'Regency or city')),
  policeRegion: optional(personal(registerTerm, 'Polda', 'Police region')),
  ownerNik: optional(personal(recordedNumber, 'NIK pemilik', "Owner's NIK")),
  note: optional(personal(z.string(), 'Keterangan', 'Note')),
})

export const vehicleLookup = defineCapability({
  id: 'vehicle.lookup',
  kind: 'query',
  path: '/v1/vehicles/lookup',
  title: { id: 'Kendaraan menurut nomor polisi', en: 'Vehicle by licence plate' },
  description: {
    id: 'Mengambil data kendaraan yang terdaftar pada nomor polisi (NRKB).',
    en: 'Fetches the vehicle that is registered under a licence plate.',
  },
  input: z.strictObject({ licencePlate }),
  output: vehicle,
  subjects: (input, output): Subject[] => [
    { type: 'licencePlate', value: input.licencePlate },
    ...(output?.ownerNik ? [{ type: 'nik', value: output.ownerNik } as const] : []),
  ],
  example: {
    input: { licencePlate: 'X 1234 ABC' },
    output: {
      brand: 'MEREK CONTOH',
      type: 'CONTOH 150 AT',
      year: 2019,
      engineCapacity: 150,
      colour: 'HITAM',
      kind: { code: 'motorcycle', text: 'SEPEDA MOTOR' },
      plateColour: { code: 'white', text: 'PUTIH' },
      ownerNik: '9999011501900001',
    },
  },
})
