/** What a browser never gets to see, and what another site never gets to do. */
import { expect, it } from 'vitest'
import { describeWithBrowser } from '#gateway/testing/browser.ts'
import { beginVisit, lookUp, nik, openMall, submit } from './mall.ts'

/** A browser's own requests, without one: cookies are kept, redirects are not followed. */
function createVisitor(counter: string) {
  let cookie = ''
  return {
    async send(path: string, form?: Record<string, string>, headers: Record<string, string> = {}) {
      const response = await fetch(new URL(path, counter), {
        method: form ? 'POST' : 'GET',
        headers: { ...headers, ...(cookie !== '' && { cookie }) },
        redirect: 'manual',
        ...(form && { body: new URLSearchParams(form) }),
      })
      const set = response.headers.get('set-cookie')
      if (set) cookie = set.split(';')[0]!
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, set }
    },
    async tokenAt(path: string): Promise<string> {
      const { text } = await this.send(path)
      return /name="formToken" value="([^"]+)"/.exec(text)![1]!
    },
  }
}

const opening = { counter: 'A-03', officer: 'o-7f3a', purpose: 'loss-report.new' }

it('refuses a form that its own page did not send, and does nothing of it', async () => {
  const mall = await openMall()
  const visitor = createVisitor(mall.counter)
  const formToken = await visitor.tokenAt('/counter')
  const other = await createVisitor(mall.counter).tokenAt('/counter')
  const { origin } = new URL(mall.counter)

  for (const [form, headers] of [
    [opening, {}],
    [{ ...opening, formToken: other }, {}],
    [{ ...opening, formToken }, { origin: 'https://evil.example' }],
    [{ ...opening, formToken }, { origin: 'null' }],
  ] as const) {
    const { status, text } = await visitor.send('/counter/visit', form, headers)
    expect(status).toBe(403)
    expect(text).toContain('Formulir ini tidak diterima')
  }
  expect((await visitor.send('/counter/resident')).status).toBe(303) // no visit was opened

  const { status, set } = await visitor.send('/counter/visit', { ...opening, formToken }, { origin })
  expect(status).toBe(303)
  expect(set).toMatch(/^mpp-counter=[\w-]{22}; Path=\/counter; HttpOnly; SameSite=Strict$/)
  // The visit has a session of its own: what was known of it before opens nothing.
  const afterwards = await visitor.send('/counter/visit/end', { formToken }, { origin })
  expect(afterwards.status).toBe(403)
})

it('shows an order to nobody but the visit that it is of', async () => {
  const mall = await openMall()
  const [one, two] = [createVisitor(mall.counter), createVisitor(mall.counter)]
  for (const visitor of [one, two])
    await visitor.send('/counter/visit', { ...opening, formToken: await visitor.tokenAt('/counter') })
  const formToken = await one.tokenAt('/counter/loss-report')
  await one.send('/counter/loss-report', { act: 'example', formToken })
  const page = await one.send('/counter/loss-report')
  const values = Object.fromEntries(
    [...page.text.matchAll(/name="(\/[^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  )
  const chosen = Object.fromEntries(
    [...page.text.matchAll(/<select[^>]*name="(\/[^"]+)"[^]*?<option value="(\w+)" selected/g)].map(
      ([, name, value]) => [name!, value!],
    ),
  )
  const form = { ...values, ...chosen, '/loss/circumstances': 'Terjatuh.', act: 'send', formToken }
  const placed = await one.send('/counter/loss-report', form)
  const order = placed.headers.get('location')!
  expect(order).toMatch(/^\/counter\/orders\/[0-9a-f-]{36}$/)
  expect((await one.send(order)).status).toBe(200)
  for (const path of [order, `${order}/live`, '/counter/orders/01997b6e-4d00-7000-8000-000000000001'])
    expect((await two.send(path)).status).toBe(404)
})

it('takes no text of a visitor for markup, and leads nowhere else', async () => {
  const mall = await openMall()
  const visitor = createVisitor(mall.counter)
  const formToken = await visitor.tokenAt('/counter')
  await visitor.send('/counter/visit', { ...opening, counter: '"><script>alert(1)</script>', formToken })
  const { text } = await visitor.send('/counter')
  expect(text).toContain('Periksa loket dan petugas')
  expect(text).not.toContain('<script>alert')
  await visitor.send('/counter/visit', { ...opening, formToken })
  const inside = await visitor.tokenAt('/counter/resident')
  const asked = await visitor.send('/counter/resident', { '/nik': '<b>99</b>', formToken: inside })
  expect(asked.status).toBe(303)
  expect((await visitor.send('/counter/resident')).text).not.toContain('<b>99')
  const back = await visitor.send('/counter/language', {
    language: 'en',
    back: '//evil.example/counter',
    formToken: inside,
  })
  expect(back.headers.get('location')).toBe('/counter')
})

it('says in the words of an officer that the gateway is away', async () => {
  const mall = await openMall()
  await mall.close()
  const { status, text } = await createVisitor(mall.counter).send('/counter')
  expect(status).toBe(503)
  expect(text).toContain('Gerbang tidak menjawab')
})

describeWithBrowser('the counter page in a browser', browser => {
  it('never holds an API key, nor a person in an address, and runs nothing that is not its own', async () => {
    const mall = await openMall()
    const page = await browser.open()
    const bodies: Promise<string>[] = []
    const addresses: string[] = []
    page.on('response', response => {
      addresses.push(response.url())
      const isPage = response.status() === 200 && !response.url().endsWith('/live')
      if (isPage) bodies.push(response.text())
      expect(JSON.stringify(response.headers())).not.toContain(mall.apiKey)
    })
    await beginVisit(page, mall)
    await lookUp(page)
    await page.goto(`${mall.counter}/loss-report`)
    await submit(page, page.getByRole('button', { name: 'Isi contoh' }))
    await submit(page, page.getByRole('button', { name: 'Kirim laporan' }))
    await page.locator('#follows').waitFor()
    const streamed = await page.content()

    const texts = [...(await Promise.all(bodies)), streamed]
    expect(texts.length).toBeGreaterThan(4)
    for (const text of texts) {
      expect(text).not.toContain(mall.apiKey)
      expect(text).not.toContain('Bearer')
    }
    expect(addresses.filter(address => address.includes(nik))).toEqual([])
    expect(new Set(addresses.map(address => new URL(address).origin))).toEqual(
      new Set([new URL(mall.counter).origin]),
    )

    // Scripts of anybody else are blocked by the policy.
    const { headers } = await createVisitor(mall.counter).send('/counter')
    const policy = headers.get('content-security-policy')!
    expect(policy).toMatch(/default-src 'none'/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
