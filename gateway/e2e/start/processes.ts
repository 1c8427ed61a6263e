/** The gateway as a process of its own, as an operator runs it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const root = join(import.meta.dirname, '../../..')

export interface Process {
  readonly child: ChildProcess
  /** All that it printed so far. */
  readonly printed: string
  /** Resolves with the first match in what it prints; rejects when it ends without. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  /** Its exit code, or the signal that ended it, once nobody holds its output open: not it, nor a child of it. */
  readonly ended: Promise<number | string>
  /** To it and to its children, as a terminal does. */
  signalAll(signal: NodeJS.Signals): void
}

/** Runs a file of the gateway; whatever is left of it at the end of the test is killed. */
export function run(args: readonly string[], environment: Record<string, string> = {}, cwd = root): Process {
  const env = { PATH: process.env['PATH'], ...environment }
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  const signalAll = (signal: NodeJS.Signals): void => void process.kill(-child.pid!, signal)
  onTestFinished(async () => {
    try {
      signalAll('SIGKILL')
    } catch {
      // it is gone already
    }
    await ended
  })

  return {
    child,
    get printed() {
      return printed
    },
    async prints(pattern) {
      for (;;) {
        const match = pattern.exec(printed)
        if (match) return match
        const end = await Promise.race([ended, once(child.stdout, 'data').then(() => undefined)])
        if (end !== undefined && !pattern.test(printed))
          throw new Error(`ended with ${end} and printed: ${printed}`)
      }
    },
    ended,
    signalAll,
  }
}

export const start = (environment: Record<string, string>): Process =>
  run(['gateway/start.js'], { PORT: '0', ...environment })

/** Where it listens, once it does. */
export const addressOf = async (gateway: Process): Promise<string> =>
  (await gateway.prints(/"address":"(http:[^"]+)"/))[1]!

/** A folder of the test's own; it goes with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The address of the stand-in in what `init` writes. */
export const defaultAgency = 'http://127.0.0.1:9101'

export interface Trial {
  readonly folder: string
  readonly apiKey: string
  /** What `init` printed. */
  readonly printed: string
}

/** A configuration as `init` writes it, for a stand-in at another address; `edit` changes more of it. */
export async function initTrial(
  agency: string,
  edit: (yaml: string) => string = yaml => yaml,
): Promise<Trial> {
  const folder = join(newFolder(), 'my-mall')
  const init = run(['gateway/start.js', 'init', folder])
  if ((await init.ended) !== 0) throw new Error(init.printed)
  const file = join(folder, 'gateway.yaml')
  writeFileSync(file, edit(readFileSync(file, 'utf8').replace(defaultAgency, agency)))
  return { folder, apiKey: /mpp_[\w-]+/.exec(init.printed)![0], printed: init.printed }
}
