/** Everything at a glance, for a screen on the wall: what is in trouble comes first. */
import { html } from 'hono/html'
import { alarmCodes } from '#gateway/ops/alarms/codes.ts'
import { severityOf } from '#gateway/ops/alarms/alarm.ts'
import type { Content } from '#gateway/pages/document.ts'
import type { UpstreamState } from '#gateway/upstream/state.ts'
import { mostWaiting, type SeenUpstream, type Snapshot, type Snapshots } from '../snapshot.ts'
import {
  age,
  clock,
  type Fragment,
  type Look,
  milliseconds,
  number,
  percent,
  shape,
  short,
  sparkline,
  stateWord,
  type View,
} from '../view.ts'
import { severityState, titleOfSource } from './alarm-parts.ts'

export const overview = (snapshots: Snapshots): View => ({
  path: '/',
  tab: 'overview',
  isWide: true,
  title: ({ say }) => say('tab-overview'),
  async fragments(look) {
    const snapshot = await snapshots.now()
    return [
      { id: 'summary', content: summary(look, snapshot) },
      ...snapshot.upstreams.map((upstream): Fragment => ({
        id: `tile-${upstream.id}`,
        list: 'tiles',
        content: tile(look, upstream),
      })),
      { id: 'beside', content: beside(look, snapshot) },
    ]
  },
})

const troubled: readonly UpstreamState[] = ['down', 'held', 'degraded', 'maintenance']

/** In one sentence: the worst that is so, and how many it concerns. */
function summary(look: Look, { upstreams, alarms, waiting, gateways }: Snapshot): Content {
  const { say } = look
  const worst = upstreams.find(({ health }) => troubled.includes(health.state))?.health.state
  const isQuiet = upstreams.every(({ health }) => health.state === 'unknown')
  const shown = worst ?? (isQuiet ? 'unknown' : 'ok')
  const critical = alarms.filter(alarm => severityOf(alarm) === 'critical').length
  const unseen = alarms.filter(({ acknowledged }) => !acknowledged).length
  const silent = gateways.filter(({ isSilent }) => isSilent).length
  return html`<section class="headline" data-state="${shown}" aria-label="${say('summary')}">
    <p class="verdict">${shape(shown)}<span>${verdict(look, upstreams, isQuiet)}</span></p>
    <dl class="counts">
      ${count(say('open-alarms'), '/ops/alarms', html`${number(look, alarms.length)}${unseen < alarms.length || unseen === 0 ? '' : html`<small>${unseen === 1 ? say('unseen-one') : say('unseen')}</small>`}`, critical > 0 ? 'down' : alarms.length > 0 ? 'degraded' : 'ok')}
      ${count(say('orders-for-people'), '/ops/work', waitingText(look, waiting), waiting > 0 ? 'degraded' : 'ok')}
      ${count(say('gateways'), '#beside', html`${gateways.length - silent}<small>/ ${gateways.length}</small>`, silent > 0 ? 'down' : 'ok')}
    </dl>
  </section>`
}

/** Few are called by name, many are counted. */
function verdict({ say, language }: Look, upstreams: readonly SeenUpstream[], isQuiet: boolean): string {
  const those = upstreams.filter(({ health }) => troubled.includes(health.state))
  if (those.length === 0) return say(isQuiet ? 'all-quiet' : 'all-well')
  if (those.length <= mostNamed)
    return those
      .map(({ health }) => `${health.title[language]} ${say(`count-${health.state}` as 'count-down')}`)
      .join(' · ')
  const byState = [...Map.groupBy(those, ({ health }) => health.state)]
  const [[only] = []] = byState
  if (byState.length === 1)
    return `${those.length} ${say('agencies')} ${say(`count-${only}` as 'count-down')}`
  return byState.map(([state, all]) => `${all.length} ${say(`count-${state}` as 'count-down')}`).join(' · ')
}

const mostNamed = 2

export const waitingText = (look: Look, waiting: number): string =>
  waiting >= mostWaiting ? `${number(look, mostWaiting)}+` : number(look, waiting)

const count = (label: string, href: string, value: Content, state: UpstreamState): Content =>
  html`<div data-state="${state}">
    <dt>${label}</dt>
    <dd>
      <a href="${href}">${value}<span class="visually-hidden"> ${label}</span></a>
    </dd>
  </div>`

function tile(look: Look, upstream: SeenUpstream): Content {
  const { say } = look
  const { id, health, minutes, quota, orders, alarms } = upstream
  const { state, since, attempts, faults, latency } = health
  const waiting = orders.reduce((sum, { count }) => sum + count, 0)
  return html`<article class="tile" data-state="${state}">
    <h2><a href="/ops/upstreams/${id}">${health.title[look.language]}</a> <code>${id}</code></h2>
    <p class="state">
      <b>${shape(state)}${stateWord(look, state)}</b
      >${isKnown(upstream) ? html`<span class="since">${age(look, since)}</span>` : ''}
    </p>
    <p class="why">${why(look, upstream)}</p>
    <dl class="facts">
      ${fact(say('failed-share'), attempts === 0 ? '–' : percent(look, faults / attempts))}
      ${fact('p95', latency ? milliseconds(look, latency.p95) : '–')}
      ${quota ? fact(say('quota-left'), short(look, quota.left)) : ''}
      ${waiting > 0 ? fact(say('orders'), number(look, waiting)) : ''}
      ${alarms.length > 0 ? fact(say('alarms'), String(alarms.length)) : ''}
    </dl>
    ${sparkline(look, minutes)}
  </article>`
}

