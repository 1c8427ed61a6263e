/** No visit is open: who serves where, and for what. Also, within one: another service. */
import { html } from 'hono/html'
import type { Desk } from '../desk.ts'
import { token } from './frame.ts'
import { troubleView } from './trouble.ts'

/** Codes of the services that this counter may ask or order something for. */
type Purposes = readonly string[]

export function startView(desk: Desk, purposes: Purposes) {
  const { say, session } = desk
  const { counter, officer, purpose } = session.station ?? {
    counter: 'A-03',
    officer: 'o-7f3a',
    purpose: 'loss-report.new',
  }
  const { trouble } = session
  return html`<div class="start">
    <section class="card stack">
      ${
        trouble === 'over'
          ? html`<div class="notice" data-state="degraded" role="alert">
              <h2>${say('over')}</h2>
              <p>${say('overText')}</p>
            </div>`
          : ''
      }
      ${
        trouble === 'desk'
          ? html`<div class="notice" data-state="down" role="alert">
              <h2>${say('deskUnfit')}</h2>
              <p>${say('deskUnfitText')}</p>
            </div>`
          : ''
      }
      ${typeof trouble === 'object' ? troubleView(desk, trouble) : ''}
      <div class="stack tight">
        <h1>${say('startTitle')}</h1>
        <p class="quiet">${say('startText')}</p>
      </div>
      <form method="post" action="/counter/visit" class="stack">
        ${token(desk)}
        <div class="fields">
          <div class="field">
            <label for="counter">${say('counter')}</label>
            <input
              id="counter"
              name="counter"
              value="${counter}"
              required
              maxlength="64"
              autocomplete="off"
              aria-describedby="counter-hint"
            />
            <p class="hint" id="counter-hint">${say('counterHint')}</p>
          </div>
          <div class="field">
            <label for="officer">${say('officer')}</label>
            <input
              id="officer"
              name="officer"
              value="${officer}"
              required
              maxlength="64"
              autocomplete="off"
              aria-describedby="officer-hint"
            />
            <p class="hint" id="officer-hint">${say('officerHint')}</p>
          </div>
        </div>
        ${serviceField(desk, purposes, purpose)}
        <p><button class="primary large">${say('openVisit')}</button></p>
      </form>
    </section>
    <aside class="stack" aria-labelledby="what">
      <h2 id="what">${say('whatTitle')}</h2>
      <ul class="does">
        <li>${say('whatLookup')}</li>
        <li>${say('whatMatch')}</li>
        <li>${say('whatBring')}</li>
        <li>${say('whatOrder')}</li>
      </ul>
    </aside>
  </div>`
}

export const changeServiceView = (desk: Desk, purposes: Purposes, purpose: string) =>
  html`<section class="card stack narrow">
    <h1>${desk.say('changeService')}</h1>
    <p class="quiet">${desk.say('changeHint')}</p>
    <form method="post" action="/counter/visit/service" class="stack">
      ${token(desk)} ${serviceField(desk, purposes, purpose)}
      <p><button class="primary">${desk.say('change')}</button></p>
    </form>
  </section>`

function serviceField({ say, directory, language }: Desk, purposes: Purposes, chosen: string) {
  const titled = purposes
    .map(code => ({ code, title: directory.services.find(one => one.code === code)?.title ?? code }))
    .toSorted((a, b) => a.title.localeCompare(b.title, language))
  return html`<div class="field">
    <label for="purpose">${say('service')}</label>
    <select id="purpose" name="purpose" required>
      ${titled.map(
        ({ code, title }) =>
          html`<option value="${code}" ${code === chosen ? html`selected` : ''}>${title}</option>`,
      )}
    </select>
  </div>`
}
