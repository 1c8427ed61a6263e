import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ContractPath } from '#contracts/elements.ts'
import { familyLookup } from '#contracts/family.ts'
import { residentLookup } from '#contracts/resident.ts'
import { type Agreement, expandPath, parties } from './agreements.ts'
import { decide } from './decide.ts'
import { elementsIn, release } from './release.ts'

const from = Date.parse('2026-01-01T00:00:00+07:00')
const until = Date.parse('2027-01-01T00:00:00+07:00')
const during = from + 1

const agreement = (elements: readonly ContractPath[], capability = 'resident.lookup'): Agreement => ({
  id: 'pks-1',
  upstream: 'dukcapil',
  member: 'front-office',
  legalBasis: 'PKS 1/2026',
  contact: { name: 'Ibu Contoh', email: 'pks@example.go.id' },
  validFrom: from,
  validUntil: until,
  suspendedBy: [],
  quotas: [],
  reuse: { scope: 'none', timeToLiveMs: 0, staleMs: 0 },
  grants: new Map([[capability, new Map([['skck.new', new Set(elements)]])]]),
})
const pks = agreement(['/nik', '/fullName'])
const intent = { capability: 'resident.lookup', purpose: 'skck.new', asked: undefined }

describe('decide', () => {
  it.each([
    ['what is granted', {}, during, 'granted'],
    ['a granted element asked for by name', { asked: ['/fullName'] as ContractPath[] }, during, 'granted'],
    ['another capability', { capability: 'family.lookup' }, during, 'CAPABILITY_NOT_GRANTED'],
    ['another purpose', { purpose: 'tax.check' }, during, 'PURPOSE_NOT_GRANTED'],
    [
      'an element that is not granted',
      { asked: ['/nik', '/motherName'] as ContractPath[] },
      during,
      'ELEMENT_NOT_GRANTED',
    ],
    ['the moment before the first', {}, from - 1, 'AGREEMENT_NOT_YET_VALID'],
    ['the first moment', {}, from, 'granted'],
    ['the last moment', {}, until - 1, 'granted'],
    ['the moment after', {}, until, 'AGREEMENT_EXPIRED'],
  ])('%s: %#', (_, change, now, expected) => {
    const decision = decide({ ...intent, ...change }, pks, now)
    expect(decision.granted ? 'granted' : decision.reason).toBe(expected)
  })

  it.each([
    [['member'], 'suspended by your organisation'],
    [['upstream'], 'suspended by the agency'],
    [['gateway'], 'suspended by the mall'],
    [['member', 'upstream'], 'suspended by your organisation and the agency'],
  ] as const)('grants nothing while it is suspended by %j, and says by whom', (suspendedBy, words) => {
    const decision = decide(intent, { ...pks, suspendedBy }, during)
    expect(decision).toMatchObject({
      granted: false,
      reason: 'AGREEMENT_SUSPENDED',
      detail: expect.stringContaining(words) as string,
    })
  })

  it('says for which purposes it does grant, when the purpose is not among them', () => {
    const decision = decide({ ...intent, purpose: 'tax.check' }, pks, during)
    expect(decision).toMatchObject({ detail: 'agreement pks-1 grants resident.lookup for skck.new only' })
  })

  it('names the elements that are not granted', () => {
    const decision = decide({ ...intent, asked: ['/nik', '/motherName', '/religion'] }, pks, during)
    expect(decision).toMatchObject({ granted: false, elements: ['/motherName', '/religion'] })
  })

  it('expands a parent to the children that the contract names', () => {
    expect(expandPath('/address', familyLookup)).toHaveLength(9)
    expect(expandPath('/members/*/nik', familyLookup)).toEqual(['/members/*/nik'])
    expect(expandPath('/addr', familyLookup)).toEqual([])
    expect(expandPath('', familyLookup)).toEqual([]) // nobody grants everything by a slip
  })
})

/** Any JSON an agency may come up with, thick with names that the contract knows. */
const names = fc.constantFrom(
  'nik',
  'fullName',
  'address',
  'street',
  'village',
  'members',
  'code',
  'motherName',
  'newField',
  '__proto__',
)
const { answer } = fc.letrec(tie => ({
  answer: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.constant(null),
    fc.array(tie('answer'), { maxLength: 3 }),
    fc.dictionary(names, tie('answer'), { maxKeys: 6 }),
  ),
}))

