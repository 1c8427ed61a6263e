/** What the views of the board are made of. */
import { html, raw } from 'hono/html'
import type { Language } from '#gateway/http/problem.ts'
import type { Content } from '#gateway/pages/document.ts'
import { createTimes, type Times } from '#gateway/pages/times.ts'
import type { Minute } from '#gateway/upstream/traffic.ts'
import type { UpstreamState } from '#gateway/upstream/state.ts'
import { ageText } from './ages.ts'
import type { Words } from './words.ts'
import { words } from './words.ts'

/** Who looks at what, and how it is to be said to them. Two that say the same see the same. */
export interface Look {
  readonly language: Language
  readonly say: (key: keyof Words) => string
  /** Epoch milliseconds. */
  readonly at: number
  /** An operator: what can be done is shown as well. */
  readonly mayAct: boolean
  /** Of the path. */
  readonly path: Readonly<Record<string, string>>
  /** Of the query. */
  readonly query: Readonly<Record<string, string>>
  readonly times: Times
  /** The mall's. */
  readonly timeZone: string
}

/** A part of a page that is put in place of the one before when it changes. */
export interface Fragment {
  readonly id: string
  readonly content: Content
  /** Those of one list are its items, and change their places. */
  readonly list?: 'tiles'
}

export type Tab = 'overview' | 'alarms' | 'orders' | 'work' | 'shared' | 'agreements' | 'ledger' | 'webhooks'

export interface View {
  /** Below `/ops`, as Hono writes it. */
  readonly path: string
  readonly tab: Tab
  readonly title: (look: Look) => string
  /** Uses all of a wide screen. */
  readonly isWide?: boolean
  /** What stands above the fragments and does not change by itself: filters, ways back. */
  readonly above?: (look: Look) => Content
  /** @throws ROUTE_UNKNOWN where there is nothing of that name. */
  readonly fragments: (look: Look) => Promise<readonly Fragment[]>
}

export function lookOf(options: Omit<Look, 'say' | 'times'>): Look {
  const { language, at, timeZone } = options
  return {
    ...options,
    say: key => words[key][language],
    times: createTimes(language, { timeZone, now: () => at }),
  }
}

// -- Parts -----------------------------------------------------------------------------------------------------------

/** An instant as its age; the page's script keeps it true. */
export const age = ({ language, at, times }: Look, instant: number | string): Content => {
  const iso = new Date(instant).toISOString()
  const text = ageText(at - Date.parse(iso), language)
  return html`<time datetime="${iso}" title="${times.instant(iso)}" data-age>${text}</time>`
}

/** An instant on the clock of the mall. */
export const clock = ({ times }: Look, instant: number | string): Content => {
  const iso = new Date(instant).toISOString()
  return html`<time datetime="${iso}">${times.instant(iso)}</time>`
}

export const stateWord = ({ say }: Look, state: UpstreamState): string => say(`state-${state}`)

export const badge = (look: Look, state: UpstreamState): Content =>
  html`<span class="badge" data-state="${state}">${stateWord(look, state)}</span>`

/** Its shape tells it to those who do not see its colour. */
const shapes: Record<UpstreamState, string> = {
  ok: '<circle cx="12" cy="12" r="9"/>',
  degraded: '<path d="M12 2 23 21H1z"/>',
  down: '<path d="M3 6 6 3l6 6 6-6 3 3-6 6 6 6-3 3-6-6-6 6-3-3 6-6z"/>',
  held: '<path d="M4 3h6v18H4zM14 3h6v18h-6z"/>',
  maintenance: '<path d="M12 1 23 12 12 23 1 12z"/>',
  unknown: '<path d="M12 3a9 9 0 1 0 .01 0zm0 4a5 5 0 1 1-.01 0z" fill-rule="evenodd"/>',
}
const drawn = Object.fromEntries(
  Object.entries(shapes).map(([state, shape]) => [
    state,
    raw(`<svg class="shape" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`),
  ]),
) as Record<UpstreamState, Content>
export const shape = (state: UpstreamState): Content => drawn[state]

const sparkHeight = 24

