/** `npm run new-adapter`: a folder that works at once, tests that name what is still to be filled in, and no other file. */
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../start/processes.ts'

/** The repository without its adapters: the new one is alone. */
let copy: string
let before: readonly string[]
const binary = (name: string): string => join(root, 'node_modules/.bin', name)
const written = ['adapters/land-office', 'mocks/land-office']

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'mpp-new-adapter-'))
  const rooms = ['contracts', 'gateway', 'mocks', 'adapters/README.md']
  for (const path of [...rooms, 'package.json', 'tsconfig.json', 'vitest.config.ts', '.oxfmtrc.json'])
    cpSync(join(root, path), join(copy, path), { recursive: true })
  rmSync(join(copy, 'gateway/e2e'), { recursive: true }) // they speak of the other adapters
  cpSync(join(root, 'gateway/e2e/stand-ins'), join(copy, 'gateway/e2e/stand-ins'), { recursive: true })
  rmSync(join(copy, 'gateway/testing/house.ts'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  before = filesOf(copy)
  await generate('land-office')
}, 60_000)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const generate = (...id: readonly string[]) =>
  execute(process.execPath, ['gateway/start.js', 'new-adapter', ...id])

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    file => !file.startsWith('node_modules') && statSync(join(folder, file)).isFile(),
  )

function execute(file: string, args: readonly string[]) {
  return new Promise<{ failed: boolean; printed: string }>(resolve => {
    const env = { PATH: process.env['PATH'], HOME: copy }
    execFile(file, args, { cwd: copy, env }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, printed: stdout + stderr }),
    )
  })
}

interface Failed {
  readonly title: string
  readonly failureMessages: readonly string[]
}

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly (Failed & { readonly status: string })[]
  }[]
}

/** The kit on the new adapter, and its fixtures against the new stand-in. */
async function runTests() {
  const files = ['adapters/land-office', 'gateway/e2e/stand-ins']
  await execute(binary('vitest'), ['run', ...files, '--reporter=json', '--outputFile=report.json'])
  const report = JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8')) as Report
  rmSync(join(copy, 'report.json'))
  const failed = report.testResults.flatMap(({ message, assertionResults }): readonly Failed[] => {
    const tests = assertionResults.filter(({ status }) => status === 'failed')
    return tests.length > 0 || !message ? tests : [{ title: message, failureMessages: [] }]
  })
  return { passed: report.numPassedTests, failed }
}

describe('a new adapter', () => {
  it('is two folders, and nothing else is touched', () => {
    const isNew = (file: string) => written.some(folder => file.startsWith(`${folder}/`))
    expect(filesOf(copy).filter(file => !before.includes(file) && !isNew(file))).toEqual([])
    expect(filesOf(join(copy, written[0]!)).toSorted()).toEqual([
      'README.md',
      'adapter.test.ts',
      'adapter.ts',
      'capability.ts',
      'fixtures.json',
    ])
  })

  it('compiles', { timeout: 60_000 }, async () => {
    const { printed } = await execute(binary('tsc'), ['--noEmit', '--pretty', 'false'])
    expect(printed.split('\n').filter(line => line.includes('land-office'))).toEqual([])
  })

  it(
    'fails on nothing but the places to fill in, each named; filled in, it passes',
    { timeout: 120_000 },
    async () => {
      const unfilled = await runTests()
      expect(unfilled.failed.map(({ title }) => title)).toEqual(['has nothing left to fill in'])
      const [message = ''] = unfilled.failed[0]!.failureMessages
      for (const place of [
        'adapter.ts:2 * FILL IN',
        'fixtures.json:',
        'README.md:1 ',
        'mocks/land-office/server.ts:1 ',
      ])
        expect(message).toContain(place)

      for (const folder of written) {
        for (const file of filesOf(join(copy, folder))) {
          const path = join(copy, folder, file)
          writeFileSync(path, readFileSync(path, 'utf8').replaceAll('FILL IN: ', ''))
        }
      }
      const filled = await runTests()
      expect(filled.failed).toEqual([])
      expect(filled.passed).toBeGreaterThan(40)
    },
  )
})

describe('the generator', () => {
  it('leaves a folder that is there as it is', async () => {
    const adapter = join(copy, 'adapters/land-office/adapter.ts')
    const untouched = readFileSync(adapter, 'utf8')
    const { failed, printed } = await generate('land-office')
    expect(failed).toBe(true)
    expect(printed).toContain('land-office is there already')
    expect(readFileSync(adapter, 'utf8')).toBe(untouched)
  })

  it.each([[[]], [['Land Office']], [['../elsewhere']], [['land_office']]])(
    'says how it is used: %j',
    async id => {
      const { failed, printed } = await generate(...id)
      expect(failed).toBe(true)
      expect(printed).toContain('npm run new-adapter <id>')
    },
  )
})
