import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Adapter, defineInbound, failed } from '#contracts/adapter.ts'
import { defineNotice } from '#contracts/capability.ts'
import { optional, personal, publicElement } from '#contracts/elements.ts'
import { toyAdapter } from '#gateway/conformance/toy-adapter.ts'
import { deskAdapter, permitOrder } from '#gateway/testing/order-desk.ts'
import { capabilityCatalogue, catalogueSchema, type Source } from './catalogue.ts'
import { capabilityPage } from './page.ts'
import { trustWords, words } from './words.ts'

const permitIssued = defineNotice({
  id: 'permit.issued',
  title: { id: 'Izin terbit', en: 'Permit issued' },
  description: { id: 'Sebuah izin telah terbit.', en: 'A permit has been issued.' },
  output: z.object({
    number: publicElement(z.string(), 'Nomor izin', 'Permit number'),
    note: optional(publicElement(z.string(), 'Catatan', 'Note')),
    owners: z.array(z.object({ fullName: personal(z.string(), 'Nama lengkap', 'Full name') })),
    seat: z.object({ street: personal(z.string(), 'Alamat', 'Street') }).optional(),
  }),
  subjects: () => [],
  example: { output: { number: 'IZIN-1', owners: [] } },
})

const toy = toyAdapter()
const adapter: Adapter = {
  ...toy,
  operations: (operation, submit) =>
    toy.operations(operation, submit).filter(({ capability }) => capability.id === 'resident.lookup'),
  skips: [
    { check: 'expired token', reason: 'its token <never> expires' },
    { check: 'wrong order', capability: 'resident.lookup', reason: 'it answers one at a time' },
  ],
  inbound: defineInbound({
    config: z.object({}),
    operations: receive => [
      receive(permitIssued, {
        path: '/permits',
        trust: 'documented',
        body: z.object({}),
        verify: () => true,
        read: () => failed('REJECTED'),
        answer: () => ({ status: 200, body: {} }),
      }),
    ],
  }),
}

const source = (id: string, changes: Partial<Source> = {}): Source => ({
  id,
  adapter,
  policy: adapter.policy,
  inbound: {},
  ...changes,
})

const trusted: Adapter = {
  ...adapter,
  title: { id: 'Instansi lain', en: 'Other agency' },
  trust: 'documented',
}

describe('the catalogue', () => {
  it('tells each capability once, with its routes and who serves it', () => {
    const { capabilities } = capabilityCatalogue(
      { upstreams: [source('first'), source('second', { adapter: trusted })] },
      'en',
    )
    expect(capabilities).toHaveLength(1)
    expect(capabilities[0]).toMatchObject({
      id: 'resident.lookup',
      kind: 'query',
      title: 'Resident by NIK',
      routes: [{ method: 'POST', path: '/v1/residents/lookup' }],
      sources: [
        { upstream: 'first', agency: 'Toy agency', trust: 'assumed' },
        { upstream: 'second', agency: 'Other agency', trust: 'documented' },
      ],
    })
  })

  it('tells sources in the order of the rules, and leaves out whom no rule names', () => {
    const upstreams = ['first', 'second', 'third'].map(id => source(id))
    const routes = [
      { capability: 'resident.lookup', members: ['health-desk'], upstreams: ['third'] },
      { capability: 'resident.lookup', upstreams: ['second', 'third'] },
    ]
    const { capabilities } = capabilityCatalogue({ upstreams, routes }, 'en')
    expect(capabilities[0]?.sources.map(({ upstream }) => upstream)).toEqual(['third', 'second'])
  })

  it('leaves out what an upstream does not serve here', () => {
    const upstreams = [source('first', { capabilities: new Set(), inbound: undefined })]
    expect(capabilityCatalogue({ upstreams }, 'en')).toMatchObject({
      capabilities: [],
      notices: [],
      upstreams: [{ id: 'first' }],
    })
  })

  it('tells an order that a person brings to the agency as assisted, and a question of the same agency as before', () => {
    const desk = source('desk', {
      adapter: deskAdapter({ trust: 'assumed' }),
      assisted: new Set([permitOrder.id]),
    })
    const trustOf = (upstream: Source) =>
      capabilityCatalogue({ upstreams: [upstream] }, 'en').capabilities[0]?.sources[0]?.trust
    expect(trustOf(desk)).toBe('assisted')
    expect(trustOf({ ...desk, assisted: new Set() })).toBe('assumed')
  })

  it('tells elements with label, data class, and whether they are always there', () => {
    const { capabilities, notices } = capabilityCatalogue({ upstreams: [source('first')] }, 'id')
    expect(capabilities[0]?.elements).toEqual(
      expect.arrayContaining([
        { path: '/nik', label: 'NIK', dataClass: 'personal', presence: 'always' },
        { path: '/bloodGroup', label: 'Golongan darah', dataClass: 'specific', presence: 'optional' },
        { path: '/address/street', label: 'Alamat', dataClass: 'personal', presence: 'optional' },
      ]),
    )
    expect(notices).toMatchObject([
      {
        id: 'permit.issued',
        sources: [{ upstream: 'first', trust: 'documented', path: '/inbound/first/permits' }],
      },
    ])
    expect(notices[0]?.elements.map(({ path, presence }) => [path, presence])).toEqual([
      ['/number', 'always'],
      ['/note', 'optional'],
      ['/owners/*/fullName', 'always'],
      ['/seat/street', 'optional'],
    ])
  })

  it('tells how an upstream is treated and which checks do not fit it, as its schema says', () => {
    const policy = { ...adapter.policy, deadlineMs: 1_234 }
    const catalogue = capabilityCatalogue({ upstreams: [source('first', { policy })] }, 'en')
    expect(catalogueSchema.strict().parse(catalogue)).toEqual(catalogue)
    expect(catalogue.upstreams).toEqual([
      { id: 'first', agency: 'Toy agency', trust: 'assumed', policy, skips: adapter.skips },
    ])
  })
})

