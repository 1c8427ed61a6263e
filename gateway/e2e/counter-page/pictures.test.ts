/** Makes the pictures of the README again: `PICTURES=1 npx vitest run gateway/e2e/counter-page/pictures.test.ts`. */
import { join } from 'node:path'
import { it } from 'vitest'
import { describeWithBrowser } from '#gateway/testing/browser.ts'
import { beginVisit, lookUp, openMall, submit } from './mall.ts'
import { atWork } from './police-officer.ts'

const folder = join(import.meta.dirname, '../../../docs/pictures')

describeWithBrowser('the pictures of the counter page', browser => {
  it.runIf(process.env['PICTURES'])('are made', async () => {
    const mall = await openMall()
    const page = await browser.open()
    const picture = (name: string) => page.screenshot({ path: join(folder, name) })
    await page.setViewportSize({ width: 1240, height: 690 })
    await page.goto(mall.counter)
    await submit(page, page.getByRole('button', { name: 'English' }))
    await beginVisit(page, mall)
    await lookUp(page)
    mall.clock.leap(42_000)
    await lookUp(page)
    await page.goto(`${mall.counter}/resident`) // from the top
    await picture('counter-lookup.png')

    await page.goto(`${mall.counter}/loss-report`)
    await submit(page, page.getByRole('button', { name: 'Fill in an example' }))
    await page.getByLabel('Identity card or a copy of it').check()
    await submit(page, page.getByRole('button', { name: 'Send the report' }))
    await page.locator('#follows').waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1)!
    mall.clock.leap(4 * 60_000)
    await atWork(mall).take(id)
    await page.getByText('Taken from the work list').waitFor()
    await page.setViewportSize({ width: 1240, height: 850 })
    await picture('counter-order.png')
  })
})
