import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSealer, deriveKey, SealBroken } from './sealing.ts'

const november = { id: '2026-11', key: randomBytes(32) }
const december = { id: '2026-12', key: randomBytes(32) }
const sealer = createSealer([november])

test('what was sealed opens under the same context, and shows nothing meanwhile', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
      expect(sealer.open(sealer.seal(plain, context), context).toString()).toBe(plain)
    }),
  )
  const sealed = sealer.seal('BUDI CONTOH', 'one')
  expect(sealed.includes('BUDI')).toBe(false)
  expect(sealed.equals(sealer.seal('BUDI CONTOH', 'one'))).toBe(false)
})

test('a nonce is never used twice, also across refills of the pool', () => {
  const nonces = Array.from({ length: 1_000 }, () => sealer.seal('', '').subarray(9, 21).toString('hex'))
  expect(new Set(nonces).size).toBe(1_000)
})

test('one changed bit anywhere, a cut or an addition breaks the seal', () => {
  const sealed = sealer.seal('{"nik":"9999011501900001"}', 'key')
  fc.assert(
    fc.property(fc.nat(sealed.length * 8 - 1), bit => {
      const tampered = Buffer.from(sealed)
      tampered[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => sealer.open(tampered, 'key')).toThrow(SealBroken)
    }),
    { numRuns: 500 },
  )
  for (let length = 0; length < sealed.length; length++) {
    expect(() => sealer.open(sealed.subarray(0, length), 'key')).toThrow(SealBroken)
  }
  expect(() => sealer.open(Buffer.concat([sealed, Buffer.of(0)]), 'key')).toThrow(SealBroken)
})

test('a record that is moved to another context does not open', () => {
  const sealed = sealer.seal('data', 'entry/1')
  expect(() => sealer.open(sealed, 'entry/2')).toThrow(SealBroken)
  expect(() => sealer.open(sealed, '')).toThrow(SealBroken)
})

test('keys rotate: the new one seals, the old one still opens until it is taken away', () => {
  const old = sealer.seal('data', 'context')
  const rotated = createSealer([december, november])
  expect(rotated.open(old, 'context').toString()).toBe('data')

  const retired = createSealer([december])
  expect(retired.open(rotated.seal('data', 'context'), 'context').toString()).toBe('data')
  expect(() => retired.open(old, 'context')).toThrow('a key that is not configured')
})

test('the id in a record is bound to it, even if two ids hold the same key', () => {
  const twins = createSealer([
    { id: 'a', key: november.key },
    { id: 'b', key: november.key },
  ])
  const sealed = twins.seal('data', 'context')
  sealed.write('b', 2)
  expect(() => twins.open(sealed, 'context')).toThrow(SealBroken)
})

test('wrong keys are refused at the start, without showing them', () => {
  expect(() => createSealer([])).toThrow('at least one key')
  expect(() => createSealer([{ id: 'short', key: Buffer.alloc(16) }])).toThrow('"short" needs 32 bytes')
  expect(() => createSealer([november, november])).toThrow('same id')
  expect(() => deriveKey(Buffer.alloc(31), 'sealing')).toThrow('at least 32 bytes')
})

test('one master key gives a stable, different key for each use', () => {
  const master = Buffer.alloc(32, 7)
  expect(deriveKey(master, 'sealing')).toEqual(deriveKey(master, 'sealing'))
  expect(deriveKey(master, 'sealing')).not.toEqual(deriveKey(master, 'cache-key'))
  // Pinned: another result would make everything sealed so far unreadable.
  expect(deriveKey(master, 'sealing').toString('hex')).toMatchInlineSnapshot(
    `"19e2f3bf030dca7f0329d67764314799178589a1c610ccf6bfad9e3ae977cbe0"`,
  )
})
