/** Orders of all members: backlog by upstream and state, what cannot go on by itself, and what waits for an officer. */
import { html } from 'hono/html'
import type { Text } from '#contracts/text.ts'
import { openStates, type OperatedSubmission, type Operators } from '#gateway/delivery/operators.ts'
import { readCursor, writeCursor } from '#gateway/http/paging.ts'
import type { OpenSubmissions } from '#gateway/ops/open-submissions.ts'
import type { Content } from '#gateway/pages/document.ts'
import type { SubmissionFilter } from '#gateway/store/submissions.ts'
import type { UpstreamState } from '#gateway/upstream/state.ts'
import type { SeenUpstream, Snapshots } from '../snapshot.ts'
import { age, card, clock, type Look, number, table, type View } from '../view.ts'

export interface OrdersViewHouse {
  readonly snapshots: Snapshots
  readonly operators: Operators
  readonly capabilityTitles: ReadonlyMap<string, Text>
}

const pageSize = 50
type State = (typeof openStates)[number]

const isOpenState = (text: string | undefined): text is State =>
  (openStates as readonly unknown[]).includes(text)

export const ordersView = (house: OrdersViewHouse): View => ({
  path: '/orders',
  tab: 'orders',
  title: ({ say }) => say('tab-orders'),
  above: look => filterForm(look),
  async fragments(look) {
    const { upstreams, orders } = await house.snapshots.now()
    const { state, upstream } = look.query
    const filter = {
      states: isOpenState(state) ? [state] : openStates,
      upstreams: upstream ? [upstream] : undefined,
    }
    return [
      { id: 'backlog', content: backlog(look, orders, upstreams) },
      { id: 'list', content: await list(look, house, upstreams, filter, 'operated') },
    ]
  },
})

export const workView = (house: OrdersViewHouse): View => ({
  path: '/work',
  tab: 'work',
  title: ({ say }) => say('tab-work'),
  above: ({ say }) => html`<p>${say('work-intro')}</p>`,
  async fragments(look) {
    const { upstreams } = await house.snapshots.now()
    const filter = { awaits: 'officer', oldestFirst: true } as const
    return [{ id: 'list', content: await list(look, house, upstreams, filter, 'work') }]
  },
})

function filterForm({ say, query }: Look): Content {
  return html`<form method="get" action="/ops/orders" class="row filter">
    <label for="state" class="label">${say('state')}</label>
    <select id="state" name="state" data-submits>
      <option value="">${say('all-open')}</option>
      ${openStates.map(
        state =>
          html`<option value="${state}" ${query['state'] === state ? 'selected' : ''}>
            ${say(`order-${state}`)}
          </option>`,
      )}
    </select>
    ${query['upstream'] ? html`<input type="hidden" name="upstream" value="${query['upstream']}" /><span class="chip">${query['upstream']}</span><a href="/ops/orders">${say('all-upstreams')}</a>` : ''}
    <button class="without-script">${say('show')}</button>
  </form>`
}

function backlog(
  look: Look,
  orders: readonly OpenSubmissions[],
  upstreams: readonly SeenUpstream[],
): Content {
  const { say, language, mayAct } = look
  const ids = [...new Set(orders.map(({ upstream }) => upstream))].toSorted()
  const dead = orders.some(({ state }) => state === 'dead')
  const cell = (upstream: string, state: State): Content => {
    const found = orders.find(order => order.upstream === upstream && order.state === state)
    return found
      ? html`<a href="/ops/orders?upstream=${upstream}&amp;state=${state}"
            ><b>${number(look, found.count)}</b></a
          >
          <small class="quiet">${age(look, found.oldestSince)}</small>`
      : '–'
  }
  return card(
    say('backlog'),
    table(
      say('backlog'),
      [say('upstream'), ...openStates.map(state => say(`order-${state}`))],
      ids.map(id => ({
        cells: [
          html`<a href="/ops/upstreams/${id}"
            >${upstreams.find(one => one.id === id)?.health.title[language] ?? id}</a
          >`,
          ...openStates.map(state => cell(id, state)),
        ],
      })),
      say('no-orders'),
    ),
    mayAct && dead ? html`<a class="button" href="/ops/orders/rerun">${say('act-rerun-all')}</a>` : '',
  )
}

async function list(
  look: Look,
  { operators, capabilityTitles }: OrdersViewHouse,
  upstreams: readonly SeenUpstream[],
  filter: Pick<SubmissionFilter, 'states' | 'upstreams' | 'awaits' | 'oldestFirst'>,
  cursorName: string,
): Promise<Content> {
  const { say, language } = look
  const { cursor } = look.query
  const start = filter.oldestFirst ? 0 : Number.MAX_SAFE_INTEGER
  const from = (cursor && readCursor(cursorName, cursor)) || start
  const { submissions, next } = await operators.list(filter, undefined, from, pageSize, language)
  const isWork = filter.awaits === 'officer'
  const more = new URLSearchParams({
    ...look.query,
    cursor: next === undefined ? '' : writeCursor(cursorName, next),
  })
  return card(isWork ? say('work-list') : say('tab-orders'), [
    table(
      isWork ? say('work-list') : say('tab-orders'),
      [
        say('order'),
        say('upstream'),
        say('state'),
        say('since'),
        isWork ? say('due') : say('reason'),
        isWork ? say('taken-by') : say('owner'),
      ],
      submissions.map(one => ({
        cells: [
          html`<a href="/ops/orders/${one.id}"
              >${capabilityTitles.get(one.capability)?.[language] ?? one.capability}</a
            ><br /><small class="quiet"><code>…${one.id.slice(-8)}</code> · ${one.member}</small>`,
          upstreams.find(({ id }) => id === one.source)?.health.title[language] ?? one.source,
          orderBadge(one),
          age(look, one.since),
          isWork ? dueOf(look, one) : one.reason ? html`<code>${one.reason}</code>` : '–',
          isWork
            ? one.takenBy
              ? `${one.takenBy.officer} · ${one.takenBy.member}`
              : say('nobody')
            : (one.owner ?? '–'),
        ],
      })),
      isWork ? say('no-work') : say('no-orders'),
    ),
    html`<p class="row">
      ${cursor ? html`<a href="?${String(new URLSearchParams(Object.entries(look.query).filter(([name]) => name !== 'cursor')))}">${say('first-page')}</a>` : ''}${next === undefined ? '' : html`<a href="?${String(more)}">${say('next-page')}</a>`}
    </p>`,
  ])
}

const stateColours: Record<string, UpstreamState> = {
  dead: 'down',
  uncertain: 'degraded',
  sending: 'held',
  accepted: 'maintenance',
  confirmed: 'ok',
}

export const orderBadge = ({ state, stateText }: Pick<OperatedSubmission, 'state' | 'stateText'>): Content =>
  html`<span class="badge" data-state="${stateColours[state] ?? 'unknown'}">${stateText}</span>`

export const dueOf = (look: Look, { service }: Pick<OperatedSubmission, 'service'>): Content => {
  if (!service) return '–'
  if (service.isLate) return html`<span class="badge" data-state="down">${look.say('late')}</span>`
  return service.dueAt === null ? '–' : clock(look, service.dueAt)
}
