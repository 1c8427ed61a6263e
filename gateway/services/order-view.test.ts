import { expect, it } from 'vitest'
import { drivingLicenceRenew } from '#contracts/driving-licence.ts'
import { readServices } from '#gateway/settings/read-services.ts'
import { openFrom } from '#gateway/testing/services.ts'
import { createCalendar } from './calendar.ts'
import { createOrderView } from './order-view.ts'
import { standardOf } from './service.ts'

it('shows the fee of its kind, and the papers that are there and those that are not', () => {
  const calendar = createCalendar({ timeZone: 'Asia/Jakarta', hours: openFrom(8, 16), holidays: [] })
  const standard = standardOf(readServices('.', undefined, {}, []), 'driving-licence.renewal')
  const input = drivingLicenceRenew.input.parse(drivingLicenceRenew.example.input)
  const view = createOrderView(calendar, Date.now)(
    {
      standard,
      documents: [{ requirement: 'ktp' }],
      variant: drivingLicenceRenew.variant!(input),
    },
    [],
    'en',
  )
  expect(input.licence.class).toBe('c')
  expect(view.fee).toMatchObject({ rupiah: 75_000 })
  const stateOf = (id: string) => view.requirements!.find(item => item.id === id)!.state
  expect(stateOf('ktp')).toBe('met')
  expect(stateOf('health-result')).toBe('missing')
})
