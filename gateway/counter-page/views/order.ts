/** One order: where it stands, who acts next, its clock, and in the end what the citizen gets. */
import { html } from 'hono/html'
import { lossReportFile } from '#contracts/loss-report.ts'
import { isFinal, type SubmissionState } from '#contracts/submission.ts'
import type { SubmissionOf } from '#gateway/client/client.ts'
import type { Desk } from '../desk.ts'
import type { LossReport } from '../visit.ts'
import { steps } from '../words.ts'
import { token } from './frame.ts'
import { recordView } from './record.ts'
import { promisedText, requirementBadge } from './service.ts'

const stateLooks = {
  queued: 'maintenance',
  sending: 'maintenance',
  accepted: 'maintenance',
  confirmed: 'ok',
  rejected: 'down',
  uncertain: 'degraded',
  dead: 'down',
  cancelled: 'unknown',
} as const satisfies Record<SubmissionState, string>

/** What came of it: undefined while there is nothing to come, null where it cannot be shown now. */
export type Result = LossReport | null | undefined

export const orderView = (desk: Desk, order: SubmissionOf, result: Result) => {
  const { say } = desk
  return html`<div class="order" ${hasEnded(order) ? '' : html`data-live="/counter/orders/${order.id}/live"`}>
    <header class="row spread">
      <div class="stack tight">
        <h1>${order.service?.title ?? say('reportTitle')}</h1>
        <p class="quiet">
          <small>${say('orderNumber')} <code>${order.id}</code></small>
        </p>
      </div>
      <p class="row">
        <span class="badge" data-state="ok" id="follows" hidden>${say('follows')}</span>
        ${hasEnded(order) ? '' : html`<a class="button" id="refresh" href="/counter/orders/${order.id}">${say('refresh')}</a>`}
      </p>
    </header>
    <p class="visually-hidden" role="status" id="order-status">${order.stateText}</p>
    <div id="order-live">${orderState(desk, order, result)}</div>
  </div>`
}

/** The part that changes while one looks. */
export function orderState(desk: Desk, order: SubmissionOf, result: Result) {
  const { say, tell, times } = desk
  const { state, stateText, next, service, history, behind } = order
  return html`<div class="two">
    <div class="stack">
      ${result === undefined ? '' : resultView(desk, result)}
      <section class="card stack state" data-order-state="${state}">
        <p><span class="badge large" data-state="${stateLooks[state]}">${stateText}</span></p>
        <h2 class="visually-hidden">${say('next')}</h2>
        <p class="next">${next ? next.text : say('nothingNext')}</p>
        ${next?.by === 'officer' ? html`<p class="quiet">${say('officerCompletes')}</p>` : ''}
        ${behind ? html`<p>${say('behind')}</p>` : ''}
      </section>
      ${service ? clockView(desk, service) : ''}
      ${
        state === 'queued'
          ? html`<details class="card" data-keep="withdraw">
              <summary>${say('withdraw')}</summary>
              <form method="post" action="/counter/orders/${order.id}/cancel" class="stack">
                ${token(desk)}
                <p class="quiet">${say('withdrawText')}</p>
                <div class="field">
                  <label for="reason">${say('withdrawReason')}</label>
                  <input
                    id="reason"
                    name="reason"
                    required
                    minlength="3"
                    maxlength="500"
                    autocomplete="off"
                  />
                </div>
                <p><button class="danger">${say('withdraw')}</button></p>
              </form>
            </details>`
          : ''
      }
    </div>
    <div class="stack">
      ${
        service?.requirements
          ? html`<section class="card stack" aria-labelledby="bring">
              <h2 id="bring">${say('bring')}</h2>
              <ul class="ticks">
                ${service.requirements.map(
                  ({ text, when, state }) =>
                    html`<li>
                      <span>${text}${when === null ? '' : html` <small class="quiet">${when}</small>`}</span>
                      ${requirementBadge(desk, state)}
                    </li>`,
                )}
              </ul>
            </section>`
          : ''
      }
      <section class="card stack" aria-labelledby="history">
        <h2 id="history">${say('historyTitle')}</h2>
        <ol class="history">
          ${history.toReversed().map(({ at, type, code }) => {
            const step = steps[type]
            return html`<li>
              <time datetime="${at}" class="quiet number">${times.instant(at)}</time>
              <span
                >${step ? tell(step) : type}${
                  typeof code === 'string' ? html` <small class="quiet"><code>${code}</code></small>` : ''
                }</span
              >
            </li>`
          })}
        </ol>
      </section>
    </div>
  </div>`
}

function resultView(desk: Desk, result: LossReport | null) {
  const { say } = desk
  if (!result) return html`<p class="notice" data-state="degraded"><strong>${say('resultGone')}</strong></p>`
  const { reference, reason, data } = result
  if (reference === null && reason === null && data === null) return ''
  return html`<section class="card stack result" aria-labelledby="for-citizen">
    <h2 id="for-citizen">${say('resultTitle')}</h2>
    ${
      reference === null
        ? ''
        : html`<div>
            <p class="quiet">${say('reference')}</p>
            <p class="reference">${reference}</p>
          </div>`
    }
    ${reason === null ? '' : html`<p><strong>${say('reason')}:</strong> ${reason}</p>`}
    ${
      data === null
        ? ''
        : recordView(desk, lossReportFile.elements, {
            // Said once, in large letters.
            data: data.reportNumber === reference ? { ...data, reportNumber: undefined } : data,
          })
    }
  </section>`
}

function clockView(desk: Desk, { clock, promised }: NonNullable<SubmissionOf['service']>) {
  const { say, times } = desk
  if (!clock) return ''
  const { state, elapsedMs, remainingMs, dueAt, isLate } = clock
  const look = isLate ? 'down' : state === 'paused' ? 'held' : 'ok'
  const word = isLate
    ? 'late'
    : state === 'paused'
      ? 'paused'
      : state === 'approved-by-silence'
        ? 'bySilence'
        : 'onTime'
  const share = remainingMs === null ? 0 : Math.min(1, elapsedMs / Math.max(1, elapsedMs + remainingMs))
  return html`<section class="card stack clock" aria-labelledby="clock">
    <header>
      <h2 id="clock">${say('clockTitle')}</h2>
      ${promised ? html`<span class="badge" data-state="${look}">${say(word)}</span>` : ''}
    </header>
    ${
      promised
        ? html`<p class="elapsed number">
              <strong>${times.duration(elapsedMs)}</strong>
              <span class="quiet">/ ${promisedText(desk, promised)}</span>
            </p>
            <div class="meter" data-state="${look}">
              <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width="${(share * 100).toFixed(1)}" height="1" />
              </svg>
            </div>
            <dl class="facts">
              ${
                dueAt === null
                  ? ''
                  : html`<div>
                      <dt>${say('due')}</dt>
                      <dd class="number"><time datetime="${dueAt}">${times.instant(dueAt)}</time></dd>
                    </div>`
              }
              ${
                remainingMs === null
                  ? ''
                  : html`<div>
                      <dt>${say(remainingMs < 0 ? 'tooLong' : 'remaining')}</dt>
                      <dd class="number">${times.duration(Math.abs(remainingMs))}</dd>
                    </div>`
              }
            </dl>
            ${state === 'running' ? html`<p class="quiet"><small>${say('clockHint')}</small></p>` : ''}`
        : html`<p>${say('noClock')}</p>`
    }
  </section>`
}

export const hasEnded = ({ state }: SubmissionOf): boolean => isFinal(state)
