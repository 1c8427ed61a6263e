import { describe, expect, it } from 'vitest'
import { service } from '#gateway/testing/services.ts'
import { type Service, serviceTitle, standardOf } from './service.ts'
import { publicService, serviceView } from './views.ts'

const text = (words: string) => ({ id: `${words} (id)`, en: `${words} (en)` })
const known = { source: text('PP 76/2020'), toBeConfirmed: false }
const renewal: Service = service('driving-licence.renewal', {
  requirements: {
    items: [
      { id: 'ktp', text: text('card'), optional: false },
      { id: 'old-driving-licence', text: text('licence'), optional: false },
      { id: 'loss-report', text: text('report'), optional: false, when: text('lost') },
      { id: 'letter', text: text('letter'), optional: true },
    ],
    ...known,
  },
  time: { promised: { amount: 60, unit: 'workingMinutes' }, ...known, toBeConfirmed: true },
  fee: {
    free: false,
    amounts: [
      { variant: 'sim-a', title: text('A'), rupiah: 80_000 },
      { variant: 'sim-c', title: text('C'), rupiah: 75_000 },
    ],
    ...known,
  },
  staffNumber: { text: text('four'), ...known },
})
const services = new Map([[renewal.code, renewal]])
const standard = standardOf(services, renewal.code)!

it('shows the public six with their sources, and names what is to be confirmed', () => {
  const shown = publicService(renewal, 'en')
  expect(shown).toMatchObject({
    code: 'driving-licence.renewal',
    agency: { code: 'contoh', name: 'Example Agency' },
    requirements: { source: 'PP 76/2020 (en)' },
    time: { promised: { amount: 60, unit: 'workingMinutes' }, note: null },
    procedure: null,
    toBeConfirmed: ['procedure', 'time', 'product', 'complaints'],
  })
  expect(shown.requirements!.items[2]).toEqual({
    id: 'loss-report',
    text: 'report (en)',
    optional: false,
    when: 'lost (en)',
  })
  expect(JSON.stringify(shown)).not.toContain('four')
})

describe('an order by its standard', () => {
  const view = (met: readonly string[], variant?: string) =>
    serviceView(standard, { met: new Set(met), variant, clock: undefined }, 'id')

  it('tells what is met and what is missing, and leaves to people what depends', () => {
    const states = view(['ktp', 'unheard-of']).requirements!.map(({ id, state }) => [id, state])
    expect(states).toEqual([
      ['ktp', 'met'],
      ['old-driving-licence', 'missing'],
      ['loss-report', 'conditional'],
      ['letter', 'optional'],
    ])
    expect(view(['loss-report', 'letter']).requirements!.map(({ state }) => state)).toEqual([
      'missing',
      'missing',
      'met',
      'met',
    ])
  })

  it('tells what is to be paid, where that can be said', () => {
    expect(view([], 'sim-c').fee!.rupiah).toBe(75_000)
    expect(view([]).fee!.rupiah).toBeNull()
    expect(view([], 'sim-b').fee!.rupiah).toBeNull()
    const feeOf = (fee: Service['fee']) =>
      serviceView({ ...standard, fee }, { met: new Set(), clock: undefined }, 'id').fee?.rupiah
    expect(feeOf({ free: true, amounts: [], ...known })).toBe(0)
    expect(feeOf({ ...renewal.fee!, amounts: [renewal.fee!.amounts[0]!] })).toBe(80_000)
    expect(feeOf(null)).toBeUndefined()
  })

  it('says so where nobody knows what is required', () => {
    const unknown = standardOf(new Map([['a', service('a')]]), 'a')!
    expect(serviceView(unknown, { met: new Set(['ktp']), clock: undefined }, 'id')).toMatchObject({
      requirements: null,
      fee: null,
      promised: null,
    })
  })

  it('tells its clock in ISO instants', () => {
    const clock = {
      state: 'paused',
      startedAt: 0,
      elapsedMs: 5,
      dueAt: null,
      remainingMs: 7,
      isLate: false,
      finishedAt: null,
      pauses: [{ from: 1_000, until: null, reason: '41' }],
      resets: 0,
    } as const
    expect(serviceView(standard, { met: new Set(), clock }, 'id').clock).toEqual({
      ...clock,
      startedAt: '1970-01-01T00:00:00.000Z',
      pauses: [{ from: '1970-01-01T00:00:01.000Z', until: null, reason: '41' }],
    })
  })

  it('is the same after its standard was kept as JSON', () => {
    const kept = JSON.parse(JSON.stringify(standard)) as typeof standard
    const facts = { met: new Set(['ktp']), variant: 'sim-a', clock: undefined }
    expect(serviceView(kept, facts, 'id')).toEqual(serviceView(standard, facts, 'id'))
  })
})

it('calls a purpose by the title of its service, or by its code', () => {
  expect(serviceTitle(services, 'driving-licence.renewal')).toEqual(renewal.title)
  expect(serviceTitle(services, 'research')).toEqual({ id: 'research', en: 'research' })
  expect(standardOf(services, 'research')).toBeUndefined()
})
