/** The arrows of the house are lint rules; a rule that cannot fail guards nothing. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** The rules that a file breaks which holds nothing but an import. */
function brokenBy(file: string, specifier: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-boundaries-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), `import '${specifier}'\n`)
  try {
    execFileSync(join(root, 'node_modules/.bin/oxlint'), ['--format=json'], { cwd: folder, encoding: 'utf8' })
    return []
  } catch (error) {
    const { diagnostics } = JSON.parse((error as { stdout: string }).stdout) as {
      diagnostics: { code: string }[]
    }
    return diagnostics.map(({ code }) => code)
  }
}

it.each([
  ['contracts/a.ts', 'undici'],
  ['contracts/a.ts', 'node:fs'],
  ['contracts/a.ts', '../gateway/app.ts'],
  ['contracts/a.ts', '#gateway/app.ts'],
  ['adapters/dukcapil/a.ts', 'undici'],
  ['adapters/dukcapil/a.ts', '#gateway/app.ts'],
  ['adapters/dukcapil/a.ts', '../../gateway/app.ts'],
  ['adapters/dukcapil/a.ts', '../../mocks/main.ts'],
  ['adapters/dukcapil/a.ts', '../polri/adapter.ts'],
  ['adapters/dukcapil/a.ts', '../polri/wire.ts'],
  ['adapters/polri/a.ts', '../dukcapil/adapter.ts'],
  ['adapters/polri/a.ts', '../dukcapil/verification.ts'],
  ['adapters/dukcapil/a.test.ts', '#gateway/app.ts'],
  ['mocks/dukcapil/a.ts', '#contracts/text.ts'],
  ['mocks/dukcapil/a.ts', '../../adapters/dukcapil/adapter.ts'],
  ['gateway/a.ts', '../adapters/dukcapil/adapter.ts'],
  ['gateway/a.ts', '../mocks/main.ts'],
  ['gateway/http/a.ts', 'undici'],
  ['gateway/upstream/a.ts', 'opossum'],
  ['gateway/upstream/a.ts', 'fast-xml-parser'],
  ['gateway/access/a.ts', 'ioredis'],
  ['gateway/ops/a.ts', 'pino'],
  ['gateway/ops/a.ts', '@opentelemetry/api'],
  ['gateway/a.ts', 'node:sqlite'],
  ['gateway/ledger/a.ts', 'pg'],
  ['gateway/store/a.ts', 'pg'],
])('%s may not import %s', (file, specifier) => {
  expect(brokenBy(file, specifier)).toEqual(['eslint(no-restricted-imports)'])
})

it.each([
  ['contracts/a.ts', 'zod'],
  ['contracts/a.ts', './text.ts'],
  ['adapters/dukcapil/a.ts', 'zod'],
  ['adapters/dukcapil/a.ts', './b.ts'],
  ['adapters/dukcapil/a.ts', '#contracts/adapter.ts'],
  // An agency that passes on another's wire format reads it with that agency's reader.
  ['adapters/polri/a.ts', '../dukcapil/refusals.ts'],
  ['adapters/polri/a.ts', '../dukcapil/resident-row.ts'],
  ['adapters/dukcapil/a.test.ts', '#gateway/conformance/describe-adapter.ts'],
  ['mocks/dukcapil/a.ts', '../serve.ts'],
  ['gateway/upstream/transport.ts', 'undici'],
  ['gateway/upstream/breaker.ts', 'opossum'],
  ['gateway/ops/tracing.ts', '@opentelemetry/api'],
  ['gateway/upstream/codecs/xml.ts', 'fast-xml-parser'],
  ['gateway/store/a.ts', 'node:sqlite'],
  ['gateway/store/postgres-connections.ts', 'pg'],
])('%s may import %s', (file, specifier) => {
  expect(brokenBy(file, specifier)).toEqual([])
})
