/** One upstream in depth: what real traffic says of it, how it is steered, what waits for it, and what can be done. */
import { html } from 'hono/html'
import type { Text } from '#contracts/text.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { severityOf } from '#gateway/ops/alarms/alarm.ts'
import { alarmCodes } from '#gateway/ops/alarms/codes.ts'
import { gatewaysOn } from '#gateway/ops/gateways.ts'
import { viewOf } from '#gateway/ops/gateway-view.ts'
import type { Heartbeats } from '#gateway/ops/gateways.ts'
import type { Content } from '#gateway/pages/document.ts'
import { hoursText, isDated, type MaintenanceWindow } from '#gateway/upstream/maintenance.ts'
import type { Figures } from '#gateway/upstream/traffic.ts'
import type { SeenUpstream, Snapshots } from '../snapshot.ts'
import {
  age,
  badge,
  card,
  clock,
  figures,
  type Look,
  meter,
  milliseconds,
  number,
  percent,
  shape,
  sparkline,
  stateWord,
  table,
  type View,
} from '../view.ts'
import type { Words } from '../words.ts'
import { severityState } from './alarm-parts.ts'
import { why } from './overview.ts'

export interface UpstreamViewHouse {
  readonly snapshots: Snapshots
  readonly heartbeats: Heartbeats
  readonly capabilityTitles: ReadonlyMap<string, Text>
}

export const upstreamView = ({ snapshots, heartbeats, capabilityTitles }: UpstreamViewHouse): View => ({
  path: '/upstreams/:id',
  tab: 'overview',
  title: ({ say, path }) => `${say('upstream')} ${path['id']}`,
  above: ({ say }) => html`<p><a href="/ops">← ${say('tab-overview')}</a></p>`,
  async fragments(look) {
    const { upstreams } = await snapshots.now()
    const seen = findUpstream(upstreams, look.path['id']!)
    return [
      { id: 'head', content: head(look, seen) },
      { id: 'figures', content: ofTraffic(look, seen, capabilityTitles) },
      { id: 'steering', content: steered(look, seen) },
      { id: 'gateways', content: ofGateways(look, seen, heartbeats) },
      { id: 'orders', content: ofOrders(look, seen) },
    ]
  },
})

export function findUpstream<One extends { readonly id: string }>(all: readonly One[], id: string): One {
  const found = all.find(one => one.id === id)
  if (found) return found
  throw new GatewayFailure('ROUTE_UNKNOWN', {
    reason: 'UPSTREAM_UNKNOWN',
    detail: `no such upstream: ${all
      .map(one => one.id)
      .toSorted()
      .join(', ')}`,
  })
}

function head(look: Look, seen: SeenUpstream): Content {
  const { say, language } = look
  const { health, alarms } = seen
  return html`<section class="headline" data-state="${health.state}">
      <div>
        <p class="verdict">
          ${shape(health.state)}<span>${health.title[language]}: ${stateWord(look, health.state)}</span>
        </p>
        <p>${say('since')} ${age(look, health.since)}. ${why(look, seen)}</p>
      </div>
      ${look.mayAct ? html`<p class="row">${acts(look, seen)}</p>` : ''}
    </section>
    ${alarms.map(alarm => {
      const { title, action } = alarmCodes[alarm.code]
      return html`<div class="notice" data-state="${severityState[severityOf(alarm)]}">
        <h2>${title[language]} <small>${age(look, alarm.since)}</small></h2>
        <p>${action[language]} <a href="/ops/alarms#alarm-${alarm.id}">${say('to-alarm')}</a></p>
      </div>`
    })}`
}

function acts({ say }: Look, { id, steering }: SeenUpstream): Content {
  const to = (act: string, word: keyof Words, isPrimary = false): Content =>
    html`<a class="button${isPrimary ? ' primary' : ''}" href="/ops/upstreams/${id}/${act}">${say(word)}</a>`
  return [
    steering.mode === 'normal' ? '' : to('let-go', 'act-let-go', true),
    steering.mode === 'held' ? '' : to('hold', 'act-hold'),
    steering.mode === 'measure-only' ? '' : to('measure-only', 'act-measure-only'),
    to('maintenance', 'act-declare-maintenance'),
    to('maintenance/recurring', 'act-declare-recurring'),
  ]
}

