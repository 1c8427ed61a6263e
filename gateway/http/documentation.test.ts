import { execFile, execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, it, onTestFinished } from 'vitest'
import { failures } from '#contracts/failures.ts'
import { residentLookup } from '#contracts/resident.ts'
import { toyAdapter } from '#gateway/conformance/toy-adapter.ts'
import type { GatewayFailure } from '#gateway/failure.ts'
import { documentation } from './documentation.ts'

const app = new Hono()
app.onError((error, c) => c.text((error as GatewayFailure).code, 404))
const upstreams = [{ id: 'toy-region', adapter: toyAdapter(), policy: toyAdapter().policy }]
app.route('/', documentation([residentLookup], { upstreams }))

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers })

it.each(['/openapi.json', '/errors', '/capabilities', '/docs'])(
  'speaks Indonesian at %s, and English when asked to',
  async path => {
    const [indonesian, english] = await Promise.all([
      get(path),
      get(path, { 'accept-language': 'en-GB,en;q=0.9' }),
    ])
    expect([indonesian.status, indonesian.headers.get('content-language')]).toEqual([200, 'id'])
    expect([english.status, english.headers.get('content-language')]).toEqual([200, 'en'])
    expect(english.headers.get('vary')).toContain('Accept-Language')
    expect(await english.text()).not.toBe(await indonesian.text())
  },
)

it('lists every failure with what the caller can do', async () => {
  const response = await get('/errors', { 'accept-language': 'en' })
  expect(response.headers.get('content-type')).toBe('application/json')
  const { errors } = (await response.json()) as { errors: { code: string; action: string }[] }
  expect(errors.map(({ code }) => code)).toEqual(Object.keys(failures))
  expect(errors.find(({ code }) => code === 'UPSTREAM_TIMEOUT')).toEqual({
    code: 'UPSTREAM_TIMEOUT',
    type: '/errors#UPSTREAM_TIMEOUT',
    status: 504,
    title: 'The agency did not answer in time',
    retry: true,
    meaning: 'unanswered',
    action: expect.stringMatching(/^Try again/),
  })
  expect(errors.find(({ code }) => code === 'INPUT_INVALID')?.action).toMatch(/^Mend the request/)
})

it('leads a browser from the type of a problem to its explanation', async () => {
  const response = await get('/errors', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
  expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  const page = await response.text()
  for (const code of Object.keys(failures)) expect(page).toContain(`id="${code}"`)
})

it.each(['/errors', '/capabilities', '/docs'])(
  'keeps browsers from framing, sniffing and sending: %s',
  async path => {
    const { headers } = await get(path, { accept: 'text/html' })
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/)
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  },
)

it('shows a browser what the gateway can do, with no style but its own and no script', async () => {
  const [page, json] = await Promise.all([
    get('/capabilities', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }),
    get('/capabilities'),
  ])
  expect(json.headers.get('content-type')).toBe('application/json')
  expect(await json.json()).toMatchObject({
    upstreams: [{ id: 'toy-region', agency: 'Instansi mainan', trust: 'assumed' }],
  })
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  expect(page.headers.get('vary')).toBe('Accept, Accept-Language')
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  const text = await page.text()
  const style = /<style>(.*?)<\/style>/s.exec(text)![1]!
  expect(page.headers.get('content-security-policy')).toBe(
    `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'`,
  )
  expect(text).not.toMatch(/<script|<link|<img|style=|https?:/)
})

it.each([
  ['/docs', 'text/html'],
  ['/docs/swagger-ui.css', 'text/css'],
  ['/docs/swagger-ui-bundle.js', 'text/javascript'],
  ['/docs/reference.js', 'text/javascript'],
  ['/docs/favicon-32x32.png', 'image/png'],
])('serves %s from this gateway alone', async (path, type) => {
  const { status, headers } = await get(path)
  expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type])
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  const policy = headers.get('content-security-policy')
  expect(policy).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/)
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
})

it.each(['package.json', 'swagger-ui.js', '__proto__', '..%2Fpackage.json', '..%2F..%2Fpackage.json', '%00'])(
  'serves no other file: %s',
  async file => {
    expect(await (await get(`/docs/${file}`)).text()).toBe('ROUTE_UNKNOWN')
  },
)

// -- In a browser --------------------------------------------------------------------------------------------------

const chromium = process.env['CHROMIUM'] ?? 'chromium'
const isBrowserThere = canRun(chromium)
if (!isBrowserThere)
  console.warn(`skipped: the reference page in a browser (no ${chromium}; CHROMIUM names another one)`)

it.skipIf(!isBrowserThere && !process.env['CI'])(
  'renders the reference page in a browser, within its policy',
  async () => {
    const asked: string[] = []
    const listener = getRequestListener(app.fetch)
    const server = createServer((request, response) => {
      asked.push(request.url!)
      void listener(request, response)
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const profile = mkdtempSync(join(tmpdir(), 'chromium-'))
    onTestFinished(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))

    const { port } = server.address() as AddressInfo
    const { stdout: page, stderr: log } = await promisify(execFile)(
      chromium,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
        '--enable-logging=stderr',
        '--virtual-time-budget=20000',
        `--user-data-dir=${profile}`,
        '--dump-dom',
        `http://127.0.0.1:${port}/docs#/questions/resident.lookup`,
      ],
      { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 },
    )

    const expected = ['data-path="/v1/residents/lookup"', 'data-param-name="Mpp-Purpose"', 'UPSTREAM_TIMEOUT']
    expect(expected.filter(text => !page.includes(text))).toEqual([])
    expect(log.split('\n').filter(line => line.includes(':CONSOLE'))).toEqual([])
    expect(asked.toSorted()).toEqual([
      '/docs',
      '/docs/favicon-32x32.png',
      '/docs/reference.js',
      '/docs/swagger-ui-bundle.js',
      '/docs/swagger-ui.css',
      '/openapi.json',
    ])
  },
  90_000,
)

function canRun(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