describe.each([
  ['id', 'diduga', 'Pemeriksaan yang dilewati', 'Batas waktu'],
  ['en', 'assumed', 'Checks left out', 'Deadline'],
] as const)('the page (%s)', (language, assumed, skipsCaption, deadline) => {
  const pageOf = async (of: Adapter) => {
    const upstreams = [source('first', { adapter: of })]
    return String(await capabilityPage(language, capabilityCatalogue({ upstreams }, language)))
  }

  it('marks what is assumed, and only that', async () => {
    expect(await pageOf(adapter)).toContain(`<td><mark>${assumed}</mark></td>`)
    expect(await pageOf(trusted)).not.toContain('<mark>')
  })

  it('says what becomes of an order that is assisted', async () => {
    const assistedNote = words.assistedNote[language].replaceAll("'", '&#39;')
    const upstreams = [source('desk', { adapter: deskAdapter(), assisted: new Set([permitOrder.id]) })]
    const page = String(await capabilityPage(language, capabilityCatalogue({ upstreams }, language)))
    expect(page).toContain(`<td>${trustWords.assisted[language]}</td>`)
    expect(page).toContain(assistedNote)
    expect(await pageOf(adapter)).not.toContain(assistedNote)
  })

  it('prints the reasons of checks left out, as text', async () => {
    const page = await pageOf(adapter)
    expect(page).toContain(skipsCaption)
    expect(page).toContain('<td>its token &lt;never&gt; expires</td>')
    expect(await pageOf({ ...adapter, skips: [] })).not.toContain(skipsCaption)
  })

  it('is a whole page: one main heading, none left out, and tables that say what their columns are', async () => {
    const page = await pageOf(adapter)
    expect(page).toMatch(new RegExp(`^<!doctype html>\\s*<html lang="${language}">`))
    const levels = Array.from(page.matchAll(/<h(\d)>/g), ([, level]) => level)
    expect(levels).toEqual(['1', '2', '3', '2', '3', '2', '3'])
    const tables = page.split('<table>').slice(1)
    expect(tables).toHaveLength(6)
    for (const table of tables) {
      expect(table).toMatch(/^\s*<caption>/)
      const [head = '', body = ''] = table.split('<tbody>')
      const columns = head.match(/<th scope="col">/g)!.length
      for (const row of body.split('</tr>').slice(0, -1)) expect(row.match(/<td>/g)).toHaveLength(columns)
    }
    expect(page).toContain(`<th scope="col">${deadline}</th>`)
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${target}"`)
    for (const element of ['section', 'table', 'tr', 'td', 'p', 'ul', 'li', 'code', 'main', 'nav'])
      expect(page.match(new RegExp(`<${element}[ >]`, 'g'))?.length, element).toBe(
        page.match(new RegExp(`</${element}>`, 'g'))?.length,
      )
  })
})