function ofTraffic(look: Look, seen: SeenUpstream, titles: ReadonlyMap<string, Text>): Content {
  const { say, language } = look
  const { health, minutes, quota } = seen
  const {
    attempts,
    faults,
    latency,
    lastAttemptAt,
    lastSuccessAt,
    lastFailure,
    circuit,
    circuitSince,
    reachable,
  } = health
  return [
    card(
      say('last-five-minutes'),
      [
        figures([
          [say('asked'), number(look, attempts)],
          [
            say('failed-share'),
            attempts === 0
              ? '–'
              : html`${percent(look, faults / attempts)}
                  <small>${number(look, faults)} ${say('failed')}</small>`,
            faultState(faults, attempts),
          ],
          ['p50 / p95 / p99', percentilesOf(look, latency)],
          [
            say('circuit'),
            html`${say(`circuit-${circuit}`)} <small>${age(look, circuitSince)}</small>`,
            circuit === 'closed' ? undefined : 'down',
          ],
          [
            say('reachability'),
            reachable
              ? html`${say(reachable.value ? 'reachable' : 'unreachable')}
                  <small
                    >${reachable.step}${reachable.reason ? ` ${reachable.reason}` : ''}
                    ${age(look, reachable.at)}</small
                  >`
              : '–',
            reachable && !reachable.value ? 'down' : undefined,
          ],
          [say('last-success'), lastSuccessAt === undefined ? '–' : age(look, lastSuccessAt)],
          [
            say('last-failure'),
            lastFailure ? html`<code>${lastFailure.code}</code> ${age(look, lastFailure.at)}` : '–',
          ],
          [say('trust'), say(`trust-${health.trust}`)],
        ]),
        quota
          ? html`<div class="stack tight">
              <p>
                ${say('quota-left')}:
                <b>${number(look, quota.left)}</b
                >${quota.perDay === undefined ? '' : ` ${say('of')} ${number(look, quota.perDay)}`}
              </p>
              ${quota.perDay === undefined ? '' : meter(quota.left / quota.perDay, quotaState(quota.left / quota.perDay), `${say('quota-left')}: ${percent(look, quota.left / quota.perDay)}`)}
            </div>`
          : '',
        html`<div class="chart">
          <h3>${say('last-hour')}</h3>
          ${sparkline(look, minutes)}
          <p class="quiet scale"><span>${say('hour-ago')}</span><span>${say('now')}</span></p>
        </div>`,
      ],
      lastAttemptAt === undefined
        ? ''
        : html`<span class="quiet">${say('last-attempt')} ${age(look, lastAttemptAt)}</span>`,
    ),
    card(
      say('capabilities'),
      table(
        say('capabilities'),
        [
          say('capability'),
          say('state'),
          say('asked'),
          say('failed-share'),
          'p50',
          'p95',
          'p99',
          say('outcomes'),
          say('trust'),
        ],
        health.capabilities.map(one => ({
          cells: [
            html`${titles.get(one.id)?.[language] ?? one.id}<br /><code class="quiet">${one.id}</code>`,
            badge(look, one.state),
            number(look, one.attempts),
            one.attempts === 0 ? '–' : percent(look, one.faults / one.attempts),
            ...(['p50', 'p95', 'p99'] as const).map(name =>
              one.latency ? milliseconds(look, one.latency[name]) : '–',
            ),
            outcomesOf(look, one.outcomes),
            say(`trust-${one.trust}`),
          ],
        })),
        say('none'),
      ),
    ),
  ]
}

/** In one unit, where they fit into it. */
const percentilesOf = (look: Look, latency: Figures['latency']): string => {
  if (!latency) return '–'
  const all = [latency.p50, latency.p95, latency.p99]
  if (all.some(ms => ms >= 1_000)) return all.map(ms => milliseconds(look, ms)).join(' / ')
  return `${all.map(ms => number(look, Math.round(ms))).join(' / ')}\u00a0ms`
}

export const faultState = (faults: number, attempts: number) =>
  attempts === 0 || faults / attempts < 0.1 ? undefined : faults / attempts < 0.5 ? 'degraded' : 'down'

