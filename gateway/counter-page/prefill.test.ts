import { expect, it } from 'vitest'
import { prefill } from './prefill.ts'

const resident = {
  nik: '9999011501900001',
  fullName: 'WARGA CONTOH SATU',
  religion: { code: 'unknown', text: 'ALIRAN CONTOH' },
  address: { street: null, province: { code: '99', name: 'PROVINSI CONTOH' } },
} as const

it('fills in what was told, and guesses nothing', () => {
  expect(prefill({}, resident)).toEqual({
    '/reporter/nik': '9999011501900001',
    '/reporter/fullName': 'WARGA CONTOH SATU',
    '/reporter/address/province': 'PROVINSI CONTOH',
  })
})

it('leaves what an officer has written, as long as it is of the same person', () => {
  const written = { '/reporter/nik': resident.nik, '/reporter/phone': '081200000000', '/loss/place': 'PASAR' }
  expect(prefill(written, resident)).toMatchObject({
    '/reporter/phone': '081200000000',
    '/loss/place': 'PASAR',
  })
  const other = prefill({ ...written, '/reporter/nik': '9999022401780025' }, resident)
  expect(other['/reporter/phone']).toBeUndefined()
  expect(other['/loss/place']).toBe('PASAR')
})