/** The last hour, a line for each minute: how many attempts, and how many of them without a usable answer. */
export function sparkline({ say }: Look, minutes: readonly Minute[]): Content {
  const most = Math.max(1, ...minutes.map(({ attempts }) => attempts))
  const high = (count: number): number =>
    count === 0 ? 0 : Math.max(2, Math.round((count / most) * sparkHeight * 10) / 10)
  const lines = (count: (minute: Minute) => number): string =>
    minutes
      .map((minute, index) =>
        count(minute) === 0 ? '' : `M${index * 2 + 1} ${sparkHeight}v-${high(count(minute))}`,
      )
      .join('')
  const attempts = sum(minutes, 'attempts')
  const faults = sum(minutes, 'faults')
  const label = `${say('last-hour')}: ${attempts} ${say('requests')}, ${faults} ${say('failed')}`
  return html`<svg
    class="spark"
    viewBox="0 0 120 ${sparkHeight}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    <path class="axis" d="M0 ${sparkHeight}h120" />
    <path class="asked" d="${lines(({ attempts }) => attempts)}" />
    <path class="failed" d="${lines(({ faults }) => faults)}" />
  </svg>`
}

const sum = (minutes: readonly Minute[], key: 'attempts' | 'faults'): number =>
  minutes.reduce((total, minute) => total + minute[key], 0)

/** How much of something there is. */
export const meter = (share: number, state: UpstreamState, label: string): Content =>
  html`<div class="meter" data-state="${state}" role="img" aria-label="${label}">
    <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width="${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}" height="1" />
    </svg>
  </div>`

const locales = { id: 'id-ID', en: 'en-GB' } as const satisfies Record<Language, string>

/** Made once: making one costs as much as using it hundreds of times. */
const formats = (options: Intl.NumberFormatOptions): Record<Language, Intl.NumberFormat> => ({
  id: new Intl.NumberFormat(locales.id, options),
  en: new Intl.NumberFormat(locales.en, options),
})
const plain = formats({ maximumFractionDigits: 1 })
const whole = formats({ style: 'percent', maximumFractionDigits: 0 })
const fine = formats({ style: 'percent', maximumFractionDigits: 1 })
const compact = formats({ notation: 'compact', maximumFractionDigits: 1 })

export const percent = ({ language }: Look, share: number): string =>
  (share > 0 && share < 0.1 ? fine : whole)[language].format(share)

export const number = ({ language }: Look, value: number): string => plain[language].format(value)

/** `4 jt`, where only its size matters. */
export const short = (look: Look, value: number): string =>
  value < 100_000 ? number(look, value) : compact[look.language].format(value)

/** With a space that does not break. */
export const milliseconds = (look: Look, ms: number): string =>
  ms < 1_000
    ? `${number(look, Math.round(ms))}\u00a0ms`
    : `${number(look, Math.round(ms / 100) / 10)}\u00a0${look.language === 'en' ? 's' : 'dtk'}`

export interface Row {
  readonly cells: readonly Content[]
  readonly state?: UpstreamState
}

/** Wider than a phone, a table scrolls by itself; so that a keyboard can scroll it too, it takes the focus. */
export const table = (
  caption: string,
  headings: readonly string[],
  rows: readonly Row[],
  whenEmpty: string,
): Content =>
  rows.length === 0
    ? html`<p class="quiet empty">${whenEmpty}</p>`
    : html`<div class="table" role="region" aria-label="${caption}" tabindex="0">
        <table>
          <caption class="visually-hidden">
            ${caption}
          </caption>
          <thead>
            <tr>
              ${headings.map(heading => html`<th scope="col">${heading}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ cells }) =>
                html`<tr>
                  ${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`

export const card = (heading: string, content: Content, aside: Content = ''): Content =>
  html`<section class="card stack">
    <header>
      <h2>${heading}</h2>
      ${aside}
    </header>
    ${content}
  </section>`

/** Figures side by side, each with what it is. */
export const figures = (
  all: readonly (readonly [label: string, value: Content, state?: UpstreamState | undefined])[],
): Content =>
  html`<dl class="figures">
    ${all.map(
      ([label, value, state]) =>
        html`<div data-state="${state ?? ''}">
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
