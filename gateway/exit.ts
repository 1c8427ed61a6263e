import { faultOf, type Log } from './log.ts'
import { StartRefused } from './server.ts'
import { SettingsInvalid } from './settings/load.ts'

/** Says why the start failed, in words for the person at the terminal, and exits with 1. */
export function exitWith(error: unknown): never {
  if (error instanceof SettingsInvalid) {
    const { length } = error.problems
    console.error(
      `The gateway cannot start: ${length} ${length === 1 ? 'problem' : 'problems'} in its configuration.\n\n${error.message}\n`,
    )
  } else if (error instanceof StartRefused) console.error(`The gateway cannot start: ${error.message}.`)
  else console.error(error)
  process.exit(1)
}

/** Signals this close together are one: npm hands on a Ctrl+C that the terminal has sent to everyone already. */
const echoMs = 250

/**
 * Ends the process in order, once: on SIGTERM or SIGINT with 0, after a fault that nobody caught with 1.
 * A further signal ends it at once.
 */
export function endInOrder(stop: (signal?: NodeJS.Signals) => Promise<void>, log: Log): void {
  let endingSince: number | undefined
  let exitCode = 0

  function end(signal?: NodeJS.Signals): void {
    endingSince = performance.now()
    void stop(signal)
      .catch(onFault)
      .finally(() => process.exit(exitCode))
  }

  function onFault(error: unknown): void {
    exitCode = 1
    log.error({ fault: faultOf(error) }, 'fault')
    if (endingSince === undefined) end()
  }

  function onSignal(signal: NodeJS.Signals): void {
    if (endingSince === undefined) end(signal)
    else if (performance.now() - endingSince > echoMs) process.exit(1)
  }

  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.on('uncaughtException', onFault) // an unhandled rejection comes here too

  // npm hands a signal to its shell, which dies of it and tells nobody: for who was started by npm, that is the signal.
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    if (endingSince === undefined) end('SIGTERM')
  }, 250)
  watch.unref()
}
