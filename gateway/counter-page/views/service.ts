/** What the citizen must bring, what it costs and how long it takes, as the mall's service standard says. */
import { html } from 'hono/html'
import type { PublicService, RequirementState } from '#gateway/services/views.ts'
import type { Desk } from '../desk.ts'
import type { Visit } from '../visit.ts'
import { timeUnits, type Word } from '../words.ts'
import { token } from './frame.ts'

const stateLooks = {
  met: { look: 'ok', word: 'met' },
  missing: { look: 'down', word: 'missing' },
  conditional: { look: 'degraded', word: 'conditional' },
  optional: { look: 'unknown', word: 'optionalState' },
} as const satisfies Record<RequirementState, { look: string; word: Word }>

type Requirement = NonNullable<PublicService['requirements']>['items'][number]

export const stateOf = (
  { id, optional, when }: Requirement,
  brought: ReadonlySet<string>,
): RequirementState => {
  if (brought.has(id)) return 'met'
  if (optional) return 'optional'
  return when === null ? 'missing' : 'conditional'
}

export const requirementBadge = ({ say }: Desk, state: RequirementState) =>
  html`<span class="badge" data-state="${stateLooks[state].look}">${say(stateLooks[state].word)}</span>`

/** Ticks, one for each requirement; the name of each is `brought`. */
export const requirementTicks = (desk: Desk, items: readonly Requirement[], brought: ReadonlySet<string>) =>
  html`<ul class="ticks">
    ${items.map(
      one =>
        html`<li>
          <label class="choice">
            <input
              type="checkbox"
              name="brought"
              value="${one.id}"
              ${brought.has(one.id) ? html`checked` : ''}
            />
            <span
              >${one.text}${one.when === null ? '' : html` <small class="quiet">${one.when}</small>`}</span
            >
          </label>
          ${requirementBadge(desk, stateOf(one, brought))}
        </li>`,
    )}
  </ul>`

export function serviceView(desk: Desk, { brought, purpose }: Visit) {
  const { say, language, directory } = desk
  const service = directory.services.find(({ code }) => code === purpose)
  if (!service) return html`<div class="empty"><h1>${say('noService')}</h1></div>`

  const { requirements, time, fee, product, procedure, complaints, toBeConfirmed } = service
  const missing = requirements?.items.filter(one => stateOf(one, brought) === 'missing') ?? []
  const rupiah = new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', {
    style: 'currency',
    currency: 'IDR',
    maximumFractionDigits: 0,
  })
  /** Where it is known from, and whether that holds here. */
  const source = (component: (typeof toBeConfirmed)[number]) => {
    const known = service[component]
    return known
      ? html`<small class="quiet"
          >${say('source')}:
          ${known.source}${
            toBeConfirmed.includes(component)
              ? html` · <span class="confirm">${say('toBeConfirmed')}</span>`
              : ''
          }</small
        >`
      : ''
  }

  return html`<div class="two">
    <section class="card stack">
      <header>
        <h1>${say('bring')}</h1>
      </header>
      ${
        requirements
          ? html`<p class="quiet">${say('bringText')}</p>
              <form method="post" action="/counter/service" class="stack" id="ticks" data-save>
                ${token(desk)} ${requirementTicks(desk, requirements.items, brought)}
                <p><button>${say('save')}</button></p>
              </form>
              <p
                class="notice"
                role="status"
                id="result"
                tabindex="-1"
                data-state="${missing.length > 0 ? 'degraded' : 'ok'}"
              >
                <strong
                  >${
                    missing.length > 0
                      ? html`${say('toBring')}: ${missing.map(({ text }) => text).join('; ')}`
                      : say('nothingMissing')
                  }</strong
                >
              </p>
              ${source('requirements')}`
          : html`<p>${say('requirementsUnknown')}</p>`
      }
    </section>
    <section class="card stack" aria-labelledby="standard">
      <h2 id="standard">${say('standard')}</h2>
      <dl class="facts wide-facts">
        <div>
          <dt>${say('cost')}</dt>
          <dd>
            ${
              fee
                ? html`${fee.free ? html`<strong>${say('free')}</strong>` : ''}
                  ${fee.amounts.map(
                    ({ title, rupiah: amount }) =>
                      html`<span class="line"
                        >${title}: <strong class="number">${rupiah.format(amount)}</strong></span
                      >`,
                  )}
                  ${fee.note ?? ''} ${source('fee')}`
                : say('unknown')
            }
          </dd>
        </div>
        <div>
          <dt>${say('takes')}</dt>
          <dd>
            ${
              time
                ? html`<strong>${time.promised ? promisedText(desk, time.promised) : ''}</strong>
                    ${time.note ?? ''} ${source('time')}`
                : say('unknown')
            }
          </dd>
        </div>
        <div>
          <dt>${say('product')}</dt>
          <dd>${product ? html`${product.text} ${source('product')}` : say('unknown')}</dd>
        </div>
        ${
          procedure
            ? html`<div>
                <dt>${say('steps')}</dt>
                <dd>
                  <ol class="steps">
                    ${procedure.steps.map(step => html`<li>${step}</li>`)}
                  </ol>
                  ${source('procedure')}
                </dd>
              </div>`
            : ''
        }
        ${
          complaints
            ? html`<div>
                <dt>${say('complaints')}</dt>
                <dd>${complaints.text} ${source('complaints')}</dd>
              </div>`
            : ''
        }
      </dl>
    </section>
  </div>`
}

export const promisedText = (
  { tell }: Desk,
  { amount, unit }: NonNullable<NonNullable<PublicService['time']>['promised']>,
): string => `${amount} ${tell(timeUnits[unit])}`