const fact = (label: string, value: string): Content =>
  html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`

const isKnown = ({ health }: SeenUpstream): boolean =>
  health.state !== 'unknown' || health.lastAttemptAt !== undefined

/** What an operator asks first. */
export function why(look: Look, { health, steering, minutes }: SeenUpstream): Content {
  const { say, language } = look
  const { state, circuit, lastFailure, lastSuccessAt, lastAttemptAt, heldSince, reachable } = health
  const { maintenance, mode, switched } = steering
  if (state === 'maintenance' && maintenance.now)
    return html`${say('until')}
    ${clock(look, maintenance.now.endsAt)}${maintenance.now.message ? html` · ${maintenance.now.message[language]}` : ''}`
  if (mode === 'held' && switched)
    return html`${say('held-by')} ${switched.by.officer ?? switched.by.member}: ${switched.reason}`
  if (heldSince !== undefined) return say('access-refused')
  const notes: Content[] = []
  if (mode === 'measure-only') notes.push(html`<span class="chip">${say('mode-measure-only')}</span> `)
  if (circuit !== 'closed') notes.push(html`<span class="chip">${say(`circuit-${circuit}`)}</span> `)
  if (state === 'unknown') {
    if (lastAttemptAt !== undefined)
      notes.push(html`${say('last-attempt')} ${age(look, lastAttemptAt)}<br />`)
    if (reachable) notes.push(reachable.value ? say('reachable') : say('unreachable'))
    else if (lastAttemptAt === undefined) notes.push(say('not-tried'))
    return notes
  }
  if (state === 'ok') {
    const asked = minutes.reduce((sum, { attempts }) => sum + attempts, 0)
    notes.push(`${number(look, asked)} ${say('requests-last-hour')}`)
    return notes
  }
  if (lastFailure) notes.push(html`<code>${lastFailure.code}</code> ${age(look, lastFailure.at)}`)
  if (lastSuccessAt !== undefined) notes.push(html`<br />${say('last-success')} ${age(look, lastSuccessAt)}`)
  return notes
}

const mostAlarms = 6

function beside(look: Look, { alarms, orders, gateways, upstreams }: Snapshot): Content {
  const { say, language } = look
  const states = ['uncertain', 'dead', 'queued', 'sending', 'accepted'] as const
  const counted = states
    .map(state => {
      const those = orders.filter(order => order.state === state)
      return {
        state,
        count: those.reduce((sum, order) => sum + order.count, 0),
        oldest: Math.min(...those.map(order => order.oldestSince)),
      }
    })
    .filter(({ count }) => count > 0)
  return html`<div class="columns">
    <section class="card stack">
      <header>
        <h2>${say('open-alarms')}</h2>
        <a href="/ops/alarms">${say('all')}</a>
      </header>
      ${
        alarms.length === 0
          ? html`<p class="quiet">${say('no-alarms')}</p>`
          : html`<ul class="lines">
              ${alarms.slice(0, mostAlarms).map(
                alarm =>
                  html`<li>
                    <span class="badge" data-state="${severityState[severityOf(alarm)]}"
                      >${say(`severity-${severityOf(alarm)}`)}</span
                    >
                    <b>${titleOfSource(alarm, upstreams, language)}</b>
                    ${alarmCodes[alarm.code].title[language]}
                    <span class="quiet"
                      >${age(look, alarm.since)}${alarm.acknowledged ? html` · ${say('seen-by')} ${alarm.acknowledged.by.officer ?? alarm.acknowledged.by.member}` : ''}</span
                    >
                  </li>`,
              )}
            </ul>`
      }
    </section>
    <section class="card stack">
      <header>
        <h2>${say('orders')}</h2>
        <a href="/ops/orders">${say('all')}</a>
      </header>
      ${
        counted.length === 0
          ? html`<p class="quiet">${say('no-orders')}</p>`
          : html`<ul class="lines">
              ${counted.map(
                ({ state, count, oldest }) =>
                  html`<li>
                    <b class="number">${number(look, count)}</b> ${say(`order-${state}`)}
                    <span class="quiet">${say('oldest')} ${age(look, oldest)}</span>
                  </li>`,
              )}
            </ul>`
      }
    </section>
    <section class="card stack">
      <header><h2>${say('gateways')}</h2></header>
      <ul class="lines">
        ${gateways.map(
          ({ gateway, isSilent, startedAt, clockAheadMs }) =>
            html`<li>
              <span class="badge" data-state="${isSilent ? 'down' : 'ok'}"
                >${say(isSilent ? 'silent' : 'speaking')}</span
              >
              <code>${gateway}</code>
              <span class="quiet"
                >${say('started')}
                ${age(look, startedAt)}${Math.abs(clockAheadMs) > 2_000 ? html` · ${say('clock-off')} ${milliseconds(look, Math.abs(clockAheadMs))}` : ''}</span
              >
            </li>`,
        )}
      </ul>
    </section>
  </div>`
}
