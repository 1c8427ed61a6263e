/** `npm start`: settings, discovery, listen, drain. */
import { endInOrder, exitWith } from './exit.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'
import { readSettings } from './settings/read.ts'

try {
  const { settings, process: options } = await readSettings(process.env)
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
