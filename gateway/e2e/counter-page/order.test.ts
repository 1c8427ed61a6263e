/** An officer orders a loss report, and follows it to the citizen's reference. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeWithBrowser } from '#gateway/testing/browser.ts'
import { beginVisit, lookUp, openMall, rowOf, submit } from './mall.ts'
import { startLossyProxy } from './lossy-proxy.ts'
import { atWork } from './police-officer.ts'

/** With what the registry told, so that the citizen need not be asked again. */
async function orderReport(page: Page): Promise<string> {
  await lookUp(page)
  await page.getByRole('link', { name: 'Buat laporan kehilangan' }).click()
  await submit(page, page.getByRole('button', { name: 'Isi contoh' }))
  await page.getByLabel('KTP atau salinannya').check()
  await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
  return new URL(page.url()).pathname.split('/').at(-1)!
}

const state = (page: Page) => page.locator('.state .badge').textContent()

describeWithBrowser('the counter page, ordering', browser => {
  it('orders a loss report, and shows live how it goes on until it is confirmed', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await lookUp(page)
    await page.getByRole('link', { name: 'Buat laporan kehilangan' }).click()
    expect(await page.getByLabel('Nama lengkap').inputValue()).toBe('WARGA CONTOH SATU')
    expect(await page.getByLabel('Pekerjaan').inputValue()).toBe('privateEmployee')
    expect(await page.textContent('main')).toContain('Terisi dari Ditjen Kependudukan dan Pencatatan Sipil')
    await page.goBack()
    const id = await orderReport(page)

    expect(await state(page)).toBe('Menunggu dikirim')
    expect(await page.textContent('.state')).toMatch(/Seorang petugas mengambilnya dari daftar kerja/)
    expect(await page.textContent('.clock')).toMatch(
      /Jam layanan\s+tepat waktu\s+0 detik\s+\/ 10 menit kerja\s+Jatuh tempo\s+09\.10\s+Sisa\s+10 menit/,
    )
    const papers = await page.locator('.ticks li').allTextContents()
    expect(papers.map(text => text.replace(/\s+/g, ' ').trim())).toEqual([
      'KTP atau salinannya sudah',
      expect.stringMatching(/^Surat pendukung .* bergantung$/),
    ])
    await page.locator('#follows').waitFor()

    const officer = atWork(mall)
    await officer.take(id)
    await page.getByText('Sedang dikerjakan petugas').last().waitFor()
    expect(await page.textContent('#order-status')).toBe('Sedang dikerjakan petugas')
    mall.clock.leap(7 * 60_000)
    await officer.finish(id)
    await page.locator('.reference', { hasText: officer.reference }).waitFor()
    expect(await state(page)).toBe('Selesai')
    expect(await rowOf(page, 'Berlaku sampai')).toBe('5 Oktober 2026')
    expect(await page.textContent('.clock')).toMatch(/tepat waktu\s+7 menit/)
    expect(await page.locator('.history li').allTextContents()).toHaveLength(3)

    // What came of it was read once, on record; looking again asks for nothing personal.
    await page.reload()
    expect(await page.textContent('.reference')).toBe(officer.reference)
    const rows = await mall.store.readLedger(0, 1_000)
    const looks = rows.filter(({ content }) => content?.includes('"kind":"submission","outcome":"released"'))
    expect(looks).toHaveLength(1)
    expect(await page.locator('nav').textContent()).toMatch(/Permohonan\s*$/)
  })

  it('orders once, though the answer to the first time was lost on the way', async () => {
    const mall = await openMall({ between: gatewayUrl => startLossyProxy(gatewayUrl, '/v1/loss-reports') })
    const page = await browser.open()
    await beginVisit(page, mall)
    await orderReport(page)
    expect(await page.getByRole('alert').textContent()).toMatch(
      /Gerbang tidak menjawab[^]*mungkin, tanpa jawaban/,
    )
    expect(await page.textContent('main')).toContain('Aman dikirim lagi')
    await submit(page, page.getByRole('button', { name: 'Coba lagi' }))
    expect(await state(page)).toBe('Menunggu dikirim')
    expect(await mall.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 10)).toHaveLength(1)
  })

  it('says that an order is late', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await orderReport(page)
    mall.clock.leap(11 * 60_000)
    await page.reload()
    expect(await page.textContent('.clock')).toMatch(
      /terlambat\s+11 menit\s+\/ 10 menit kerja[^]*Lewat\s+1 menit/,
    )
  })

  it('asks for what is missing, all of it at once, and keeps what was written', async () => {
    const mall = await openMall()
    const page = await browser.open({ script: false })
    await beginVisit(page, mall)
    await page.goto(`${mall.counter}/loss-report`)
    await submit(page, page.getByRole('button', { name: 'Isi contoh' }))
    await page.getByLabel('Nomor telepon').fill('12')
    await page.getByLabel('NIK').fill('3273010101900001') // of a citizen, not of the demo
    await submit(page, page.getByRole('button', { name: 'Tambah barang' }))
    await page.getByLabel('Jenis barang').nth(1).selectOption('other')
    await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
    const wrong = await page.getByRole('alert').getByRole('link').allTextContents()
    expect(wrong).toEqual(['Nomor telepon', 'Uraian'])
    expect(await page.getByLabel('Nomor telepon').inputValue()).toBe('12')
    await page.getByLabel('Nomor telepon').fill('081200000000')
    await page.getByLabel('Uraian').nth(1).fill('Payung')
    await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
    expect(await page.getByRole('alert').getByRole('link').allTextContents()).toEqual(['NIK'])
    await page.getByLabel('NIK').fill('9999011501900001')
    await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
    expect(await state(page)).toBe('Menunggu dikirim')
    expect((await mall.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 10)).length).toBe(1)
  })

  it('lets go of every browser when it ends, and the page says that it does not follow any more', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await orderReport(page)
    await page.locator('#follows').waitFor()
    mall.closePage()
    await page.getByRole('link', { name: 'Perbarui' }).waitFor()
    expect(await page.locator('#follows').isVisible()).toBe(false)
  })

  it('withdraws an order as long as nobody has begun with it', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await orderReport(page)
    await page.getByText('Batalkan permohonan').first().click()
    await page.getByLabel('Mengapa (tanpa nama)').fill('dompet sudah ditemukan')
    await submit(page, page.getByRole('button', { name: 'Batalkan permohonan' }))
    expect(await state(page)).toBe('Dibatalkan')
  })

  it('keeps what the citizen has shown, and says what is still missing', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await page.getByRole('link', { name: 'Persyaratan' }).click()
    expect(await page.getByRole('status').textContent()).toMatch(/Masih harus dibawa: KTP atau salinannya/)
    await Promise.all([page.waitForEvent('load'), page.getByLabel('KTP atau salinannya').check()])
    expect(await page.getByRole('status').textContent()).toMatch(/Tidak ada lagi yang harus dibawa/)
    expect(await page.textContent('main')).toMatch(/Gratis[^]*10 menit kerja/)
    await page.getByRole('link', { name: 'Laporan kehilangan' }).click()
    expect(await page.getByLabel('KTP atau salinannya').isChecked()).toBe(true)
  })
})
