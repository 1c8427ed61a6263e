/** One order: how far it is, who acts next, and what an operator or an officer can do. Nothing personal. */
import { html } from 'hono/html'
import type { Text } from '#contracts/text.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { OperatedSubmission, Operators } from '#gateway/delivery/operators.ts'
import { storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Content } from '#gateway/pages/document.ts'
import type { Store } from '#gateway/store/store.ts'
import type { SubmissionEvent, SubmissionRow } from '#gateway/store/submissions.ts'
import { age, card, clock, figures, type Look, table, type View } from '../view.ts'
import type { Words } from '../words.ts'
import { dueOf, orderBadge } from './orders.ts'

export interface OrderViewHouse {
  readonly store: Pick<Store, 'findSubmission' | 'readSubmissionEvents'>
  readonly operators: Operators
  readonly capabilityTitles: ReadonlyMap<string, Text>
}

export const orderView = (house: OrderViewHouse): View => ({
  path: '/orders/:id',
  tab: 'orders',
  title: ({ say, path }) => `${say('order')} …${path['id']!.slice(-8)}`,
  above: ({ say }) =>
    html`<p class="row">
      <a href="/ops/orders">← ${say('tab-orders')}</a> <a href="/ops/work">← ${say('tab-work')}</a>
    </p>`,
  async fragments(look) {
    const row = await findOrder(house.store, look.path['id']!)
    const [order, events] = await Promise.all([
      house.operators.operated(row, look.language),
      house.store.readSubmissionEvents(row.id).catch(storeUnavailable),
    ])
    return [
      { id: 'order', content: head(look, row, order, house.capabilityTitles) },
      { id: 'history', content: history(look, events) },
    ]
  },
})

export async function findOrder(store: Pick<Store, 'findSubmission'>, id: string): Promise<SubmissionRow> {
  const row = await store.findSubmission(id).catch(storeUnavailable)
  if (row) return row
  throw new GatewayFailure('ROUTE_UNKNOWN', {
    reason: 'SUBMISSION_UNKNOWN',
    detail: 'there is no such submission',
  })
}

function head(
  look: Look,
  row: SubmissionRow,
  order: OperatedSubmission,
  titles: ReadonlyMap<string, Text>,
): Content {
  const { say, language } = look
  return card(
    titles.get(order.capability)?.[language] ?? order.capability,
    [
      html`<p>${say('next')}: <b>${order.next?.text ?? say('nothing-more')}</b></p>`,
      figures([
        [say('upstream'), html`<a href="/ops/upstreams/${order.source}">${order.source}</a>`],
        [say('since'), age(look, order.since)],
        [say('accepted-at'), clock(look, order.acceptedAt)],
        [say('due'), dueOf(look, order)],
        [say('attempts'), String(order.attempts)],
        [say('member'), order.member],
        [say('purpose'), html`<code>${order.purpose}</code>`],
        [
          say('taken-by'),
          order.takenBy ? `${order.takenBy.officer} · ${order.takenBy.member}` : say('nobody'),
        ],
        [say('owner'), order.owner ?? '–'],
        [say('reason'), order.reason ? html`<code>${order.reason}</code>` : '–'],
        [
          say('last-failure'),
          order.lastFailure
            ? html`<code>${order.lastFailure.code}</code> ${order.lastFailure.upstreamCode ?? ''}
                ${age(look, order.lastFailure.at)}`
            : '–',
        ],
      ]),
      html`<p class="quiet"><code>${order.id}</code></p>`,
      look.mayAct ? html`<p class="row">${acts(look, row)}</p>` : '',
    ],
    orderBadge(order),
  )
}

/** What its state allows; whoever gets ahead is told by what happens then. */
function acts({ say }: Look, { id, state, awaits, takenBy }: SubmissionRow): Content {
  const to = (act: string, word: keyof Words, isPrimary = false): Content =>
    html`<a class="button${isPrimary ? ' primary' : ''}" href="/ops/orders/${id}/${act}">${say(word)}</a>`
  const isOfficers = awaits === 'officer'
  const isResolvable = state === 'uncertain' || state === 'dead' || (isOfficers && state !== 'queued')
  return [
    isOfficers && takenBy === null ? to('take', 'act-take', true) : '',
    isOfficers ? to('look', 'act-look') : '',
    isOfficers && takenBy !== null ? [to('finish', 'act-finish', true), to('release', 'act-release')] : '',
    state === 'dead' ? to('rerun', 'act-rerun', true) : '',
    isResolvable ? to('resolve', 'act-resolve') : '',
  ]
}

const history = (look: Look, events: readonly SubmissionEvent[]): Content => {
  const { say } = look
  return card(
    say('history'),
    table(
      say('history'),
      [say('when'), say('what'), say('details')],
      events.toReversed().map(({ at, type, content }) => ({
        cells: [
          clock(look, at),
          html`<code>${type}</code>`,
          Object.entries(content)
            .filter(([, value]) => value !== undefined && value !== null)
            .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
            .join(' · '),
        ],
      })),
      say('none'),
    ),
  )
}
