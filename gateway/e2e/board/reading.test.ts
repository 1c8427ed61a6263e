/** How the board reads: at once, to everybody, and true as long as it is open. */
import { expect, it } from 'vitest'
import { describeWithBrowser, expectAccessible } from '#gateway/testing/browser.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { switchTo } from '../steering/operator.ts'
import { startMall } from './mall.ts'
import { signIn, viewsOf } from './operator.ts'

describeWithBrowser('the board', browser => {
  it('shows what has changed without being loaded again, and where somebody is stays', async () => {
    await using house = await startHouse()
    const page = await browser.open()
    await signIn(page, house)
    await page.evaluate('window.isSame = true')
    const link = page.getByRole('link', { name: 'Ditjen Kependudukan' })
    await link.focus()
    await switchTo(house, 'held', 'pemadaman listrik')
    await page.getByText('pemadaman listrik').waitFor()
    expect(await page.getAttribute('.headline', 'data-state')).toBe('held')
    expect(await page.evaluate('window.isSame')).toBe(true)
    expect(await link.evaluate(element => element === element.ownerDocument.activeElement)).toBe(true)
    expect(await page.textContent('#live')).toContain('Langsung')
    await switchTo(house, 'normal', 'listrik menyala')
    await page.waitForSelector('.headline[data-state="unknown"]')
  })

  it('keeps ages true by itself, puts trouble first, and leaves forms alone', async () => {
    const mall = await startMall()
    await mall.pass(1)
    const page = await browser.open()
    await signIn(page, mall)
    const first = () => page.locator('#tiles > li').first().getAttribute('id')
    await switchTo(mall, 'held', 'banjir', 'water')
    await expect.poll(first).toBe('tile-water')
    mall.samsat.setWeather('reset')
    await mall.questions('samsat', 12)
    await expect.poll(first).toBe('tile-samsat')
    expect(await page.textContent('.verdict')).toBe('Samsat tidak menjawab · PDAM ditahan')
    mall.clock.leap(30_000)
    await expect.poll(() => page.textContent('#tile-water time')).toMatch(/dtk lalu/)

    const typing = await page.context().newPage()
    await typing.goto(`${mall.url}/ops/upstreams/water/let-go`)
    await typing.getByLabel('Alasan').fill('setengah ditulis')
    await switchTo(mall, 'normal', 'surut', 'water')
    await page.waitForSelector('#tile-water .tile:not([data-state="held"])')
    expect(await typing.getByLabel('Alasan').inputValue()).toBe('setengah ditulis')
  })

  it('has room for fifty: what is in trouble is drawn large, the quiet small', async () => {
    const upstreams = Array.from({ length: 50 }, (_, index) => ({ id: `agency-${index}` }))
    const routes = ['resident.lookup', 'resident.match', 'family.lookup'].map(capability => ({
      capability,
      upstreams: upstreams.map(({ id }) => id),
    }))
    await using house = await startHouse({ upstreams, routes })
    await switchTo(house, 'held', 'kabel putus', 'agency-30')
    const page = await browser.open()
    await page.setViewportSize({ width: 1920, height: 1080 })
    await signIn(page, house)
    await expectAccessible(page)
    const areaOf = async (id: string): Promise<number> => {
      const { width, height } = (await page.locator(`#tile-${id}`).boundingBox())!
      return width * height
    }
    expect(await areaOf('agency-30')).toBeGreaterThan(4 * (await areaOf('agency-40')))
    const last = (await page.locator('#tiles > li').last().boundingBox())!
    expect(last.y + last.height).toBeLessThan(1_080)
  })

  it('says plainly when it is not live any more', async () => {
    const house = await startHouse()
    const page = await browser.open()
    await page.clock.install()
    await signIn(page, house)
    await page.waitForFunction("document.querySelector('#live').dataset.live === 'true'")
    await house.close()
    await page.clock.runFor(15_000)
    await page.getByText('Yang tampak di sini tidak diperbarui lagi sejak').waitFor()
    expect(await page.textContent('#live')).toContain('Tidak langsung')
  })

  it('says so as well while the store cannot be read', async () => {
    let isAway = false
    await using house = await startHouse({
      wrapStore: store => ({
        ...store,
        listSubmissions: (...asked) =>
          isAway ? Promise.reject(new StoreUnavailable('away')) : store.listSubmissions(...asked),
      }),
    })
    const page = await browser.open()
    await page.clock.install()
    await signIn(page, house)
    await page.goto(`${house.url}/ops/orders`)
    await page.waitForFunction("document.querySelector('#live').dataset.live === 'true'")
    isAway = true
    const isTold = async () => {
      await page.clock.runFor(13_000)
      return page.getByText('Yang tampak di sini tidak diperbarui lagi sejak').isVisible()
    }
    await expect.poll(isTold, { interval: 1_000, timeout: 15_000 }).toBe(true)
    isAway = false
    await page.waitForSelector('#not-live', { state: 'hidden' })
    expect((await page.reload())!.status()).toBe(200)
  })

  it('tells an open page that its session is over', async () => {
    await using house = await startHouse()
    const page = await browser.open()
    await signIn(page, house)
    house.clock.leap(13 * 60 * 60_000)
    await page.getByText('Sesi Anda telah berakhir.').waitFor()
    await page.getByRole('link', { name: 'Masuk' }).click()
    await page.getByLabel('Kunci API').waitFor()
  })

  it('speaks English one click away, and remembers', async () => {
    await using house = await startHouse()
    const page = await browser.open()
    await signIn(page, house)
    await page.getByRole('link', { name: 'Perjanjian' }).click()
    await page.getByRole('button', { name: 'English' }).click()
    expect(page.url()).toBe(`${house.url}/ops/agreements`)
    expect(await page.textContent('h1')).toBe('Agreements')
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    await page.getByRole('link', { name: 'Overview' }).click()
    expect(await page.textContent('.verdict')).toContain('Nobody has asked yet')
  })

  it('is used by keyboard alone', async () => {
    await using house = await startHouse()
    const page = await browser.open()
    await page.goto(`${house.url}/ops`)
    const focusOn = async (selector: string) => {
      for (let presses = 0; presses < 60; presses += 1) {
        if (
          await page
            .locator(selector)
            .first()
            .evaluate(element => element === element.ownerDocument.activeElement)
        )
          return
        await page.keyboard.press('Tab')
      }
      throw new Error(`the keyboard does not reach ${selector}`)
    }
    await focusOn('#key')
    await page.keyboard.type('mpp_test_key_of_the_operations')
    await focusOn('#officer')
    await page.keyboard.type('o-90')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#tiles')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    await page.keyboard.press('Enter')
    await focusOn('.tile h2 a')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#steering')
    await focusOn('a[href$="/hold"]')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#reason')
    await focusOn('#reason')
    await page.keyboard.type('tanpa tetikus')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Sudah dilakukan dan tercatat').waitFor()
  })

  it('works without scripts', async () => {
    await using house = await startHouse()
    const page = await browser.open({ script: false })
    await signIn(page, house)
    await page.getByText('Tanpa skrip, halaman ini tidak memperbarui diri.').waitFor()
    await switchTo(house, 'held', 'tanpa skrip')
    await page.getByRole('link', { name: 'Muat ulang' }).click()
    await page.getByText('tanpa skrip').first().waitFor()
    await page.getByRole('link', { name: 'Ditjen Kependudukan' }).click()
    await page.getByRole('link', { name: 'Lepaskan' }).click()
    await page.getByLabel('Alasan').fill('cukup')
    await page.getByRole('button', { name: 'Ya, lakukan: lepaskan' }).click()
    await page.getByText('Sudah dilakukan dan tercatat').waitFor()
    await page.goto(`${house.url}/ops/orders`)
    await page.getByLabel('Keadaan').selectOption('dead')
    await page.getByRole('button', { name: 'Tampilkan' }).click()
    expect(page.url()).toContain('state=dead')
  })

  it.each([
    ['light', 'desktop'],
    ['dark', 'desktop'],
    ['light', 'phone'],
    ['dark', 'phone'],
  ] as const)('reads well to everybody: %s, %s', { timeout: 90_000 }, async (scheme, size) => {
    const mall = await startMall()
    const [order = ''] = await mall.report(2)
    await mall.pass(2)
    mall.samsat.setWeather('reset')
    await mall.questions('samsat', 12)
    await switchTo(mall, 'held', 'kabel putus', 'bpn')
    const page = await browser.open({ scheme, size })
    await page.goto(`${mall.url}/ops`)
    await expectAccessible(page)
    await signIn(page, mall)
    const acts = [
      '/upstreams/samsat/hold',
      '/upstreams/samsat/maintenance',
      '/upstreams/samsat/maintenance/recurring',
      `/orders/${order}/look`,
      `/orders/${order}/finish`,
      '/orders/rerun',
      '/nowhere',
    ]
    for (const path of [...viewsOf('samsat', order), ...acts]) {
      await page.goto(`${mall.url}/ops${path}`)
      await expectAccessible(page)
    }
  })
})
