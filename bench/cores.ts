import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Where processes run, as `taskset -c` takes it; undefined leaves it to the system. */
export interface Cores {
  /** One core for the server under test. */
  readonly server: string | undefined
  /** All others, for the load and the agency. */
  readonly others: string | undefined
  readonly count: number
}

export function shareCores(): Cores {
  const count = availableParallelism()
  const [server, ...others] = allowedCores()
  if (server === undefined || others.length === 0) return { server: undefined, others: undefined, count }
  return { server: String(server), others: others.join(','), count }
}

/** The cores that this process may use; none where processes cannot be pinned. */
function allowedCores(): number[] {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return []
  const [, list = ''] = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return list.split(',').flatMap(range => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?]
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}
