import { expect, it } from 'vitest'
import { createNames } from './names.ts'

const none = { members: [], upstreams: [] }

it('calls a purpose by its service, in the language asked for, and by its code where nobody has named it', () => {
  const service = { id: 'SKCK baru', en: 'New police record certificate' }
  const names = createNames(none, code => (code === 'skck.new' ? service : undefined))
  expect(names.purpose('skck.new', 'id')).toBe('SKCK baru')
  expect(names.purpose('skck.new', 'en')).toBe('New police record certificate')
  expect(names.purpose('skck.renewal', 'id')).toBe('skck.renewal')
  expect(createNames(none).purpose('skck.new', 'en')).toBe('skck.new')
})
