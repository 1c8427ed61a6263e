/** A mall with a counter application before its gateway: stand-in registry and police, over real sockets. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { createCounterPage } from '#gateway/counter-page/counter-page.ts'
import { createHttpServer } from '#gateway/http/http-server.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import polriAdapter from '../../../adapters/polri/adapter.ts'
import { credentials, type Polri, startPolri } from '../../../mocks/polri/server.ts'

export const nik = '9999011501900001'

export interface Mall extends House {
  readonly polri: Polri
  /** `http://127.0.0.1:12345/counter` */
  readonly counter: string
  readonly apiKey: string
  /** As the demo does when it ends. */
  closePage(): void
}

const elements = [
  '/nik',
  '/familyCardNumber',
  '/fullName',
  '/birthPlace',
  '/birthDate',
  '/sex',
  '/religion',
  '/maritalStatus',
  '/occupation',
  '/address',
]
const compared = ['/nik', '/fullName', '/birthPlace', '/birthDate', '/sex', '/address']
const forPurposes = (paths: readonly string[], ...purposes: readonly string[]) =>
  Object.fromEntries(purposes.map(purpose => [purpose, paths]))

/** What the demo's front office has agreed on, as far as its counter page uses it. */
const agreements = [
  agreement({
    reuse: { scope: 'case', timeToLiveMs: 900_000, staleMs: 3_600_000 },
    grants: {
      'resident.lookup': forPurposes(elements, 'skck.new', 'loss-report.new'),
      'resident.match': forPurposes(compared, 'skck.new', 'loss-report.new'),
    },
  }),
  agreement({
    upstream: 'polri',
    grants: {
      'resident.lookup': forPurposes(compared, 'skck.new'),
      'loss-report.file': forPurposes(['/reportNumber', '/status', '/validUntil'], 'loss-report.new'),
    },
  }),
]

interface MallOptions extends HouseOptions {
  /** Stands between the counter and the gateway at this address: the address that the counter gets. */
  readonly between?: (gatewayUrl: string) => Promise<string>
}

/** Closed at the end of the test. */
export async function openMall({ between = async url => url, ...options }: MallOptions = {}): Promise<Mall> {
  const polri = await startPolri()
  const house = await startHouse({
    agreements,
    upstreams: [
      { policy: { deadlineMs: 2_000, retries: 0 } },
      {
        id: 'polri',
        adapter: polriAdapter,
        baseUrl: polri.url,
        config: credentials,
        assisted: ['loss-report.file'],
      },
    ],
    routes: [{ capability: 'resident.lookup', upstreams: ['dukcapil', 'polri'] }],
    ...options,
  })
  const apiKey = as('front-office').authorization.replace('Bearer ', '')
  const gatewayUrl = await between(house.url)
  const page = createCounterPage({
    gatewayUrl: () => gatewayUrl,
    apiKey,
    mall: { name: 'Mal Pelayanan Publik Contoh', timeZone: 'Asia/Jakarta' },
    office: { level: 'resort', name: 'POLRES CONTOH' },
    now: options.now ?? house.clock.now,
  })
  const server = createHttpServer(page.fetch, {
    connections: 100,
    stalledMs: 60_000,
    onRefused() {},
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    page.close()
    server.closeAllConnections()
    server.close()
    await house.close()
    await polri.close()
  })
  const { port } = server.address() as AddressInfo
  return { ...house, polri, apiKey, closePage: page.close, counter: `http://127.0.0.1:${port}/counter` }
}

export type Service = 'loss-report.new' | 'skck.new'

/** An officer begins with a citizen. */
export async function beginVisit(
  page: Page,
  { counter }: Mall,
  service: Service = 'loss-report.new',
): Promise<void> {
  await page.goto(counter)
  await page.selectOption('#purpose', service)
  await page.click('form[action="/counter/visit"] button')
  await page.waitForURL('**/counter/resident')
}

/** Presses a button, and waits for the page that comes of it. */
export async function submit(page: Page, button: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('load'), button.click()])
}

/** Looks somebody up; resolves when the page tells what came of it. */
export async function lookUp(page: Page, whose: string = nik): Promise<void> {
  await page.fill('[name="/nik"]', whose)
  await submit(page, page.getByRole('button', { name: /^(Lihat data|Look up)$/ }))
}

/** What stands beside a name in a record. */
export async function rowOf(page: Page, label: string): Promise<string> {
  const term = page.locator('.record dt', { hasText: new RegExp(`^\\s*${RegExp.escape(label)}\\s*$`) })
  const texts = await term.locator('..').locator('dd').allTextContents()
  return texts.join(' ').replace(/\s+/g, ' ').trim()
}
