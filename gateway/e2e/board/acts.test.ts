/** What operators and officers do at the board, and what comes of it. */
import { expect, it } from 'vitest'
import { describeWithBrowser } from '#gateway/testing/browser.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, startHouse } from '#gateway/testing/house.ts'
import { nik, orderedText, startPermits } from '../work-list/permits.ts'
import { signIn, viewsOf } from './operator.ts'
import { visit, keys } from './visitor.ts'

const ask = '/v1/residents/lookup'

describeWithBrowser('an operator at the board', browser => {
  it('holds an agency, sees counters refused, lets it go, and finds both on record', async () => {
    await using house = await startHouse()
    expect((await house.ask(ask, { nik })).status).toBe(200)
    const page = await browser.open()
    await signIn(page, house)
    await page.getByRole('link', { name: 'Ditjen Kependudukan' }).click()
    await page.getByRole('link', { name: 'Tahan' }).click()
    expect(await page.textContent('main')).toContain('Loket menerima penolakan yang jujur (HELD)')
    await page.getByLabel('Alasan').fill('Instansi meminta berhenti sampai pukul 10')
    await page.getByRole('button', { name: 'Ya, lakukan: tahan' }).click()

    await page.getByText('Sudah dilakukan dan tercatat: Tahan').waitFor()
    expect(await page.textContent('main')).toContain(
      'Ditahan o-90: Instansi meminta berhenti sampai pukul 10',
    )
    const refused = await house.ask(ask, { nik })
    expect(refused).toMatchObject({ status: 503, body: { code: 'HELD', sent: 'no' } })

    await page.getByRole('link', { name: 'Lepaskan' }).click()
    await page.getByLabel('Alasan').fill('Instansi sudah siap')
    await page.getByRole('button', { name: 'Ya, lakukan: lepaskan' }).click()
    await page.getByText('Sudah dilakukan dan tercatat: Lepaskan').waitFor()
    expect((await house.ask(ask, { nik })).status).toBe(200)

    await page.getByRole('link', { name: 'Buku akses' }).click()
    const acts = await page.locator('#acts tbody tr').allTextContents()
    expect(acts[0]).toMatch(/upstream\.let-go.*o-90.*Instansi sudah siap.*upstream: dukcapil/s)
    expect(acts[1]).toMatch(/upstream\.hold.*o-90.*Instansi meminta berhenti/s)
    expect(await page.textContent('#chain')).toContain('Utuh')
  })

  it('plans regular maintenance, and ends it', async () => {
    await using house = await startHouse({ upstreams: [{ timeZone: 'Asia/Jayapura' }] })
    const page = await browser.open()
    await signIn(page, house)
    await page.goto(`${house.url}/ops/upstreams/dukcapil`)
    await page.getByRole('link', { name: 'Jadwalkan pemeliharaan rutin' }).click()
    await page.getByLabel('Senin').check()
    await page.getByLabel('Jam').fill('11:00')
    await page.getByLabel('Alasan').fill('Surat instansi')
    const submit = page.getByRole('button', { name: 'Ya, lakukan: jadwalkan pemeliharaan rutin' })
    await submit.click()
    await page.getByText('expected: hours such as').first().waitFor()
    expect(await page.getByLabel('Senin').isChecked()).toBe(true)
    await page.getByLabel('Jam').fill('11:00-12:30') // a Monday; in Jayapura it is eleven
    await submit.click()
    await page.getByText('Sudah dilakukan dan tercatat').waitFor()
    expect(await page.textContent('#steering')).toContain('Senin 11:00-12:30')
    expect((await house.ask(ask, { nik })).body).toMatchObject({
      code: 'MAINTENANCE',
      retryAfter: 1.5 * 3600,
    })

    await page.getByRole('link', { name: 'Akhiri' }).click()
    await page.getByLabel('Alasan').fill('Sudah tidak berlaku')
    await page.getByRole('button', { name: 'Ya, lakukan: akhiri' }).click()
    await page.getByText('Sudah dilakukan dan tercatat').waitFor()
    expect((await house.ask(ask, { nik })).status).toBe(200)
  })

  it('declares maintenance on the clock of the agency, and ends it', async () => {
    await using house = await startHouse({ upstreams: [{ timeZone: 'Asia/Jayapura' }] })
    const page = await browser.open()
    await signIn(page, house)
    await page.goto(`${house.url}/ops/upstreams/dukcapil/maintenance`)
    const submit = page.getByRole('button', { name: 'Ya, lakukan: nyatakan pemeliharaan' })
    await page.getByLabel('Sampai').fill('2026-09-21T08:00') // in Jayapura that was three hours ago
    await page.getByLabel('Alasan').fill('Surat instansi')
    await submit.click()
    await page.getByText('expected: an end after its beginning').first().waitFor()
    expect(await page.getByLabel('Alasan').inputValue()).toBe('Surat instansi')

    await page.getByLabel('Sampai').fill('2026-09-21T13:30')
    await page.getByLabel('bahasa Indonesia').fill('Perawatan peladen')
    await page.getByLabel('bahasa Inggris').fill('Server maintenance')
    await submit.click()
    await page.getByText('Sudah dilakukan dan tercatat').waitFor()
    expect(await page.textContent('#head')).toContain('Pemeliharaan')
    // 13.30 in Jayapura is 11.30 in Jakarta, where it is 9 now.
    const refused = await house.ask(ask, { nik })
    expect(refused.body).toMatchObject({
      code: 'MAINTENANCE',
      retryAfter: 2.5 * 3600,
      detail: 'Perawatan peladen',
    })
    expect(await page.textContent('#steering')).toContain('11.30')

    await page.getByRole('link', { name: 'Akhiri' }).click()
    await page.getByLabel('Alasan').fill('Sudah pulih')
    await page.getByRole('button', { name: 'Ya, lakukan: akhiri' }).click()
    await page.getByText('Sudah dilakukan dan tercatat').waitFor()
    expect((await house.ask(ask, { nik })).status).toBe(200)
  })

  it('takes an order from the work list, sees what was ordered for its purpose, and finishes it', async () => {
    const house = await startPermits()
    const id = await house.order()
    const page = await browser.open()
    await signIn(page, house)
    await page.getByRole('link', { name: /^Daftar kerja/ }).click()
    await page.getByRole('link', { name: 'Permohonan izin' }).click()
    expect(await page.textContent('main')).not.toContain(orderedText)

    await page.getByRole('link', { name: 'Lihat isi permohonan' }).click()
    await page.getByLabel('Tujuan').fill('bpjs-health.registration')
    await page.getByLabel('Loket').fill('B-01')
    const look = page.getByRole('button', { name: 'Ya, lakukan: lihat isi permohonan' })
    await look.click()
    await page.getByText('Tidak dapat dilakukan').waitFor()
    expect(await page.textContent('main')).not.toContain(orderedText)
    await page.getByLabel('Tujuan').fill('skck.new')
    await look.click()
    await page.getByText(orderedText).waitFor()
    expect(page.url()).not.toContain(nik)

    await page.goto(`${house.url}/ops/orders/${id}`)
    await page.getByRole('link', { name: 'Ambil' }).click()
    await page.getByLabel('Alasan', { exact: true }).fill('giliran loket B-01')
    await page.getByRole('button', { name: 'Ya, lakukan: ambil' }).click()
    await page.getByText('o-90 · operations').first().waitFor()
    await page.getByRole('link', { name: 'Selesaikan' }).click()
    await page.getByLabel('Selesai: warga menerima hasilnya').check()
    await page.getByLabel('Alasan', { exact: true }).fill('sudah terbit di aplikasi instansi')
    const finish = page.getByRole('button', { name: 'Ya, lakukan: selesaikan' })
    await finish.click()
    await page.getByText("expected: the agency's number").first().waitFor() // the citizen would have nothing in hand
    await page.getByLabel('Nomor dari instansi').fill('IZ/17/IX/2026')
    await finish.click()
    await page.getByText('Sudah dilakukan dan tercatat: Selesaikan').waitFor()
    expect(await page.textContent('#order')).toContain('Selesai')

    const shown = await house.read(`/v1/submissions/${id}`, {
      ...as('front-office'),
      'mpp-purpose': 'skck.new',
      'mpp-counter': 'A-03',
      'mpp-officer': 'o-7f3a',
      'mpp-case': await house.openCase(),
    })
    expect(shown.body).toMatchObject({ state: 'confirmed', reference: 'IZ/17/IX/2026' })
    expect(
      (await house.ledgerOf(id)).map(({ kind, act, outcome, officer, reason }) => [
        kind,
        act ?? outcome,
        officer,
        ...(kind === 'act' ? [reason] : []),
      ]),
    ).toEqual([
      ['submission', 'ordered', 'o-7f3a'],
      ['refusal', 'NOT_GRANTED', 'o-90'],
      ['submission', 'released', 'o-90'],
      ['act', 'submission.take', 'o-90', 'giliran loket B-01'],
      ['act', 'submission.finish', 'o-90', 'sudah terbit di aplikasi instansi'],
      ['effect', 'confirmed', undefined],
      ['submission', 'released', 'o-7f3a'],
    ])
  })

  it('hands out the papers of an order, to those who say why', async () => {
    const house = await startPermits()
    const uploaded = await fetch(`${house.url}/v1/attachments`, {
      method: 'POST',
      headers: { ...as('front-office'), 'content-type': 'application/pdf' },
      body: '%PDF-1.7 KARTU KELUARGA',
    })
    const { id: attachment } = (await uploaded.json()) as { id: string }
    const id = await house.order({ documents: [{ requirement: 'kk', attachment }] })
    const page = await browser.open()
    await signIn(page, house)
    await page.goto(`${house.url}/ops/orders/${id}/look`)
    await page.getByLabel('Tujuan').fill('skck.new')
    await page.getByLabel('Loket').fill('B-01')
    await page.getByRole('button', { name: 'Ya, lakukan: lihat isi permohonan' }).click()
    for (let time = 0; time < 2; time += 1) {
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Unduh' }).click()
      const stream = await (await download).createReadStream()
      expect((await stream.toArray()).join('')).toBe('%PDF-1.7 KARTU KELUARGA')
    }
    const visitor = visit(house)
    await visitor.signIn(keys.auditor)
    const path = `/ops/orders/${id}/attachments/${attachment}`
    const context = { purpose: 'skck.new', counter: 'B-01' }
    expect((await visitor.post(path, context)).status).toBe(403)
    expect((await visitor.act(path, context)).status).toBe(404)
    const released = (await house.ledgerOf(id)).filter(({ outcome }) => outcome === 'released')
    expect(released.map(({ officer }) => officer)).toEqual(['o-90', 'o-90', 'o-90'])
  })

  it('gives back what it took; resolves and runs again what has stopped', async () => {
    const house = await startPermits()
    const id = await house.order()
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    expect((await visitor.act(`/ops/orders/${id}/take`, {})).status).toBe(422) // without a reason
    expect((await visitor.act(`/ops/orders/${id}/take`, { reason: 'giliran saya' })).status).toBe(303)
    const unsure = await visitor.act(`/ops/orders/${id}/release`, { reason: 'tidak sempat' })
    expect(unsure.status).toBe(422) // somebody may have entered it at the agency
    expect(
      (await visitor.act(`/ops/orders/${id}/release`, { reason: 'tidak sempat', acted: 'yes' })).status,
    ).toBe(303)
    expect((await house.store.findSubmission(id))!).toMatchObject({ state: 'queued', takenBy: null })
    expect((await visitor.act(`/ops/orders/${id}/rerun`, { reason: 'coba lagi' })).status).toBe(409)

    const gone = await startPermits({ isAssisted: false })
    gone.desk.takes('quota')
    const dead = await gone.order()
    await gone.becomes(dead, 'queued')
    const operator = visit(gone)
    await operator.signIn(keys.operator)
    const row = (await gone.store.findSubmission(dead))!
    await gone.store.moveSubmission(
      dead,
      row.revision,
      { state: 'dead', awaits: 'operator', dueInMs: null },
      [],
    )
    expect((await operator.get('/ops/orders?state=dead')).text).toContain(dead)
    expect((await operator.get('/ops/orders/rerun')).text).toContain('Yang cocok: 1')
    const all = await operator.act('/ops/orders/rerun', { reason: 'kuota sudah ditambah', upstream: 'desk' })
    expect(all.text).toContain('1 permohonan dijalankan lagi.')
    expect((await gone.store.findSubmission(dead))!.state).not.toBe('dead')
  })

  it('acknowledges an alarm, which says what it means and what to do', async () => {
    await using house = await startHouse({
      agreements: [agreement({ validUntil: Date.parse('2026-10-01T00:00:00+07:00') })],
    })
    const page = await browser.open()
    await signIn(page, house)
    await page.getByRole('link', { name: /^Alarm\s*1$/ }).click()
    await page.getByText('Perjanjian segera berakhir: pks-front-office-dukcapil').waitFor()
    expect(await page.textContent('#open')).toContain('Mulailah perpanjangan')
    await page.getByRole('link', { name: 'Saya tangani' }).click()
    await page.getByLabel('Apa yang sedang dilakukan').fill('Perpanjangan sudah diajukan')
    await page.getByRole('button', { name: 'Ya, lakukan: saya tangani' }).click()
    await page.getByText('Dilihat o-90').waitFor()
    expect(await page.textContent('#open')).toContain('Perpanjangan sudah diajukan')
    const rows = await house.store.readLedger(0, 10)
    expect(rows.map(({ content }) => JSON.parse(content!))).toMatchObject([
      { act: 'alarm.acknowledge', officer: 'o-90', reason: 'Perpanjangan sudah diajukan' },
    ])
  })

  it('shows nothing personal and no secret on any page', async () => {
    const house = await startPermits()
    const id = await house.order()
    await house.ask(ask, { nik }).catch(() => {})
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    await visitor.act(`/ops/orders/${id}/take`, { reason: 'giliran saya' })
    for (const path of viewsOf('desk', id)) {
      const { status, text } = await visitor.get(`/ops${path}`)
      expect(status).toBe(200)
      for (const secret of [nik, orderedText, ...Object.values(keys)]) expect(text).not.toContain(secret)
    }
  })
})
