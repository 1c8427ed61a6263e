/** A vehicle as the traffic police (Korlantas) write it, and what it means in the house's words. */
import { z } from 'zod'
import { type Failed, failed } from '#contracts/adapter.ts'
import { normaliseText } from '#contracts/code-list.ts'
import { plateColour, vehicleKind } from '#contracts/police-codes.ts'
import type { vehicle } from '#contracts/vehicle.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { number, readNumber, text, unlisted } from './wire.ts'

export const vehicleRow = z.object({
  STATUS: z.string(),
  DESKRIPSI: text,
  Merk: text,
  Type: text,
  TahunPembuatan: number,
  IsiCylinder: number,
  Warna: text,
  JenisKendaraan: text,
  KodeModelKendaraan: number,
  ModelKendaraan: text,
  WarnaTNKB: text,
  KodeKabKota: number,
  KabKota: text,
  KodePolda: number,
  Polda: text,
  NIK: text,
  Keterangan: text,
})
type Row = z.output<typeof vehicleRow>
type Wire = string | number | null | undefined

/** What the row refuses, or undefined when it holds a vehicle. A `0` that says anything but "not found" is no "not found". */
export function readVehicleRefusal({ STATUS, DESKRIPSI }: Row): Failed | undefined {
  if (STATUS === '1') return undefined
  const isNotFound = STATUS === '0' && normaliseText(DESKRIPSI ?? '').startsWith('NRKB TIDAK DITEMUKAN')
  return isNotFound ? failed('NOT_FOUND', STATUS) : failed('UPSTREAM_INVALID', unlisted(STATUS))
}

/** What a row says of a vehicle. The contract refuses an empty brand or type. */
export function readVehicle(row: Row): z.input<typeof vehicle> {
  return {
    brand: read(row.Merk, asIs) ?? '',
    type: read(row.Type, asIs) ?? '',
    year: read(row.TahunPembuatan, readNumber),
    engineCapacity: read(row.IsiCylinder, readNumber),
    colour: read(row.Warna, asIs),
    kind: read(row.JenisKendaraan, vehicleKind.read),
    model: readTerm(row.KodeModelKendaraan, row.ModelKendaraan),
    plateColour: read(row.WarnaTNKB, plateColour.read),
    regency: readTerm(row.KodeKabKota, row.KabKota),
    policeRegion: readTerm(row.KodePolda, row.Polda),
    ownerNik: read(row.NIK, nik => (/^0+$/.test(nik) ? null : nik)),
    note: read(row.Keterangan, asIs),
  }
}

function readTerm(wireCode: Wire, wireName: Wire): z.input<typeof vehicle>['model'] {
  const code = read(wireCode, asIs)
  const name = read(wireName, asIs)
  if (code === undefined && name === undefined) return undefined
  return code || name ? { code: code ?? null, name: name ?? null } : null
}
