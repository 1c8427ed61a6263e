/** Sees to it that every agency which nobody asks is connected to now and then: a VPN that is down is seen before the first citizen. */
import type { Upstream } from '#gateway/upstream/upstream.ts'

type Probed = Pick<Upstream, 'id' | 'operations' | 'assisted' | 'lastAttemptAt' | 'probe'>

export interface ProberSettings {
  /** Without an attempt for so long, an agency is probed; and about as often, at random, so that fifty do not come at once. */
  readonly idleMs: number
  readonly lookEveryMs: number
  /** At most. A name that is not found takes one of the process's few threads for as long as its resolver likes. */
  readonly atOnce: number
}

const usual: ProberSettings = { idleMs: 60_000, lookEveryMs: 1_000, atOnce: 3 }

export interface Prober {
  close(): void
}

export function createProber(
  upstreams: readonly Probed[],
  now: () => number,
  settings: Partial<ProberSettings> = {},
): Prober {
  const { idleMs, lookEveryMs, atOnce } = { ...usual, ...settings }
  const closing = new AbortController()
  const soon = (share: number): number => performance.now() + idleMs * (share + Math.random() / 2)
  const waiting = new Map(upstreams.filter(isAsked).map(upstream => [upstream, soon(0.25)]))
  let underWay = 0

  async function probe(upstream: Probed): Promise<void> {
    waiting.delete(upstream)
    underWay += 1
    await upstream.probe(closing.signal)
    underWay -= 1
    waiting.set(upstream, soon(0.75))
  }

  /** Whoever waits longest is first, so that none is left out when there are more than can be tried. */
  function look(): void {
    const due = [...waiting].filter(([upstream, at]) => at <= performance.now() && isIdle(upstream))
    const longestFirst = due.toSorted(([, one], [, other]) => one - other)
    for (const [upstream] of longestFirst.slice(0, atOnce - underWay)) void probe(upstream)
  }

  function isIdle({ lastAttemptAt }: Probed): boolean {
    return lastAttemptAt === undefined || Math.abs(now() - lastAttemptAt) >= idleMs
  }

  const timer = setInterval(look, lookEveryMs).unref()

  return {
    close() {
      clearInterval(timer)
      closing.abort()
    },
  }
}

/** Nobody connects to an agency to which a person brings all orders. */
const isAsked = ({ operations, assisted }: Probed): boolean =>
  operations.keys().some(capability => !assisted.has(capability))
