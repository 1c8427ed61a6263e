/** For tests: a process that appends to a store until it is killed. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export type Appending = ChildProcessByStdio<null, Readable, Readable>

/** At a data folder or a database's URL; `prefix` is a command that starts the process. */
export function startAppending(place: string, prefix: readonly string[] = []): Appending {
  const script = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url))
  const [command, ...parameters] = [...prefix, process.execPath, script, place]
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The ids acknowledged until there are `count`, or until the child's end when something is to be done at `count`. */
export async function acknowledged(child: Appending, count: number, atCount?: () => void): Promise<string[]> {
  let output = ''
  for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += chunk as string
    if (output.split('\n').length <= count) continue
    if (!atCount) break
    atCount()
  }
  return output.split('\n').slice(0, -1)
}

/** Kills at random moments under load, round by round at one place; every id that was acknowledged. */
export async function appendAndKill(place: string, rounds: number): Promise<string[]> {
  const ids: string[] = []
  for (let round = 0; round < rounds; round++) {
    const child = startAppending(place)
    const count = round === 0 ? 1 : Math.ceil(1_000 * Math.random())
    ids.push(...(await acknowledged(child, count, () => child.kill('SIGKILL'))))
  }
  return ids
}

/** `KILL_ROUNDS=20 npx vitest run gateway/store` for more than the suite's few. */
export const killRounds = Number(process.env['KILL_ROUNDS'] ?? 4)
