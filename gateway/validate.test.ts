import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Capability } from '#contracts/capability.ts'
import { drivingLicenceRenew } from '#contracts/driving-licence.ts'
import { lossReportFile } from '#contracts/loss-report.ts'
import { pastDate, futureDatesIn } from '#contracts/past-date.ts'
import { policeRecordRequest } from '#contracts/police-record.ts'
import { residentMatch } from '#contracts/resident.ts'
import { GatewayFailure } from './failure.ts'
import { validateInput } from './validate.ts'

const form = lossReportFile.example.input
const report = lossReportFile as unknown as Capability

function errorsOf(
  input: unknown,
  identities: 'real' | 'synthetic' = 'synthetic',
  { of = report, today = '2026-02-01' }: { of?: Capability; today?: string } = {},
): unknown {
  try {
    validateInput(of, input, identities, today)
    return []
  } catch (error) {
    return (error as GatewayFailure).facts.errors
  }
}

it('names every wrong field of a form at once, however deep', () => {
  const { reporter, loss } = form
  const wrong = {
    ...form,
    reporter: { ...reporter, nik: '1', address: { ...reporter.address, postalCode: '1' }, shoeSize: 42 },
    items: [form.items[0], { type: 'other' }],
    loss: { ...loss, time: '25:00' },
  }
  expect(errorsOf(wrong, 'synthetic')).toEqual(
    expect.arrayContaining([
      { pointer: '/reporter/nik', detail: 'NIK has 16 digits' },
      { pointer: '/reporter/address/postalCode', detail: 'A postal code has 5 digits' },
      { pointer: '/reporter/shoeSize', detail: 'no such field' },
      { pointer: '/items/1/description', detail: 'is needed of what is in no list' },
      { pointer: '/loss/time', detail: 'a time of day such as 14:30' },
    ]),
  )
})

it('names where somebody of the other kind stands, however deep', () => {
  const items = [{ type: 'diploma', ownerNik: '3275011501900001' }]
  expect(errorsOf({ ...form, items }, 'synthetic')).toMatchObject([{ pointer: '/items/0/ownerNik' }])
  expect(errorsOf(form, 'real')).toMatchObject([{ pointer: '/reporter/nik' }])
})

describe('a day that must have come', () => {
  const { reporter, loss, items } = form
  const late = (pointer: string) => ({ pointer, detail: 'lies in the future' })

  it('is named where it has not, beside every other mistake', () => {
    const supportingLetter = { ...items[0]!.supportingLetter, date: '2026-02-02' }
    const input = {
      ...form,
      reporter: { ...reporter, nik: '1', birthDate: '2090-01-15' },
      items: [items[0], { ...items[0], supportingLetter }],
      loss: { ...loss, date: '2026-02-02' },
    }
    expect(errorsOf(input)).toEqual([
      { pointer: '/reporter/nik', detail: 'NIK has 16 digits' },
      late('/reporter/birthDate'),
      late('/items/1/supportingLetter/date'),
      late('/loss/date'),
    ])
  })

  it('may be today', () => {
    const input = { ...form, loss: { ...loss, date: '2026-02-02' } }
    expect(errorsOf(input, 'synthetic', { today: '2026-02-01' })).toEqual([late('/loss/date')])
    expect(errorsOf(input, 'synthetic', { today: '2026-02-02' })).toEqual([])
  })

  it('is only told to be no date where it is none', () => {
    expect(errorsOf({ ...form, loss: { ...loss, date: '9999-99-99' } })).toMatchObject([
      { pointer: '/loss/date', detail: expect.stringContaining('date') as unknown },
    ])
  })

  it.each([
    [policeRecordRequest, { applicant: { birthDate: '2030-01-01' } }, '/applicant/birthDate'],
    [drivingLicenceRenew, { health: { on: '2030-01-01' } }, '/health/on'],
    [residentMatch, { birthDate: '2030-01-01' }, '/birthDate'],
  ])('is looked for in every form', (capability, input, pointer) => {
    expect(errorsOf(input, 'synthetic', { of: capability as unknown as Capability })).toContainEqual(
      late(pointer),
    )
  })

  it('is found in whatever a form is made of', () => {
    const schema = z.object({
      way: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('none') }),
        z.object({ kind: z.literal('some'), on: pastDate.nullable().default(null) }),
      ]),
      days: z.array(z.union([z.int(), pastDate])).optional(),
    })
    const found = (value: unknown) => [...futureDatesIn(schema, value, '2026-02-01')]
    expect(found({ way: { kind: 'some', on: '2030-01-01' }, days: [1, '2030-01-01', '2020-01-01'] })).toEqual(
      [
        ['way', 'on'],
        ['days', 1],
      ],
    )
    expect(found({ way: { kind: 'none' } })).toEqual([])
    expect(found('2030-01-01')).toEqual([])
  })
})
