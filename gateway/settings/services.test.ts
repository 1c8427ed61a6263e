import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { deliveryComponents, type Services } from '#gateway/services/service.ts'
import { loadSettings, SettingsInvalid } from './load.ts'
import { readServices } from './read-services.ts'
import type { Problem } from './read-yaml.ts'

const random = 'xR6Ck2pIeUTgYe9zc0vJqY8mJt5u8wB1sJr0mH7y3kQ='
const servicesYaml = `
sources:
  decree: { id: SK Bupati, en: Decree of the regent }
agencies:
  library: { id: Perpustakaan, en: Library }
common:
  complaints: { text: { id: Meja pengaduan, en: Complaint desk }, source: decree }
services:
  library-card.new:
    agency: library
    title: { id: Kartu perpustakaan, en: Library card }
    requirements:
      items:
        - { id: ktp, text: { id: KTP, en: Identity card } }
      source: decree
    time: { amount: 10, unit: workingMinutes, source: decree }
    fee: { free: true, source: decree }
`

/** `mall` and `services` as they stand in gateway.yaml. */
function load(mall: string, services?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-services-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const gatewayYaml = `
mall: ${mall}
identities: synthetic
keys: { sealing: [{ id: first, key: ${random} }], ledger: ${random}, pseudonyms: ${random} }
members: {}
upstreams: {}
${services === undefined ? '' : 'services: services.yaml'}
`
  writeFileSync(join(folder, 'gateway.yaml'), gatewayYaml)
  if (services !== undefined) writeFileSync(join(folder, 'services.yaml'), services)
  return loadSettings({ path: folder, environment: {}, adapters: new Map() })
}

function problemsOf(...files: Parameters<typeof load>): readonly Problem[] {
  try {
    load(...files)
  } catch (error) {
    if (error instanceof SettingsInvalid) return error.problems
    throw error
  }
  throw new Error('it has no problem')
}

function edited(before: string, after: string): string {
  expect(servicesYaml).toContain(before)
  return servicesYaml.replace(before, after)
}

describe("the mall's calendar", () => {
  it('has the usual hours unless told', () => {
    const { calendar } = load('{ name: A, timeZone: Asia/Jayapura }')
    expect(calendar).toMatchObject({ timeZone: 'Asia/Jayapura', holidays: [] })
    expect(calendar.hours).toMatchObject({
      monday: [{ from: 480, until: 900 }],
      friday: [
        { from: 480, until: 690 },
        { from: 780, until: 900 },
      ],
      saturday: [],
    })
  })

  it('is closed on days that its hours leave out', () => {
    const { hours } = load(`{ name: A, calendar: { hours: { saturday: ['09:00-12:00'] } } }`).calendar
    expect(hours).toMatchObject({ monday: [], saturday: [{ from: 540, until: 720 }] })
  })

  it.each([
    ['hours that are none', `hours: { monday: [8-15] }`, 'hours.monday[0]', /08:00-15:00/],
    ['hours backwards', `hours: { monday: ['15:00-08:00'] }`, 'hours.monday[0]', /earlier to the later/],
    [
      'overlapping hours',
      `hours: { monday: ['08:00-12:00', '11:00-15:00'] }`,
      'hours.monday',
      /one after the/,
    ],
    ['never open', `hours: { monday: [] }`, 'hours', /day of the week that is open/],
    [
      'an unknown day',
      `hours: { monday: ['08:00-15:00'], funday: [] }`,
      'hours.funday',
      /one of the keys monday/,
    ],
    [
      'a date twice',
      `holidays: [{ date: 2026-12-25, name: Natal }, { date: 2026-12-25, name: Natal }]`,
      'holidays',
      /each date once/,
    ],
    ['a date that is none', `holidays: [{ date: 2026-02-30, name: X }]`, 'holidays[0].date', /YYYY-MM-DD/],
    ['a holiday without a name', `holidays: [{ date: 2026-12-25 }]`, 'holidays[0].name', /missing/],
  ])('stops the start: %s', (_, calendar, path, expected) => {
    expect(problemsOf(`{ name: A, calendar: { ${calendar} } }`)).toEqual([
      { file: 'gateway.yaml', path: `mall.calendar.${path}`, expected: expect.stringMatching(expected) },
    ])
  })
})

