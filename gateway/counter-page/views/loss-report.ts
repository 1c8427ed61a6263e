import { html } from 'hono/html'
import type { Desk } from '../desk.ts'
import { itemFields, lossFields, mostItems, reporterFields } from '../fields.ts'
import type { Visit } from '../visit.ts'
import { fieldsView, mistakeList, mistakesOf } from './form.ts'
import { token } from './frame.ts'
import { requirementTicks } from './service.ts'
import { troubleView } from './trouble.ts'

/** For what a loss report is ordered. */
export const reportPurpose = 'loss-report.new'

export function lossReportView(
  desk: Desk,
  { purpose, draft, brought, lookup }: Visit,
  office: { readonly name: string },
) {
  const { say, directory } = desk
  const service = directory.services.find(({ code }) => code === reportPurpose)
  if (purpose !== reportPurpose)
    return html`<section class="card stack narrow">
      <h1>${say('otherService')}</h1>
      <p>${say('otherServiceText')}</p>
      <form method="post" action="/counter/visit/service">
        ${token(desk)} <input type="hidden" name="next" value="/counter/loss-report" />
        <button class="primary" name="purpose" value="${reportPurpose}">
          ${say('switchToReport').replace('{service}', service?.title ?? reportPurpose)}
        </button>
      </form>
    </section>`

  const { values, trouble } = draft
  const items = Array.from({ length: draft.items }, (_, index) => itemFields(index))
  const fields = [...reporterFields, ...items.flat(), ...lossFields]
  const mistakes = mistakesOf(trouble, fields)
  const filledFrom =
    lookup?.outcome && 'answer' in lookup.outcome ? lookup.outcome.answer.provenance[''].source : undefined
  return html`<form method="post" action="/counter/loss-report" class="stack report" id="report">
    ${token(desk)}
    <header class="row spread">
      <div class="stack tight">
        <h1>${say('reportTitle')}</h1>
        <p class="quiet">${say('reportText').replace('{office}', office.name)}</p>
      </div>
      <button class="plain" name="act" value="example" formnovalidate>${say('fillExample')}</button>
    </header>
    ${mistakeList(desk, fields, mistakes)}
    ${
      trouble && mistakes.size === 0
        ? html`<div class="stack" id="result" tabindex="-1">
            ${troubleView(desk, trouble, { retry: 'report' })}
            ${trouble.sent === 'no' ? '' : html`<p><strong>${say('sameKey')}</strong></p>`}
          </div>`
        : ''
    }
    <fieldset class="card">
      <legend><h2>${say('reporterPart')}</h2></legend>
      ${
        filledFrom === undefined
          ? ''
          : html`<p class="notice" data-state="maintenance">
              <span>${say('filledFrom').replace('{agency}', directory.agencyOf(filledFrom))}</span>
            </p>`
      }
      ${fieldsView(desk, reporterFields, values, mistakes)}
    </fieldset>
    <fieldset class="card">
      <legend><h2>${say('itemsPart')}</h2></legend>
      ${items.map((of, index) =>
        items.length === 1
          ? fieldsView(desk, of, values, mistakes)
          : html`<fieldset>
              <legend>${say('itemPart').replace('{n}', String(index + 1))}</legend>
              ${fieldsView(desk, of, values, mistakes)}
            </fieldset>`,
      )}
      ${
        items.length < mostItems
          ? html`<p><button name="act" value="add-item" formnovalidate>${say('addItem')}</button></p>`
          : ''
      }
    </fieldset>
    <fieldset class="card">
      <legend><h2>${say('lossPart')}</h2></legend>
      ${fieldsView(desk, lossFields, values, mistakes)}
    </fieldset>
    ${
      service?.requirements
        ? html`<fieldset class="card">
            <legend><h2>${say('documentsPart')}</h2></legend>
            ${requirementTicks(desk, service.requirements.items, brought)}
          </fieldset>`
        : ''
    }
    <p>
      <button class="primary large" name="act" value="send" data-busy="${say('sending')}">
        ${say('sendReport')}
      </button>
    </p>
  </form>`
}
