import { expect, it } from 'vitest'
import { service } from '#gateway/testing/services.ts'
import { createNames } from './names.ts'

it('calls a purpose by its service, in the language asked for, and by its code where nobody has named it', () => {
  const title = { id: 'SKCK baru', en: 'New police record certificate' }
  const services = new Map([['skck.new', service('skck.new', { title })]])
  const names = createNames({ members: [], upstreams: [], services })
  expect(names.purpose('skck.new', 'id')).toBe('SKCK baru')
  expect(names.purpose('skck.new', 'en')).toBe('New police record certificate')
  expect(names.purpose('skck.renewal', 'id')).toBe('skck.renewal')
})