describe("a mall's own services", () => {
  it('stand in place of those that the house comes with', () => {
    const { services } = load('{ name: A }', servicesYaml)
    expect([...services.keys()]).toEqual(['library-card.new'])
    expect(services.get('library-card.new')).toMatchObject({
      agency: { code: 'library', id: 'Perpustakaan' },
      time: { promised: { amount: 10, unit: 'workingMinutes' }, source: { id: 'SK Bupati' } },
      complaints: { text: { en: 'Complaint desk' }, source: { en: 'Decree of the regent' } },
      product: null,
      evaluation: null,
    })
  })

  it('get another version with whatever changes in them, and keep it otherwise', () => {
    const versionOf = (services: Services) => services.get('library-card.new')!.version
    const version = versionOf(load('{ name: A }', servicesYaml).services)
    expect(version).toMatch(/^[0-9a-f]{12}$/)
    expect(versionOf(load('{ name: B }', `# confirmed\n${servicesYaml}`).services)).toBe(version)
    expect(versionOf(load('{ name: A }', edited('amount: 10', 'amount: 15')).services)).not.toBe(version)
    expect(versionOf(load('{ name: A }', edited('Complaint desk', 'Desk')).services)).not.toBe(version)
  })

  it.each([
    ['an unknown key', 'amount: 10', 'amuont: 10, amount: 10', 'time.amuont', /one of the keys amount/],
    ['an amount without a unit', ', unit: workingMinutes', '', 'time', /together/],
    [
      'a unit nobody knows',
      'unit: workingMinutes',
      'unit: hours',
      'time.unit',
      /workingMinutes, workingDays/,
    ],
    [
      'a time that says nothing',
      'amount: 10, unit: workingMinutes, ',
      '',
      'time',
      /an amount with its unit, or/,
    ],
    ['a figure without a source', 'free: true, source: decree', 'free: true', 'fee.source', /missing/],
    [
      'a source that is none',
      'free: true, source: decree',
      'free: true, source: x',
      'fee.source',
      /^one of decree$/,
    ],
    ['an agency that is none', 'agency: library', 'agency: x', 'agency', /^one of library$/],
    ['a text in one language', ', en: Library card', '', 'title.en', /missing/],
    ['a fee that says nothing', 'free: true, ', '', 'fee', /free, or amounts, or a note/],
    [
      'free, and yet so much',
      'free: true,',
      'free: true, amounts: [{ variant: a, title: { id: A, en: A }, rupiah: 1 }],',
      'fee',
      /free, or amounts/,
    ],
    [
      'half a rupiah',
      'free: true,',
      'amounts: [{ variant: a, title: { id: A, en: A }, rupiah: 0.5 }],',
      'fee.amounts[0].rupiah',
      /whole number/,
    ],
    [
      'a requirement twice',
      'items:\n',
      'items:\n        - { id: ktp, text: { id: A, en: A } }\n',
      'requirements.items',
      /ids differ/,
    ],
  ])('stop the start: %s', (_, before, after, path, expected) => {
    expect(problemsOf('{ name: A }', edited(before, after))).toEqual([
      {
        file: 'services.yaml',
        path: `services.library-card.new.${path}`,
        expected: expect.stringMatching(expected),
      },
    ])
  })

  it('tell every problem at once, with those of the other files', () => {
    const wrong = edited('agency: library', 'agency: x').replace('amount: 10', 'amount: 0')
    const found = problemsOf(`{ name: A, timeZone: Asia/Contoh }`, wrong).map(
      ({ file, path }) => `${file}: ${path}`,
    )
    expect(found.toSorted()).toEqual([
      'gateway.yaml: mall.timeZone',
      'services.yaml: services.library-card.new.agency',
      'services.yaml: services.library-card.new.time.amount',
    ])
  })

  it('must be there', () => {
    expect(problemsOf('{ name: A }', '')).toEqual([
      { file: 'services.yaml', path: '', expected: 'a block of keys' },
    ])
  })
})

describe('the services that the house comes with', () => {
  const problems: Problem[] = []
  const services = readServices('.', undefined, {}, problems)
  const root = join(import.meta.dirname, '../..')

  it('fit their schema, and name no source or agency in vain', () => {
    expect(problems).toEqual([])
    const file = join(root, 'config/services.yaml')
    const { sources, agencies } = parse(readFileSync(file, 'utf8')) as Record<string, object>
    const text = readFileSync(file, 'utf8')
    for (const id of Object.keys(sources!)) expect(text).toContain(`source: ${id}`)
    for (const id of Object.keys(agencies!)) expect(text).toContain(`agency: ${id}`)
  })

  it.each(['demo', 'init'])('have every purpose of the agreements in config/%s', folder => {
    const agreements = join(root, 'config', folder, 'agreements')
    const purposes = readdirSync(agreements).flatMap(file => {
      const { grants } = parse(readFileSync(join(agreements, file), 'utf8')) as {
        grants: readonly { purposes: readonly string[] }[]
      }
      return grants.flatMap(grant => grant.purposes)
    })
    expect(purposes.length).toBeGreaterThan(3)
    for (const purpose of purposes) expect([...services.keys()]).toContain(purpose)
  })

  it('mark whatever is no law and no word of the agency, and every time there is', () => {
    const uncertain = [
      'Daftar layanan yang diterbitkan MPP lain',
      'Laman instansi dan pers',
      'Pengetahuan umum',
    ]
    for (const service of services.values()) {
      for (const component of deliveryComponents) {
        const said = service[component]
        if (said && (component === 'time' || uncertain.includes(said.source.id)))
          expect(said, `${service.code} ${component}`).toMatchObject({ toBeConfirmed: true })
      }
    }
  })
})
