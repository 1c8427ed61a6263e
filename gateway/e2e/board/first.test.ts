import { mkdirSync } from 'node:fs'
import { describeWithBrowser } from '#gateway/testing/browser.ts'
import { it } from 'vitest'
import { startMall } from './mall.ts'

const folder = process.env['PICTURES'] ?? '/tmp/board-pictures'
mkdirSync(folder, { recursive: true })
describeWithBrowser('x', browser => {
  it('y', { timeout: 100_000 }, async () => {
    const mall = await startMall()
    await mall.report(4)
    await mall.pass(60)
    await mall.questions('samsat', 24)
    const page = await browser.open()
    await page.setViewportSize({ width: 1920, height: 1080 })
    await page.goto(`${mall.url}/ops`)
    await page.screenshot({ path: `${folder}/sign-in.png` })
    await page.fill('#key', 'mpp_test_key_of_the_operations')
    await page.fill('#officer', 'o-90')
    await page.click('form[action="/ops/sign-in"] button')
    await page.waitForTimeout(500)
    for (const [name, path] of Object.entries({
      overview: '',
      upstream: '/upstreams/samsat',
      alarms: '/alarms',
      orders: '/orders',
      work: '/work',
      shared: '/shared',
      agreements: '/agreements',
      ledger: '/ledger',
      webhooks: '/webhooks',
      hold: '/upstreams/samsat/hold',
      maintenance: '/upstreams/samsat/maintenance',
      rerun: '/orders/rerun',
    })) {
      const response = await page.goto(`${mall.url}/ops${path}`)
      console.log(name, response?.status(), (await response!.body()).length)
      await page.waitForTimeout(300)
      await page.screenshot({ path: `${folder}/${name}.png`, fullPage: name !== 'overview' })
    }
  })
})
