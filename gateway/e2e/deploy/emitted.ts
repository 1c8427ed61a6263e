/** What a gateway really emits: every metric with its labels, read from the text that Prometheus reads. */
import { createMetrics } from '#gateway/ops/metrics.ts'
import { createUpstream } from '#gateway/upstream/upstream.ts'
import { dukcapilConfig } from '#gateway/testing/house.ts'
import dukcapil from '../../../adapters/dukcapil/adapter.ts'

/** The name of each series, and the labels that it has. */
export type Emitted = ReadonlyMap<string, ReadonlySet<string>>

/** Everything that the metrics can be told, told once: each then has a sample that shows its labels. */
export async function tellEverything(): Promise<string> {
  const upstream = createUpstream({
    id: 'dukcapil',
    adapter: dukcapil,
    baseUrl: 'http://127.0.0.1:9',
    config: dukcapil.config.parse(dukcapilConfig),
    policy: dukcapil.policy,
    timeZone: 'Asia/Jakarta',
  })
  const reachable = { value: true, at: 0, step: 'tcp', reason: undefined } as const
  const health = { ...upstream.health(), quotaLeft: { value: 1, at: 0 }, reachable }
  await upstream.close()
  const metrics = createMetrics(
    [{ ...upstream, health: () => health }],
    () => [{ agreement: 'a', seconds: 1 }],
    async () => [{ webhook: 'w', seconds: 1 }],
    async () => [{ upstream: 'dukcapil', state: 'queued', count: 1, oldestSince: 0, oldestSeconds: 1 }],
    undefined,
    () => [{ code: 'STORE_AWAY', severity: 'critical' }],
  )
  const of = { upstream: 'dukcapil', capability: 'resident.lookup' }
  metrics.request({ route: '/', capability: '', member: '', code: 'OK' }, 1)
  metrics.unknownCaller(undefined)
  metrics.identityFault('https://login.example')
  metrics.attempt({ ...of, outcome: 'ok', ms: 1, unknownCodes: ['/religion'] })
  metrics.answer({ ...of, mode: 'live' })
  metrics.sharedDataFault('unreadable')
  metrics.inbound({ upstream: 'dukcapil', notice: 'n', outcome: 'stored' })
  metrics.noticeUnopened({ upstream: 'dukcapil', notice: 'n' })
  metrics.anchored({ place: 'file', outcome: 'ok' })
  metrics.destroyed({ class: 'access' }, 1)
  metrics.webhook({ webhook: 'w', outcome: 'ok' })
  metrics.alarmWebhook({ webhook: 'w', outcome: 'ok' })
  metrics.boardRefusal('form')
  metrics.boards(1)
  metrics.streams('front-office', 1)
  metrics.submissionAttempt({ upstream: 'dukcapil', outcome: 'ok' })
  metrics.submissionUnlisted({ upstream: 'dukcapil' })
  return metrics.text()
}

/** The names that a text declares, before any sample. */
export const declaredIn = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(/^# TYPE (\S+) /gm), ([, name]) => name!))

export function seriesIn(text: string): Emitted {
  const series = new Map<string, ReadonlySet<string>>()
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-zA-Z_]\w*)(?:\{(.*)\})? \S+$/gm)) {
    const named = Array.from(labels.matchAll(/(?:^|,)(\w+)="(?:[^"\\]|\\.)*"/g), ([, label]) => label!)
    series.set(name, new Set([...(series.get(name) ?? []), ...named]))
  }
  return series
}
