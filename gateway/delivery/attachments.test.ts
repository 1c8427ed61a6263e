import { expect, it } from 'vitest'
import { sniffType } from './attachments.ts'

it.each([
  ['application/pdf', Buffer.from('%PDF-1.7')],
  ['image/jpeg', Buffer.from('ffd8ffe0', 'hex')],
  ['image/png', Buffer.from('89504e470d0a1a0a', 'hex')],
  [undefined, Buffer.from('89504e47', 'hex')],
  [undefined, Buffer.from(' %PDF-1.7')],
  [undefined, Buffer.from('GIF89a')],
  [undefined, Buffer.from('PK\x03\x04')],
  [undefined, Buffer.from('<svg>')],
  [undefined, Buffer.alloc(0)],
])('knows a file by its first bytes: %s', (type, bytes) => {
  expect(sniffType(bytes)).toBe(type)
})
