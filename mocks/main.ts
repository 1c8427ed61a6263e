/**
 * `npm run mocks`: every stand-in agency found under `mocks/<id>/server.ts`, on 127.0.0.1.
 *
 * Environment: `MOCK_<ID>_PORT` (0 = a free port) and `MOCK_<ID>_WEATHER` (see README.md). Started with an IPC
 * channel it takes free ports, prints nothing and sends `{ ready: { <id>: url } }` once all listen.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Serving } from './serve.ts'
import type { StandIn } from './stand-in.ts'
import { UnknownWeather } from './weather.ts'

const running = new Map<string, Serving>()

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, stop)

for (const id of agencyIds()) {
  const standIn = await loadStandIn(id)
  const serving = await startOrExplain(id, standIn)
  running.set(id, serving)
  if (!process.send)
    for (const line of [`${id}: ${serving.url}`, ...standIn.hints(serving.url), '']) console.log(line)
}
if (process.send) process.send({ ready: Object.fromEntries([...running].map(([id, { url }]) => [id, url])) })
else console.log('Ctrl-C stops. More in mocks/README.md.')

function agencyIds(): string[] {
  return readdirSync(import.meta.dirname)
    .filter(name => existsSync(join(import.meta.dirname, name, 'server.ts')))
    .toSorted()
}

async function loadStandIn(id: string): Promise<StandIn> {
  const module = (await import(pathToFileURL(join(import.meta.dirname, id, 'server.ts')).href)) as {
    default: StandIn
  }
  return module.default
}

async function startOrExplain(id: string, standIn: StandIn): Promise<Serving> {
  const prefix = `MOCK_${id.toUpperCase().replaceAll('-', '_')}`
  const text = process.env[`${prefix}_PORT`] || String(process.send ? 0 : standIn.defaultPort)
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) {
    fail(`${prefix}_PORT must be a port number (0 = a free one), not "${text}".`)
  }
  try {
    return await standIn.start({ port, weather: process.env[`${prefix}_WEATHER`] })
  } catch (error) {
    if (error instanceof UnknownWeather) fail(`${prefix}_WEATHER: ${error.message}`)
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      fail(`Port ${port} is taken. Set ${prefix}_PORT to another for ${id} (0 = a free one).`)
    }
    throw error
  }
}

async function stop(): Promise<void> {
  await Promise.all([...running.values()].map(serving => serving.close()))
  process.exit(0)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
