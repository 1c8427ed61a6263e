/** The board in every weather. Makes its pictures again: `PICTURES=1 npx vitest run gateway/e2e/board/pictures.test.ts`. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeWithBrowser, expectAccessible } from '#gateway/testing/browser.ts'
import { declare, switchTo } from '../steering/operator.ts'
import { startMall } from './mall.ts'
import { signIn } from './operator.ts'

const folder = join(import.meta.dirname, '../../../docs/pictures')
const isPictured = process.env['PICTURES'] !== undefined
/** An hour for a picture; a minute says as much to a test. */
const minutes = isPictured ? 57 : 1

const wall = { width: 1920, height: 1080 }
const desk = { width: 1280, height: 800 }

describeWithBrowser('the board in every weather', browser => {
  async function take(page: Page, name: string, size?: { width: number; height: number }): Promise<void> {
    if (size) await page.setViewportSize(size)
    await page.evaluate('document.fonts.ready')
    await expectAccessible(page)
    if (!isPictured) return
    const { width, height } = page.viewportSize()!
    const clip = { x: 0, y: 0, width, height, scale: Math.min(1, 1_280 / width) }
    const devTools = await page.context().newCDPSession(page)
    const { data } = await devTools.send('Page.captureScreenshot', { format: 'png', clip })
    await writeFile(join(folder, `board-${name}.png`), data, 'base64')
    await devTools.detach()
  }
  const headline = (page: Page) => page.innerText('.verdict')

  it('is drawn', { timeout: 240_000 }, async () => {
    const mall = await startMall()
    const page = await browser.open()
    await page.goto(`${mall.url}/ops`)
    await take(page, 'sign-in', desk)
    await mall.pass(minutes)
    await signIn(page, mall)
    await expect.poll(() => headline(page)).toBe('Semua instansi berjalan')
    await take(page, 'all-well', wall)

    mall.samsat.setWeather('reset')
    for (let minute = 0; minute < 3; minute += 1) {
      mall.clock.leap(60_000)
      await mall.questions('samsat', 12)
      await mall.beat()
    }
    await page.goto(`${mall.url}/ops`)
    await expect.poll(() => headline(page)).toBe('Samsat tidak menjawab')
    await take(page, 'one-down', wall)
    await page.goto(`${mall.url}/ops/upstreams/samsat`)
    await take(page, 'upstream', desk)
    await page.goto(`${mall.url}/ops/alarms`)
    await take(page, 'alarms', desk)

    await switchTo(mall, 'held', 'Kabel serat optik putus, perbaikan sampai siang', 'tax')
    await page.goto(`${mall.url}/ops/upstreams/tax`)
    await expect.poll(() => headline(page)).toBe('Ditjen Pajak: Ditahan')
    await take(page, 'held', desk)
    await declare(
      mall,
      {
        until: '2026-09-21T13:00:00+07:00',
        message: { id: 'Pemeliharaan basis data', en: 'Database maintenance' },
        reason: 'Surat BPJS nomor 12',
      },
      'bpjs-health',
    )
    const orders = await mall.report(7)
    mall.clock.leap(11 * 60_000)
    await mall.pass(1, ['samsat', 'tax', 'bpjs-health'])
    await mall.questions('samsat', 4)
    await mall.beat()
    await page.goto(`${mall.url}/ops`)
    await page.waitForSelector('#beside b.number') // orders are counted every few seconds
    await take(page, 'wall', wall)
    await page.goto(`${mall.url}/ops/upstreams/bpjs-health`)
    await take(page, 'maintenance', desk)

    await page.goto(`${mall.url}/ops/orders/${orders[0]}/take`)
    await page.getByLabel('Alasan', { exact: true }).fill('Giliran loket B-01')
    await page.getByRole('button', { name: 'Ya, lakukan: ambil' }).click()
    await page.goto(`${mall.url}/ops/orders`)
    await take(page, 'backlog', desk)
    await page.goto(`${mall.url}/ops/work`)
    await take(page, 'work-list', desk)
    await page.goto(`${mall.url}/ops/orders/${orders[0]}`)
    await take(page, 'order', desk)
    await page.goto(`${mall.url}/ops/agreements`)
    await take(page, 'agreements', desk)
    await page.goto(`${mall.url}/ops/ledger`)
    await take(page, 'ledger', desk)
    await page.goto(`${mall.url}/ops/shared`)
    await take(page, 'shared-data', desk)

    await page.goto(`${mall.url}/ops`)
    await take(page, 'phone', { width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await take(page, 'dark', wall)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByRole('button', { name: 'English' }).click()
    await expect.poll(() => headline(page)).toBe('1 down · 1 held · 1 in maintenance')
    await take(page, 'english', desk)
  })
})
