/** `npm run demo`: stand-in agencies and a gateway on embedded defaults; nothing to install, nothing to configure. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCounterPage } from './counter-page/counter-page.ts'
import { endInOrder, exitWith } from './exit.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'
import { demoKeys } from './settings/demo.ts'
import { firstQuestion } from './settings/first-question.ts'
import { loadSettings } from './settings/load.ts'
import { readProcessSettings } from './settings/process.ts'
import type { Problem } from './settings/read-yaml.ts'
import { discoverAdapters } from './upstream/discovery.ts'

const root = join(import.meta.dirname, '..')
const demo = new AsyncDisposableStack()
const log = createLog()
endInOrder(() => demo.disposeAsync(), log)

/** Starts the stand-ins on free ports; each one's address becomes `MOCK_<ID>_URL`. They end with this process. */
async function startMocks(): Promise<Record<string, string>> {
  const mocks = fork(join(root, 'mocks/main.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(mocks, 'exit')
  demo.defer(async () => {
    if (mocks.connected) mocks.disconnect()
    await ended
  })
  const message = await Promise.race([once(mocks, 'message'), ended.then(() => undefined)])
  if (!message) throw new Error('the stand-in agencies did not start')
  const { ready } = message[0] as { ready: Record<string, string> }
  return Object.fromEntries(
    Object.entries(ready).map(([id, url]) => [`MOCK_${id.toUpperCase().replaceAll('-', '_')}_URL`, url]),
  )
}

try {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mpp-demo-'))
  demo.defer(() => rmSync(dataFolder, { recursive: true, force: true }))
  const { PORT, REDIS_URL } = process.env
  const problems: Problem[] = []
  const { configPath, ...options } = readProcessSettings(
    { MPP_CONFIG: join(root, 'config/demo'), MPP_DATA: dataFolder, PORT, REDIS_URL },
    problems,
  )
  const discovered = await discoverAdapters(join(root, 'adapters'))
  const mocks = await startMocks()
  const settings = loadSettings({
    path: configPath,
    environment: mocks,
    adapters: discovered.adapters,
    earlierProblems: [...problems, ...discovered.problems],
    isDemo: true,
  })
  let gatewayUrl = ''
  const page = createCounterPage({
    gatewayUrl: () => gatewayUrl,
    apiKey: demoKeys['front-office'],
    mall: settings.mall,
    office: { level: 'resort', name: 'POLRES CONTOH' },
  })
  const server = await startServer({
    settings,
    log,
    page: { path: '/counter', fetch: page.fetch },
    ...options,
  })
  gatewayUrl = server.url
  demo.defer(() => server.stop())
  demo.defer(() => page.close())

  const opened = await fetch(`${server.url}/v1/cases`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demoKeys['front-office']}`, 'content-type': 'application/json' },
    body: '{}',
  })
  const visit = (await opened.json()) as { id: string; expiresAt: string }
  console.log(`
A counter is open. A case was opened for it, until ${visit.expiresAt}. Paste this:

${firstQuestion({ url: server.url, apiKey: demoKeys['front-office'], caseId: visit.id })}

What two organisations see of one resident: README.md, Who sees what
What an officer works with: ${server.url}/counter
What operators look at: ${server.url}/ops (key ${demoKeys.operations}, officer o-90)
Reference: ${server.url}/docs
Stand-in agencies, with bad weather on request (mocks/README.md): ${Object.values(mocks).join(' ')}
Stop with Ctrl+C.
`)
} catch (error) {
  await demo.disposeAsync()
  exitWith(error)
}
