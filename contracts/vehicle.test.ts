import { expect, it } from 'vitest'
import { vehicle, vehicleLookup } from './vehicle.ts'

const input = { licencePlate: 'X 1234 ABC' }
const plate = { type: 'licencePlate', value: 'X 1234 ABC' }
const known = { brand: 'MEREK CONTOH', type: 'CONTOH 150 AT' }

it('is about its plate, and about its owner once the answer names one', () => {
  expect(vehicleLookup.subjects(input)).toEqual([plate])
  for (const ownerNik of [undefined, null])
    expect(vehicleLookup.subjects(input, { ...known, ownerNik })).toEqual([plate])
  expect(vehicleLookup.subjects(input, { ...known, ownerNik: '9999011501900001' })).toEqual([
    plate,
    { type: 'nik', value: '9999011501900001' },
  ])
})

it('holds nothing that is public', () => {
  for (const { dataClass } of vehicleLookup.elements.values()) expect(dataClass).toBe('personal')
})

it('refuses a number that is none', () => {
  expect(vehicle.safeParse({ ...known, engineCapacity: NaN }).success).toBe(false)
  expect(vehicle.safeParse({ ...known, year: 19 }).success).toBe(false)
})
