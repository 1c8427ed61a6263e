/** What stands around every view: the mall, the language, the visit under way, and the ways to work in it. */
import { html } from 'hono/html'
import type { Content } from '#gateway/pages/document.ts'
import { formTokenField } from '#gateway/pages/form-guard.ts'
import { otherLanguage } from '#gateway/pages/language.ts'
import type { Desk } from '../desk.ts'
import type { Visit } from '../visit.ts'
import type { Word } from '../words.ts'

/** With every form. */
export const token = ({ formToken }: Desk) =>
  html`<input type="hidden" name="${formTokenField}" value="${formToken}" />`

const tabs: readonly (readonly [string, Word])[] = [
  ['/counter/resident', 'tabResident'],
  ['/counter/match', 'tabMatch'],
  ['/counter/service', 'tabService'],
  ['/counter/loss-report', 'tabReport'],
]

export function frame(desk: Desk, content: Content) {
  const { say, mall, session, language, path, now } = desk
  const other = otherLanguage(language)
  return html`<a class="skip" href="#content">${say('skip')}</a>
    <header class="topbar">
      <div class="wide">
        <a class="brand" href="/counter">
          <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <path d="M7 24V13l9-6 9 6v11M12 24v-7h8v7" />
          </svg>
          <span>${say('counterPage')}<small class="quiet">${mall.name}</small></span>
        </a>
        <span class="badge" data-state="maintenance">${say('demo')}</span>
        <form method="post" action="/counter/language">
          ${token(desk)}
          <input type="hidden" name="back" value="${path}" />
          <button class="plain" name="language" value="${other.code}" lang="${other.code}">
            ${other.name}
          </button>
        </form>
      </div>
      ${session.visit ? visitBar(desk, session.visit) : ''}
    </header>
    <main id="content" class="wide" tabindex="-1" data-now="${new Date(now).toISOString()}">${content}</main>`
}

function visitBar(desk: Desk, visit: Visit) {
  const { say, times, path, directory, now } = desk
  const service = directory.services.find(({ code }) => code === visit.purpose)
  const orders = [...visit.orders.keys()]
  const ways: readonly (readonly [string, string])[] = [
    ...tabs.map(([to, word]) => [to, say(word)] as const),
    ...orders.map(
      (id, index) =>
        [`/counter/orders/${id}`, `${say('tabOrder')}${orders.length > 1 ? ` ${index + 1}` : ''}`] as const,
    ),
  ]
  return html`<div class="wide visit">
      <h2 class="visually-hidden">${say('visit')}</h2>
      <dl>
        <div class="service">
          <dt>${say('service')}</dt>
          <dd>
            ${service?.title ?? visit.purpose}
            <a class="change" href="/counter/visit"
              >${say('change')}<span class="visually-hidden"> ${say('service')}</span></a
            >
          </dd>
        </div>
        <div>
          <dt>${say('counter')}</dt>
          <dd>${visit.counter}</dd>
        </div>
        <div>
          <dt>${say('officer')}</dt>
          <dd>${visit.officer}</dd>
        </div>
        <div>
          <dt>${say('until')}</dt>
          <dd class="number">
            <time datetime="${visit.expiresAt}">${times.instant(visit.expiresAt)}</time>
            <small class="quiet" data-relative="${visit.expiresAt}"
              >${times.ahead(Date.parse(visit.expiresAt) - now)}</small
            >
          </dd>
        </div>
      </dl>
      <form method="post" action="/counter/visit/end">
        ${token(desk)}
        <button class="danger">${say('endVisit')}</button>
      </form>
    </div>
    <nav class="wide" aria-label="${say('work')}">
      <div class="tabs">
        ${ways.map(([to, name]) => html`<a href="${to}" ${to === path ? html`aria-current="page"` : ''}>${name}</a> `)}
      </div>
    </nav>`
}