/** Every leaf of a value by contract path. */
function leavesOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(item => leavesOf(item, `${path}/*`))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, child]) => leavesOf(child, `${path}/${key}`))
  return [path]
}

/** Every object of a record, by contract path. */
function objectsIn(value: unknown, path = ''): { path: ContractPath; object: object }[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(item => objectsIn(item, `${path}/*`))
  const within = Object.entries(value).flatMap(([key, child]) => objectsIn(child, `${path}/${key}`))
  return [{ path: path as ContractPath, object: value }, ...within]
}

describe('release', () => {
  for (const capability of [residentLookup, familyLookup]) {
    const elements = [...capability.elements.keys()]

    it(`${capability.id}: for any agreement, intent, time and answer, what is shown is what is granted`, () => {
      const purposes = ['skck.new', 'skck.renewal', 'tax.check']
      const instant = fc.oneof(
        fc.constantFrom(from - 1, from, from + 1, until - 1, until, until + 1),
        fc.integer({ min: from - 1_000_000, max: until + 1_000_000 }),
      )
      const granting = fc.uniqueArray(fc.tuple(fc.constantFrom(...purposes), fc.subarray(elements)), {
        selector: ([purpose]) => purpose,
      })
      const asking = fc.record({
        purpose: fc.constantFrom(...purposes),
        asked: fc.option(fc.subarray(elements), { nil: undefined }),
      })
      const suspending = fc.subarray([...parties])
      fc.assert(
        fc.property(granting, suspending, asking, instant, answer, (grants, suspendedBy, ask, at, record) => {
          const sets = new Map(grants.map(([purpose, granted]) => [purpose, new Set(granted)]))
          const held = { ...pks, suspendedBy, grants: new Map([[capability.id, sets]]) }
          const decision = decide({ capability: capability.id, ...ask }, held, at)
          const isInForce = from <= at && at < until && suspendedBy.length === 0
          const granted = sets.get(ask.purpose)
          const fits = granted !== undefined && (ask.asked ?? []).every(element => granted.has(element))
          expect(decision.granted).toBe(isInForce && fits)
          if (!decision.granted) return
          const allowed = [...granted!].filter(element => ask.asked?.includes(element) ?? true)
          for (const leaf of leavesOf(release(record, decision.elements)))
            if (leaf !== '')
              expect(allowed.some(path => leaf === path || leaf.startsWith(`${path}/`))).toBe(true)
        }),
      )
    })

    it(`${capability.id}: a field that no contract names is never shown, wherever an agency puts it`, () => {
      fc.assert(
        fc.property(fc.subarray(elements), fc.nat(), (granted, place) => {
          const record: object = structuredClone(capability.example.output)
          const objects = objectsIn(record).filter(({ path }) => !elements.includes(path))
          const { object } = objects[place % objects.length]!
          Object.assign(object, { newField: 'NEW', motherNameNew: { nik: 'NEW' } })
          expect(JSON.stringify(release(record, new Set(granted)))).not.toContain('NEW')
        }),
      )
    })

    it(`${capability.id}: for any agreement and any answer, what is released is what is granted`, () => {
      fc.assert(
        fc.property(fc.subarray(elements), answer, (granted, record) => {
          const shown = release(record, new Set(granted))
          for (const leaf of leavesOf(shown)) {
            if (leaf !== '')
              expect(granted.some(path => leaf === path || leaf.startsWith(`${path}/`))).toBe(true)
          }
        }),
      )
    })

    it(`${capability.id}: shows every granted element that the record holds`, () => {
      fc.assert(
        fc.property(fc.subarray(elements), granted => {
          const record = capability.example.output
          const held = elementsIn(record, elements)
          expect(elementsIn(release(record, new Set(granted)), elements)).toEqual(
            held.filter(path => granted.includes(path)),
          )
        }),
      )
    })
  }

  it('keeps the place of list items of which nothing may be shown', () => {
    const record = { members: [{ nik: '1' }, { fullName: 'B' }] }
    expect(release(record, new Set(['/members/*/fullName'] as const))).toEqual({
      members: [{}, { fullName: 'B' }],
    })
  })

  it('shows null as null: the agency keeps it empty', () => {
    expect(release({ motherName: null }, new Set(['/motherName'] as const))).toEqual({ motherName: null })
  })
})
