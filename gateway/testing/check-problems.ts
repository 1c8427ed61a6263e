/** Runs once around all tests: every failure code that is declared was emitted by some test, and none that is not. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { failures } from '../../contracts/failures.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file in which the codes are noted, one a line. */
    emittedCodes: string
  }
}

export default function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-codes-'))
  const file = join(folder, 'emitted')
  writeFileSync(file, '')
  project.provide('emittedCodes', file)

  return async function teardown() {
    const emitted = new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))
    rmSync(folder, { recursive: true })
    const declared = new Set(Object.keys(failures))
    complain('emitted, but not declared in contracts/failures.ts', emitted.difference(declared))
    if (await isWholeSuite(project))
      complain('declared in contracts/failures.ts, but emitted by no test', declared.difference(emitted))
  }
}

/** A part of the suite need not emit everything. */
async function isWholeSuite(project: TestProject): Promise<boolean> {
  const { testFiles } = await project.globTestFiles()
  const { vitest } = project
  return vitest.state.getTestModules().length === testFiles.length && !vitest.getGlobalTestNamePattern()
}

function complain(what: string, codes: ReadonlySet<string>): void {
  if (codes.size > 0) throw new Error(`Failure codes ${what}: ${[...codes].join(', ')}`)
}
