/** Everybody can work with it: without a mouse, without a script, on a phone, in the dark, with a screen reader. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeWithBrowser, expectAccessible, sizes } from '#gateway/testing/browser.ts'
import { beginVisit, lookUp, type Mall, openMall, rowOf, submit } from './mall.ts'
import { atWork } from './police-officer.ts'

/** Each view of the page, one after the other. */
async function* views(page: Page, mall: Mall): AsyncGenerator<string> {
  await page.goto(mall.counter)
  yield 'start'
  await beginVisit(page, mall)
  yield 'nothing asked yet'
  await lookUp(page, '9999015506820067')
  yield 'resident, with warnings and withheld elements'
  await lookUp(page, '9999011501909999')
  yield 'not found'
  await lookUp(page, '99')
  yield 'mistake'
  await lookUp(page)
  mall.dukcapil.setWeather('reset')
  mall.clock.leap(16 * 60_000)
  await lookUp(page)
  yield 'stale'
  await lookUp(page, '9999022401780025')
  yield 'could not ask'
  mall.dukcapil.clearWeather()
  await page.goto(`${mall.counter}/match`)
  await submit(page, page.getByRole('button', { name: 'Isi contoh' }))
  await submit(page, page.getByRole('button', { name: 'Cocokkan', exact: true }))
  yield 'match'
  await page.goto(`${mall.counter}/service`)
  yield 'requirements'
  await page.goto(`${mall.counter}/visit`)
  yield 'another service'
  await page.goto(`${mall.counter}/loss-report`)
  await submit(page, page.getByRole('button', { name: 'Isi contoh' }))
  yield 'loss report'
  await page.getByLabel('Nomor telepon').fill('12')
  await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
  yield 'loss report with a mistake'
  await page.getByLabel('Nomor telepon').fill('081200000000')
  await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
  yield 'order'
  const id = new URL(page.url()).pathname.split('/').at(-1)!
  await atWork(mall).take(id)
  await atWork(mall).finish(id)
  await page.reload()
  yield 'confirmed order'
  await page.goto(`${mall.counter}/nowhere`)
  yield 'no such page'
}

describeWithBrowser('the counter page', browser => {
  it(
    'has no accessibility violation in any view, light and dark, on a desk and on a phone',
    { timeout: 90_000 },
    async () => {
      const mall = await openMall()
      const page = await browser.open()
      const seen: string[] = []
      for await (const view of views(page, mall)) {
        for (const [size, colorScheme] of [
          ['desktop', 'light'],
          ['phone', 'dark'],
        ] as const) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize(sizes[size])
          await expectAccessible(page)
        }
        seen.push(view)
      }
      expect(seen).toHaveLength(15)
    },
  )

  it('works with the keyboard alone', async () => {
    const mall = await openMall()
    const page = await browser.open()
    const focused = () =>
      page.evaluate('(document.activeElement.textContent || document.activeElement.name || "").trim()')
    const tabTo = async (name: string) => {
      for (let steps = 0; steps < 40; steps += 1) {
        await page.keyboard.press('Tab')
        if ((await focused()) === name) return
      }
      throw new Error(`nothing called ${name} takes the focus`)
    }
    await page.goto(mall.counter)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Langsung ke isi')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('counter')
    await tabTo('Buka kunjungan')
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    await tabTo('/nik')
    await page.keyboard.type('9999011501900001')
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    expect(await page.evaluate('document.activeElement.id')).toBe('result')
    await tabTo('Buat laporan kehilangan') // the next thing, from the answer on
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    expect(new URL(page.url()).pathname).toBe('/counter/loss-report')
  })

  it('works without a script: the order changes when it is looked at again', async () => {
    const mall = await openMall()
    const page = await browser.open({ script: false })
    await beginVisit(page, mall)
    await lookUp(page)
    expect(await rowOf(page, 'Nama lengkap')).toContain('WARGA CONTOH SATU langsung')
    await page.goto(`${mall.counter}/loss-report`)
    await submit(page, page.getByRole('button', { name: 'Isi contoh' }))
    await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
    const id = new URL(page.url()).pathname.split('/').at(-1)!
    await atWork(mall).take(id)
    await atWork(mall).finish(id)
    await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: 'Perbarui' }).click()])
    expect(await page.textContent('.reference')).toBe(atWork(mall).reference)
    await submit(page, page.getByRole('button', { name: 'Akhiri kunjungan' }))
    expect(await page.content()).not.toContain('WARGA CONTOH SATU')
  })
})
