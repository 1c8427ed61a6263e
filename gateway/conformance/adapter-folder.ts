import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder as adapters have, for the kit's own tests; gone at their end. */
export function adapterFolder(
  name: string,
  files: readonly string[] = ['adapter.ts', 'adapter.test.ts', 'fixtures.json', 'README.md'],
): string {
  const root = mkdtempSync(join(tmpdir(), 'mpp-conformance-'))
  afterAll(() => rmSync(root, { recursive: true }))
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  for (const file of files) writeFileSync(join(folder, file), '')
  return folder
}
