/** An operator at a browser, for the tests of this folder. */
import type { Page } from 'playwright-core'
import type { House } from '#gateway/testing/house.ts'
import { keys } from './visitor.ts'

export async function signIn(
  page: Page,
  { url }: Pick<House, 'url'>,
  { role = 'operator', officer = 'o-90' }: { role?: keyof typeof keys; officer?: string } = {},
): Promise<void> {
  await page.goto(`${url}/ops`)
  await page.getByLabel('Kunci API').fill(keys[role])
  await page.getByLabel('Nomor petugas').fill(officer)
  await page.getByRole('button', { name: 'Masuk', exact: true }).click()
  await page.waitForSelector('#content')
}

/** Every view that there is something to see in. */
export const viewsOf = (upstream: string, order: string): readonly string[] => [
  '',
  `/upstreams/${upstream}`,
  '/alarms',
  '/orders',
  '/work',
  `/orders/${order}`,
  '/shared',
  '/agreements',
  '/ledger',
  '/webhooks',
]
