/** `npm start`: settings, discovery, listen, drain. */
import { endInOrder, exitWith } from './exit.ts'
import { createLog } from './log.ts'
import { type RunningServer, startServer } from './server.ts'
import { readSettings } from './settings/read.ts'

try {
  const { settings, process: options } = await readSettings(process.env)
  const log = createLog()
  let starting: Promise<RunningServer> | undefined
  // First: whoever stops a gateway that is still starting ends it in order.
  endInOrder(async signal => {
    log.info({ ...(signal && { signal }) }, 'ending')
    await (await starting)?.stop()
  }, log)
  if (settings.identities === 'synthetic')
    log.warn({}, 'on trial: synthetic people only; set identities: real before the first citizen')
  starting = startServer({ settings, log, ...options })
  const server = await starting
  process.on('SIGHUP', () => void server.reload())
} catch (error) {
  exitWith(error)
}