export const quotaState = (share: number) => (share <= 0 ? 'down' : share < 0.1 ? 'degraded' : 'ok')

const outcomesOf = (look: Look, outcomes: Figures['outcomes']): Content => {
  const all = Object.entries(outcomes).toSorted(([, one], [, other]) => other - one)
  return all.length === 0
    ? '–'
    : html`<ul class="plain-list">
        ${all.map(([code, count]) => html`<li><code>${code}</code> ${number(look, count)}</li>`)}
      </ul>`
}

function steered(look: Look, { id, steering }: SeenUpstream): Content {
  const { say, language, mayAct } = look
  const { mode, switched, maintenance, configured, declared } = steering
  return card(say('steering'), [
    html`<p>
      <b>${say(`mode-${mode}`)}</b>${
        switched
          ? html` · ${switched.by.officer ?? switched.by.member}, ${age(look, switched.at)}:
            ${switched.reason}`
          : ''
      }
    </p>`,
    maintenance.next
      ? html`<p>
          ${say('next-maintenance')} ${clock(look, maintenance.next.startsAt)} –
          ${clock(look, maintenance.next.endsAt)}
        </p>`
      : '',
    table(
      say('maintenance-windows'),
      [say('maintenance-window'), say('message'), say('by'), ...(mayAct ? [say('act')] : [])],
      [
        ...declared.map(one => ({
          cells: [
            windowText(look, one),
            one.message?.[language] ?? '–',
            `${one.by.officer ?? one.by.member}: ${one.reason}`,
            ...(mayAct
              ? [
                  html`<a class="button" href="/ops/upstreams/${id}/maintenance/${one.id}/end"
                    >${say('act-end-maintenance')}</a
                  >`,
                ]
              : []),
          ],
        })),
        ...configured.map(one => ({
          cells: [
            windowText(look, one),
            one.message?.[language] ?? '–',
            say('by-configuration'),
            ...(mayAct ? ['–'] : []),
          ],
        })),
      ],
      say('no-maintenance'),
    ),
  ])
}

export function windowText(look: Look, window: MaintenanceWindow): Content {
  if (isDated(window)) return html`${clock(look, window.startsAt)} – ${clock(look, window.endsAt)}`
  const days =
    window.days.size === 7 ? look.say('daily') : [...window.days].map(day => look.say(day)).join(', ')
  return `${days} ${hoursText(window)}`
}

function ofGateways(look: Look, { health }: SeenUpstream, heartbeats: Heartbeats): Content {
  const { say } = look
  const all = gatewaysOn(viewOf(health), heartbeats, look.at)
  const speaking = all.filter(({ isSilent }) => !isSilent)
  const differ = new Set(speaking.map(({ state }) => state)).size > 1
  return card(say('gateways'), [
    differ ? html`<p class="notice" data-state="degraded">${say('gateways-differ')}</p>` : '',
    table(
      say('gateways'),
      [
        say('gateway'),
        say('state'),
        say('since'),
        say('asked'),
        say('failed-share'),
        say('circuit'),
        say('last-success'),
      ],
      all.map(one => ({
        cells: [
          html`<code>${one.gateway}</code
            >${one.isSilent ? html` <span class="badge" data-state="down">${say('silent')}</span>` : ''}`,
          badge(look, one.state),
          age(look, one.since.at),
          number(look, one.attempts),
          one.attempts === 0 ? '–' : percent(look, one.faults / one.attempts),
          say(`circuit-${one.circuit}`),
          one.lastSuccess ? age(look, one.lastSuccess.at) : '–',
        ],
      })),
      say('none'),
    ),
  ])
}

function ofOrders(look: Look, { id, orders }: SeenUpstream): Content {
  const { say } = look
  return card(
    say('orders'),
    table(
      say('orders'),
      [say('state'), say('count'), say('oldest')],
      orders.map(({ state, count, oldestSince }) => ({
        cells: [
          html`<a href="/ops/orders?upstream=${id}&amp;state=${state}"
            >${say(`order-${state}` as keyof Words)}</a
          >`,
          number(look, count),
          age(look, oldestSince),
        ],
      })),
      say('no-orders'),
    ),
  )
}
