/** The package as others install it: nothing of this checkout is in reach but the packages it depends on. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { addressOf, root, run } from '../start/processes.ts'

let folder: string
/** What the compiler had to complain about, by project. */
const complaints: Record<string, readonly string[]> = {}
const inFolder = (...path: readonly string[]): string => join(folder, ...path)
const binary = (name: string): string => join(root, 'node_modules/.bin', name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mpp-package-'))
  mkdirSync(inFolder('node_modules'))
  linkPackages(join(root, 'node_modules'), inFolder('node_modules'))
  cpSync(join(import.meta.dirname, 'parking'), inFolder('parking'), { recursive: true })
  cpSync(join(import.meta.dirname, 'counter'), inFolder('counter'), { recursive: true })

  await install(root)
  complaints['parking'] = await compile('parking')
  await install(inFolder('parking'))
  complaints['counter'] = await compile('counter')
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What `npm install` would fetch is there already: linked, so that each package is one instance. */
function linkPackages(from: string, to: string): void {
  for (const name of readdirSync(from).filter(entry => !entry.startsWith('.')))
    symlinkSync(join(from, name), join(to, name))
}

/** Packs a package, and unpacks it where `npm install` would. */
async function install(source: string): Promise<void> {
  const { name } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { name: string }
  const target = inFolder('node_modules', name)
  mkdirSync(target)
  await execute('npm', ['pack', '--silent', '--pack-destination', folder], source)
  const archive = readdirSync(folder).find(file => file.startsWith(name) && file.endsWith('.tgz'))!
  await execute('tar', ['-xzf', inFolder(archive), '-C', target, '--strip-components=1'], folder)
}

async function compile(project: string): Promise<readonly string[]> {
  const printed = await execute(binary('tsc'), ['-p', '.'], inFolder(project), 'may fail')
  return printed.split('\n').filter(line => line.includes('error TS'))
}

function execute(file: string, args: readonly string[], cwd: string, fails?: 'may fail'): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { PATH: process.env['PATH'], HOME: folder } }
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error && !fails) reject(new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`))
      else resolve(stdout)
    })
  })
}

describe('a package of an adapter', () => {
  it('type-checks, with every library that it sees', () => {
    expect(complaints['parking']).toEqual([])
  })

  it("passes the kit's checks in a project of its own", async () => {
    const options = ['run', 'adapter.test.ts', '--root', '.', '--reporter=json', '--outputFile=report.json']
    await execute(binary('vitest'), options, inFolder('parking'), 'may fail')
    const report = readFileSync(inFolder('parking/report.json'), 'utf8')
    const { success, numPassedTests, testResults } = JSON.parse(report) as Report
    const failed = testResults.flatMap(({ message, assertionResults }) => [
      ...(message ? [message] : []),
      ...assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
    ])
    expect(failed).toEqual([])
    expect(success).toBe(true)
    expect(numPassedTests).toBeGreaterThan(20)
  })
})

interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

describe('the packed gateway and its client', () => {
  it('answer a counter by an adapter that the configuration names', async () => {
    const agency = await startAgency()
    const apiKey = await configure(agency)
    const gateway = run([mppGateway(), 'start'], { MPP_CONFIG: inFolder('mall'), PORT: '0' }, folder)
    const url = await addressOf(gateway)

    const printed = await execute(process.execPath, ['dist/counter.js', url, apiKey], inFolder('counter'))
    expect(printed.trim().split('\n')).toEqual([
      'P-17 /sex',
      'NOT_FOUND Not found',
      'NOT_GRANTED PURPOSE_NOT_GRANTED no',
    ])
  })

  it('let no misspelled element compile, and say where it stands', () => {
    const lines = readFileSync(inFolder('counter/misspelled.ts'), 'utf8').split('\n')
    const line = lines.findIndex(text => text.includes("'/adress'"))
    const column = lines[line]!.indexOf("'/adress'")
    expect(complaints['counter']).toEqual([
      expect.stringContaining(`misspelled.ts(${line + 1},${column + 1}): error TS`),
    ])
  })

  it('need no schema at run time: the client alone loads nothing else', async () => {
    const script = `
      import { registerHooks } from 'node:module'
      registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) })
      await import('mpp-gateway/client')`
    const loaded = await execute(process.execPath, ['--input-type=module', '-e', script], inFolder('counter'))
    const files = loaded.split('\n').flatMap(url => url.split('/node_modules/')[1] ?? [])
    expect(files.toSorted()).toEqual([
      'mpp-gateway/dist/contracts/failures.js',
      'mpp-gateway/dist/gateway/client/client.js',
      'mpp-gateway/dist/gateway/client/events.js',
      'mpp-gateway/dist/gateway/client/paths.js',
      'mpp-gateway/dist/gateway/client/problem.js',
    ])
  })
})

/** The command that npm would link. */
function mppGateway(): string {
  const packageFolder = inFolder('node_modules/mpp-gateway')
  const { bin } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    bin: { 'mpp-gateway': string }
  }
  const command = join(packageFolder, bin['mpp-gateway'])
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  return command
}

/** The transport office: it knows one permit. */
async function startAgency(): Promise<string> {
  const server = createServer(async (request, response) => {
    const { nik } = (await json(request)) as { nik: string }
    const permit = { status: 'found', nik, number: 'P-17', sex: 'Laki-Laki' }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(nik === '9999011501900001' ? permit : { status: 'none' }))
  })
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What `init` writes, with the transport office in it; the API key. */
async function configure(agency: string): Promise<string> {
  const init = run([mppGateway(), 'init', inFolder('mall')], {}, folder)
  expect(await init.ended, init.printed).toBe(0)
  const file = inFolder('mall/gateway.yaml')
  const gateway = parse(readFileSync(file, 'utf8')) as { upstreams: object }
  const parking = { adapter: 'parking', baseUrl: agency, config: { password: 'kata-sandi-contoh' } }
  const upstreams = { ...gateway.upstreams, parking }
  writeFileSync(file, stringify({ ...gateway, adapters: ['mpp-adapter-parking'], upstreams }))
  const agreement = {
    id: 'parking-front-office',
    upstream: 'parking',
    member: 'front-office',
    legalBasis: 'PKS 551/1/2026',
    contact: { name: 'Bapak Contoh', email: 'pks@example.go.id' },
    valid: { from: '2026-01-01', until: '2035-12-31' },
    grants: [{ capability: 'parking.lookup', purposes: ['parking.renewal'], elements: ['/nik', '/permit'] }],
  }
  writeFileSync(inFolder('mall/agreements/parking.yaml'), stringify(agreement))
  return /mpp_[\w-]+/.exec(init.printed)![0]
}
