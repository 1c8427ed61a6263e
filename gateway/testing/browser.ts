/**
 * The system's Chromium for tests of pages. Absent: the tests are skipped by name with the reason printed; in CI that is a
 * failure. Each test opens pages of its own, which share nothing with those of another.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { source as axeSource } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

export interface PageOptions {
  /** Desktop unless told. */
  readonly size?: 'desktop' | 'phone'
  readonly scheme?: 'light' | 'dark'
  /** `false`: scripts do not run. */
  readonly script?: boolean
}

export interface TestBrowser {
  /** A page with cookies of its own, closed at the end of the test. Whatever goes wrong in it fails the test. */
  open(options?: PageOptions): Promise<Page>
}

export const sizes = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // whatever it would call, it reaches this machine only
]

/** A suite with a browser, started once for it. */
export function describeWithBrowser(name: string, suite: (browser: TestBrowser) => void): void {
  const executablePath = findChromium()
  if (executablePath === undefined) return describeAbsent(name, suite)

  // A browser beside the house: slow where the machine is.
  describe(name, { timeout: 60_000 }, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchBrowser(executablePath)
    }, 60_000)
    afterAll(() => browser?.close())
    suite({
      async open(options) {
        const context = await openContext(browser, options)
        const page = await context.newPage()
        const faults: string[] = []
        page.on('pageerror', error => faults.push(error.message))
        page.on('console', message => {
          // That a page was answered with an error status is the test's business.
          if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
            faults.push(message.text())
        })
        onTestFinished(async () => {
          await context.close()
          expect(faults).toEqual([])
        })
        return page
      },
    })
  })
}

/** With a profile of its own that goes with it. */
export const launchBrowser = (executablePath = findChromium()): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath!, headless: true, args: flags })

export async function openContext(
  browser: Browser,
  { size = 'desktop', scheme = 'light', script = true }: PageOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: scheme,
    javaScriptEnabled: script,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(15_000)
  return context
}

interface AxeViolation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** No violation of any rule of axe, and nothing that is wider than the window. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource)
  const violations = (await page.evaluate('axe.run(document).then(run => run.violations)')) as AxeViolation[]
  expect(
    violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ''}`),
    })),
  ).toEqual([])
  const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
  expect(overflow, 'wider than the window').toBeLessThanOrEqual(0)
}

function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  return [...folders, '/usr/bin'].flatMap(folder => names.map(name => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function describeAbsent(name: string, suite: (browser: TestBrowser) => void): void {
  const reason = 'no Chromium: put chromium on PATH'
  if (process.env['CI']) {
    describe(name, () => {
      test('has the browser it needs', () => {
        throw new Error(reason)
      })
    })
  } else {
    console.warn(`skipped: ${name} (${reason})`)
    describe.skip(`${name} (${reason})`, () => suite({ open: () => Promise.reject(new Error(reason)) }))
  }
}
