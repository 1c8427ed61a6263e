/** What agencies need not be asked again, and where it is kept. */
import { html } from 'hono/html'
import type { Text } from '#contracts/text.ts'
import type { Mode } from '#gateway/answer.ts'
import type { AnswerCount } from '#gateway/ops/metrics.ts'
import type { SharedData } from '#gateway/shared-data/shared-data.ts'
import type { UpstreamState } from '#gateway/upstream/state.ts'
import type { Snapshots } from '../snapshot.ts'
import { card, figures, meter, number, percent, table, type View } from '../view.ts'

export interface SharedDataViewHouse {
  readonly snapshots: Snapshots
  readonly sharedData: Pick<SharedData, 'state' | 'survey'>
  readonly answers: () => readonly AnswerCount[]
  readonly capabilityTitles: ReadonlyMap<string, Text>
}

const placeState: Record<SharedData['state'], UpstreamState> = {
  memory: 'ok',
  redis: 'ok',
  'redis-away': 'down',
}

export const sharedDataView = ({
  snapshots,
  sharedData,
  answers,
  capabilityTitles,
}: SharedDataViewHouse): View => ({
  path: '/shared',
  tab: 'shared',
  title: ({ say }) => say('tab-shared'),
  above: ({ say }) => html`<p>${say('shared-intro')}</p>`,
  async fragments(look) {
    const { say, language } = look
    const { upstreams } = await snapshots.now()
    const { entries, medianAgeMs, oldestAgeMs } = sharedData.survey()
    const counts = answers()
    const total = sum(counts)
    const kept = sum(counts.filter(({ mode }) => mode !== 'live'))
    const groups = [
      ...Map.groupBy(counts, ({ upstream, capability }) => `${upstream} ${capability}`).values(),
    ]
    const titleOf = (id: string) => upstreams.find(one => one.id === id)?.health.title[language] ?? id
    return [
      {
        id: 'state',
        content: card(
          say('kept-in'),
          figures([
            [
              say('place'),
              html`<span class="badge" data-state="${placeState[sharedData.state]}"
                >${say(`kept-${sharedData.state}`)}</span
              >`,
            ],
            [say('hit-share'), total === 0 ? '–' : percent(look, kept / total)],
            [say('answers'), number(look, total)],
            [say('kept-here'), number(look, entries)],
            [say('median-age'), entries === 0 ? '–' : look.times.duration(medianAgeMs)],
            [say('oldest-age'), entries === 0 ? '–' : look.times.duration(oldestAgeMs)],
          ]),
        ),
      },
      {
        id: 'answers',
        content: card(
          say('hit-share'),
          table(
            say('hit-share'),
            [
              say('capability'),
              say('upstream'),
              say('hit-share'),
              say('mode-live'),
              say('mode-cached'),
              say('mode-stale'),
            ],
            groups
              .toSorted((one, other) => sum(other) - sum(one))
              .map(group => {
                const { upstream, capability } = group[0]!
                const of = (mode: Mode): number => sum(group.filter(one => one.mode === mode))
                const share = 1 - of('live') / sum(group)
                return {
                  cells: [
                    capabilityTitles.get(capability)?.[language] ?? capability,
                    html`<a href="/ops/upstreams/${upstream}">${titleOf(upstream)}</a>`,
                    html`<div class="share">
                      ${meter(share, 'ok', percent(look, share))}<span>${percent(look, share)}</span>
                    </div>`,
                    number(look, of('live')),
                    number(look, of('cached')),
                    number(look, of('stale')),
                  ],
                }
              }),
            say('no-answers'),
          ),
        ),
      },
    ]
  },
})

const sum = (counts: readonly AnswerCount[]): number => counts.reduce((total, { count }) => total + count, 0)
