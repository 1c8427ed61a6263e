/** An officer asks about a resident, and sees what was answered, by whom, and how old it is. */
import { expect, it } from 'vitest'
import { describeWithBrowser } from '#gateway/testing/browser.ts'
import { beginVisit, lookUp, nik, openMall, rowOf, submit } from './mall.ts'

describeWithBrowser('the counter page, asking', browser => {
  it('shows each datum with where it came from and how old it is, and what is withheld', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await lookUp(page)

    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toContain('WARGA CONTOH SATU')
    expect(await rowOf(page, 'Tanggal lahir')).toEqual('15 Januari 1990 langsung dukcapil · sekarang')
    expect(await rowOf(page, 'Dusun')).toContain('— kosong pada instansi')
    expect(await page.getByText('Tidak ditampilkan').locator('..').textContent()).toContain('Nama ibu')
    expect(await page.getByText('Siapa yang ditanya').locator('..').textContent()).toMatch(
      /Ditjen Kependudukan dan Pencatatan Sipil\s+menjawab\s+\d+ ms/,
    )
    const auditId = await page.locator('.trail code').textContent()
    const ledger = await mall.store.readLedger(0, 100)
    expect(ledger.map(({ id }) => id)).toContain(auditId)

    // Twelve seconds later, in the same visit, nobody is asked again, and the page says so.
    mall.clock.leap(12_000)
    await lookUp(page)
    expect(await rowOf(page, 'Nama lengkap')).toEqual(
      'WARGA CONTOH SATU tersimpan dukcapil · 12 detik yang lalu',
    )
    expect(mall.dukcapil.calls).toEqual({ lookup: 1 })

    // The age goes on while one looks.
    await page.locator('.origin time', { hasText: '14 detik' }).first().waitFor()
    expect(page.url()).not.toContain(nik)
  })

  it('tells "not found" from "could not ask", and what the officer can do', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)

    await lookUp(page, '9999011501909999')
    const answer = page.locator('[data-meaning]')
    expect(await answer.getAttribute('data-meaning')).toBe('answered')
    expect(await answer.textContent()).toMatch(
      /Jawaban instansi\s+Data tidak ditemukan\s+Ini jawaban, bukan gangguan/,
    )

    mall.dukcapil.setWeather('500')
    await lookUp(page, '9999022401780025')
    expect(await answer.getAttribute('data-meaning')).toBe('unanswered')
    const told = await answer.textContent()
    expect(told).toMatch(
      /Tidak dapat ditanyakan\s+Instansi tidak dapat dihubungi\s+Ini bukan jawaban tentang warga/,
    )
    expect(told).toMatch(/Terkirim\s+ya, instansi menerimanya/)
    expect(told).toMatch(/Coba lagi\s+belum diketahui kapan/)

    // The agency is back: the same question, at one press.
    mall.dukcapil.clearWeather()
    await submit(page, answer.getByRole('button', { name: 'Coba lagi' }))
    expect(await rowOf(page, 'Nama lengkap')).toContain('I WAYAN CONTOH')
  })

  it('marks what is old as old when the agency is down', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await lookUp(page)
    mall.dukcapil.setWeather('reset')
    mall.clock.leap(16 * 60_000)
    await lookUp(page)
    expect(await page.getByRole('alert').textContent()).toContain('Instansi sedang tidak dapat ditanya')
    expect(await rowOf(page, 'Nama lengkap')).toEqual(
      'WARGA CONTOH SATU data lama dukcapil · 16 menit yang lalu',
    )
  })

  it('says who stood in for an agency that is down', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall, 'skck.new')
    mall.dukcapil.setWeather('500')
    await lookUp(page)
    expect(await rowOf(page, 'Nama lengkap')).toContain('langsung polri')
    const asked = await page.locator('.trail .sources li').allTextContents()
    expect(asked.map(text => text.replace(/\s+/g, ' ').trim())).toEqual([
      expect.stringMatching(/^Ditjen Kependudukan dan Pencatatan Sipil Instansi tidak dapat dihubungi/),
      expect.stringMatching(/^Kepolisian Negara Republik Indonesia menjawab/),
    ])
  })

  it('marks a text of the agency that no code list knows', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await lookUp(page, '9999015506820067')
    expect(await rowOf(page, 'Agama')).toContain('ALIRAN CONTOH tidak ada dalam daftar kode')
    expect(await page.getByText('Perlu perhatian').locator('..').textContent()).toContain(
      'Agama: ALIRAN CONTOH',
    )
  })

  it('carries nothing over to another service, and says what an agreement does not cover', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await lookUp(page)
    await page.getByRole('link', { name: 'Ganti Layanan' }).click()
    await page.selectOption('#purpose', 'skck.new')
    await submit(page, page.getByRole('button', { name: 'Ganti' }))
    expect(await page.textContent('main')).not.toContain('WARGA CONTOH SATU')
    expect(await page.textContent('main')).toContain('Belum ada yang ditanyakan')
  })

  it('matches a form: yes or no for each entry, in the language of the officer', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await page.getByRole('link', { name: 'Cocokkan formulir' }).click()
    await submit(page, page.getByRole('button', { name: 'Isi contoh' }))
    await submit(page, page.getByRole('button', { name: 'Cocokkan', exact: true }))
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toContain(
      'Ada isian yang tidak sesuai',
    )
    expect(await rowOf(page, 'Nama lengkap')).toBe('Warga Contoh Satu sesuai')
    expect(await rowOf(page, 'Tanggal lahir')).toBe('16 Januari 1990 tidak sesuai')

    await submit(page, page.getByRole('button', { name: 'English' }))
    expect(await rowOf(page, 'Date of birth')).toBe('16 January 1990 no match')
    await page.goto(mall.counter)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Look up a resident')
  })

  it('names the field that is wrong, beside it and in a list that takes the focus', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await lookUp(page, '99')
    expect(await page.evaluate('document.activeElement.id')).toBe('result')
    await page.getByRole('alert').getByRole('link', { name: 'NIK' }).click()
    const field = page.getByLabel('NIK')
    expect(await page.evaluate('document.activeElement.id')).toBe('field-nik')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.inputValue()).toBe('99')
    expect(mall.dukcapil.calls).toEqual({})
  })

  it('ends a visit whose time is up, with nothing of the citizen left', async () => {
    const mall = await openMall()
    const page = await browser.open()
    await beginVisit(page, mall)
    await lookUp(page)
    mall.clock.leap(15 * 3_600_000) // past midnight
    await lookUp(page)
    expect(new URL(page.url()).pathname).toBe('/counter')
    expect(await page.getByRole('alert').textContent()).toContain('Kunjungan sudah berakhir')
    expect(await page.content()).not.toContain('WARGA CONTOH SATU')
    // The next citizen, at the same desk.
    expect(await page.inputValue('#counter')).toBe('A-03')
    await submit(page, page.getByRole('button', { name: 'Buka kunjungan' }))
    await lookUp(page)
    expect(await rowOf(page, 'Nama lengkap')).toContain('WARGA CONTOH SATU langsung')
  })
})
