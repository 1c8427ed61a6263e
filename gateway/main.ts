/** `npm start`: settings, discovery, listen, drain. */
import { endInOrder, exitWith } from './exit.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'
import { loadSettings } from './settings/load.ts'
import { readProcessSettings } from './settings/process.ts'
import type { Problem } from './settings/read-yaml.ts'
import { discoverAdapters } from './upstream/discovery.ts'

try {
  const problems: Problem[] = []
  const { configPath, ...options } = readProcessSettings(process.env, problems)
  const discovered = await discoverAdapters(`${import.meta.dirname}/../adapters`)
  const settings = loadSettings({
    path: configPath,
    environment: process.env,
    adapters: discovered.adapters,
    earlierProblems: [...problems, ...discovered.problems],
  })
  const log = createLog()
  if (settings.identities === 'synthetic')
    log.warn({}, 'on trial: synthetic people only; set identities: real before the first citizen')
  const server = await startServer({ settings, log, ...options })
  process.on('SIGHUP', () => void server.reload())
  endInOrder(signal => {
    log.info({ ...(signal && { signal }) }, 'ending')
    return server.stop()
  }, log)
} catch (error) {
  exitWith(error)
}
