import { expect, it } from 'vitest'
import { inputOf, itemFields, lookupFields, matchFields, readValues } from './fields.ts'

it('makes an input of what was posted: groups and lists by their pointers, nothing of empty fields', () => {
  const values = {
    '/reporter/nik': '1',
    '/items/0/type': 'bankCard',
    '/items/0/description': '',
    '/items/1/type': 'other',
    '/reporter/address/street': 'JL',
  }
  expect(inputOf(values)).toEqual({
    reporter: { nik: '1', address: { street: 'JL' } },
    items: [{ type: 'bankCard' }, { type: 'other' }],
  })
})

it('reads the fields of the form and no others, numbers however they are spaced', () => {
  const posted = {
    '/nik': ' 9999 0115-0190.0001 ',
    '/fullName': ' Budi ',
    '/__proto__/x': '1',
    formToken: 't',
  }
  expect(readValues(matchFields, posted)).toEqual({ '/nik': '9999011501900001', '/fullName': 'Budi' })
  expect(readValues(lookupFields, { '/nik': ['1', '2'] })).toEqual({})
  expect(itemFields(3).map(({ pointer }) => pointer)).toEqual(['/items/3/type', '/items/3/description'])
})
