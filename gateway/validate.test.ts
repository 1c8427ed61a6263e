import { expect, it } from 'vitest'
import type { Capability } from '#contracts/capability.ts'
import { lossReportFile } from '#contracts/loss-report.ts'
import { GatewayFailure } from './failure.ts'
import { validateInput } from './validate.ts'

const form = lossReportFile.example.input
const report = lossReportFile as unknown as Capability

function errorsOf(input: unknown, identities: 'real' | 'synthetic'): unknown {
  try {
    validateInput(report, input, identities)
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
