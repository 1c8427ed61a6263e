import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerRow } from '#gateway/store/store.ts'
import { type ChainHead, genesis, keyCheck, nextRow, verifyChain } from './chain.ts'

const key = Buffer.alloc(32, 7)

const content = fc.dictionary(fc.string(), fc.jsonValue()).map(value => JSON.stringify(value))
const entry = fc.record({ id: fc.uuid(), at: fc.nat(), content })

/** Chains of two to six rows, and the index of a row in them. */
const chainAndIndex = fc
  .array(entry, { minLength: 2, maxLength: 6 })
  .map(entries => {
    let head: ChainHead = genesis
    return entries.map(({ id, at, content }): LedgerRow => {
      const row = nextRow(key, head, id, at, content)
      head = row
      return row
    })
  })
  .chain(rows => fc.tuple(fc.constant(rows), fc.nat(rows.length - 1)))

const alter = (text: string): string => (text.startsWith('A') ? `B${text.slice(1)}` : `A${text.slice(1)}`)

describe('the chain', () => {
  it('verifies as it was made, page by page too', () => {
    fc.assert(
      fc.property(chainAndIndex, ([rows, index]) => {
        const { sequence, hash } = rows.at(-1)!
        const verdict = { ok: true, head: { sequence, hash } }
        expect(verifyChain(key, rows)).toEqual(verdict)
        const first = verifyChain(key, rows.slice(0, index))
        expect(first.ok && verifyChain(key, rows.slice(index), first.head)).toEqual(verdict)
      }),
    )
  })

  it('still verifies when content was destroyed', () => {
    fc.assert(
      fc.property(chainAndIndex, ([rows, index]) => {
        expect(verifyChain(key, rows.with(index, { ...rows[index]!, content: null }))).toMatchObject({
          ok: true,
        })
      }),
    )
  })

  it('names a row of which anything was altered', () => {
    fc.assert(
      fc.property(chainAndIndex, ([rows, index]) => {
        const row = rows[index]!
        const verdict = (change: Partial<LedgerRow>) =>
          verifyChain(key, rows.with(index, { ...row, ...change }))
        const { sequence } = row
        const broken = (broken: string) => ({ ok: false, sequence, broken })
        expect(verdict({ content: `${row.content} ` })).toEqual(broken('content'))
        expect(verdict({ content: alter(row.content!) })).toEqual(broken('content'))
        expect(verdict({ id: alter(row.id) })).toEqual(broken('row'))
        expect(verdict({ at: row.at + 1 })).toEqual(broken('row'))
        expect(verdict({ digest: alter(row.digest) })).toEqual(broken('row'))
        expect(verdict({ hash: alter(row.hash) })).toEqual(broken('row'))
        expect(verdict({ sequence: sequence + 1 })).toEqual(broken('sequence'))
        expect(verdict({ content: null, id: alter(row.id) })).toEqual(broken('row'))
      }),
    )
  })

  it('names the place where a row was removed, also when the others were numbered anew', () => {
    fc.assert(
      fc.property(chainAndIndex, ([rows, index]) => {
        fc.pre(index < rows.length - 1) // that the end was cut off is for an anchor to tell
        const rest = rows.toSpliced(index, 1)
        expect(verifyChain(key, rest)).toEqual({ ok: false, sequence: index + 1, broken: 'sequence' })
        const renumbered = rest.map((row, at) => ({ ...row, sequence: at + 1 }))
        expect(verifyChain(key, renumbered)).toEqual({ ok: false, sequence: index + 1, broken: 'row' })
      }),
    )
  })

  it('names the first of two rows that changed places', () => {
    fc.assert(
      fc.property(chainAndIndex, fc.nat(), ([rows, index], pick) => {
        const other = pick % rows.length
        fc.pre(other !== index)
        const swapped = rows.with(index, rows[other]!).with(other, rows[index]!)
        const sequence = Math.min(index, other) + 1
        expect(verifyChain(key, swapped)).toEqual({ ok: false, sequence, broken: 'sequence' })
      }),
    )
  })

  it('is worth nothing under another key', () => {
    const row = nextRow(key, genesis, '01900000-0000-7000-8000-000000000001', 0, '{}')
    expect(verifyChain(Buffer.alloc(32, 8), [row])).toEqual({ ok: false, sequence: 1, broken: 'row' })
    expect(keyCheck(Buffer.alloc(32, 8))).not.toBe(keyCheck(key))
  })

  it('keeps its format: chains of earlier versions must verify', () => {
    expect(
      nextRow(key, genesis, '01900000-0000-7000-8000-000000000001', 1_700_000_000_000, '{"outcome":"ok"}'),
    ).toEqual({
      sequence: 1,
      id: '01900000-0000-7000-8000-000000000001',
      at: 1_700_000_000_000,
      content: '{"outcome":"ok"}',
      digest: 'FV574rmA_KPGOf4Ty2ZgIuqn7k-bRKkWtfvaodpYrTY',
      hash: 'pwbgGRitjW8svKHDjoype8K_K7j5jg-g42y9AtrVMmY',
    })
    expect(keyCheck(key)).toBe('t-Nv3_FOQ0FUmoWRpYhgvbv-8zjNLNxZrV0t_SgvOxU')
  })
})
