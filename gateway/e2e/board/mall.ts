/** A mall with a dozen agencies, an hour into its day, for pictures of the board and tests of how it reads. */
import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Text } from '#contracts/text.ts'
import { lossReportFile } from '#contracts/loss-report.ts'
import { residentLookup } from '#contracts/resident.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import dukcapil from '../../../adapters/dukcapil/adapter.ts'
import polri from '../../../adapters/polri/adapter.ts'
import { type Dukcapil, startDukcapil } from '../../../mocks/dukcapil/server.ts'
import { credentials } from '../../../mocks/polri/server.ts'

const minuteMs = 60_000

const agencies: Readonly<Record<string, Text>> = {
  dukcapil: { id: 'Dukcapil', en: 'Population registry' },
  bpn: { id: 'Pertanahan (BPN)', en: 'Land office' },
  'bpjs-health': { id: 'BPJS Kesehatan', en: 'Health insurance' },
  'bpjs-labour': { id: 'BPJS Ketenagakerjaan', en: 'Employment insurance' },
  tax: { id: 'Ditjen Pajak', en: 'Tax office' },
  immigration: { id: 'Imigrasi', en: 'Immigration' },
  kua: { id: 'Kantor Urusan Agama', en: 'Religious affairs' },
  samsat: { id: 'Samsat', en: 'Vehicle registration' },
  licensing: { id: 'Perizinan Daerah', en: 'Local licensing' },
  court: { id: 'Pengadilan Negeri', en: 'District court' },
  water: { id: 'PDAM', en: 'Water company' },
}

const purposeOf = (agency: string): string => `counter.${agency}`

export interface Mall extends House {
  /** So many questions to an agency, within this minute. */
  questions(agency: string, count: number): Promise<void>
  /** So many minutes of a morning in which agencies are asked. */
  pass(minutes: number, except?: readonly string[]): Promise<void>
  /** Loss reports, which an officer brings to the police. */
  report(count: number): Promise<readonly string[]>
  /** The vehicle registration's computer, and its weather. */
  readonly samsat: Pick<Dukcapil, 'setWeather'>
}

export async function startMall(options: HouseOptions = {}): Promise<Mall> {
  const standIn = await startDukcapil()
  const samsat = await startDukcapil()
  const away = `http://127.0.0.1:${await closedPort()}`
  const ids = Object.keys(agencies)
  const house = await startHouse({
    agreements: [
      ...ids.map(id =>
        agreement({
          upstream: id,
          ...(id === 'tax' && {
            validUntil: Date.parse('2026-10-09T00:00:00+07:00'),
            quotas: [{ purpose: undefined, perDay: 900 }],
          }),
          ...(id === 'dukcapil' && {
            quotas: [{ purpose: undefined, perDay: 2_500 }],
            reuse: { scope: 'case' as const, timeToLiveMs: 600_000 },
          }),
          grants: { [residentLookup.id]: { [purposeOf(id)]: [...residentLookup.elements.keys()] } },
        }),
      ),
      agreement({
        upstream: 'polri',
        grants: { [lossReportFile.id]: { 'loss-report.new': [...lossReportFile.elements.keys()] } },
      }),
    ],
    routes: ids.map(id => ({ capability: residentLookup.id, purposes: [purposeOf(id)], upstreams: [id] })),
    ...options,
    upstreams: [
      ...ids.map(id => ({
        id,
        adapter: { ...dukcapil, title: agencies[id]! },
        baseUrl: id === 'samsat' ? samsat.url : standIn.url,
        ...(id === 'dukcapil' && { quota: { perDay: 4_000 } }),
        ...(id === 'bpn' && { quota: { perDay: 300 } }),
        policy: { retries: 0, breaker: { errorPercent: 50, minimumCalls: 10, openMs: 30_000 } },
      })),
      {
        id: 'polri',
        adapter: { ...polri, title: { id: 'Kepolisian', en: 'Police' } },
        baseUrl: away,
        config: credentials,
        assisted: [lossReportFile.id],
        owner: 'Loket SPKT',
      },
    ],
  })
  onTestFinished(async () => {
    await house.close()
    await standIn.close()
    await samsat.close()
  })

  async function questions(agency: string, count: number): Promise<void> {
    const visit = await house.openCase()
    const context = { 'mpp-case': visit, 'mpp-purpose': purposeOf(agency) }
    await Promise.all(
      // A person each: the same question, asked at once, is sent once.
      Array.from({ length: count }, (_, index) =>
        house.ask(
          residentLookup.path,
          { nik: `99990115019000${String(index + 1).padStart(2, '0')}` },
          context,
        ),
      ),
    )
  }

  return {
    ...house,
    questions,
    samsat,
    async pass(minutes, except = []) {
      for (let minute = 0; minute < minutes; minute += 1) {
        house.clock.leap(minuteMs)
        for (const [index, id] of ids.entries())
          if (!except.includes(id)) await questions(id, usual(id, minute + index * 3))
        await house.beat()
      }
    },
    async report(count) {
      const made: string[] = []
      for (let index = 0; index < count; index += 1) {
        const { body } = await house.ask(
          lossReportFile.path,
          { ...lossReportFile.example.input, documents: [] },
          { 'mpp-purpose': 'loss-report.new', 'idempotency-key': randomUUID() },
        )
        made.push((body as { id: string }).id)
      }
      return made
    },
  }
}

const usual = (agency: string, minute: number): number =>
  Math.max(
    0,
    Math.round((agency === 'dukcapil' ? 4 : 1) * (1 + Math.sin(minute / 5)) + (minute % 7 === 0 ? 1 : 0)),
  )
