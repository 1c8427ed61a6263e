import { html } from 'hono/html'
import { residentLookup } from '#contracts/resident.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { AnswerTo } from '#gateway/client/client.ts'
import type { Desk } from '../desk.ts'
import { people } from '../examples.ts'
import { lookupFields } from '../fields.ts'
import type { Visit } from '../visit.ts'
import { fieldsView, mistakeList, mistakesOf } from './form.ts'
import { token } from './frame.ts'
import { recordView, valueAt } from './record.ts'
import { resultView } from './result.ts'
import { sourceList } from './trouble.ts'

export function residentView(desk: Desk, { lookup, purpose }: Visit) {
  const { say, tell } = desk
  const outcome = lookup?.outcome
  const trouble = outcome && 'trouble' in outcome ? outcome.trouble : undefined
  const mistakes = mistakesOf(trouble, lookupFields)
  return html`<div class="ask">
    <section class="card stack" aria-labelledby="ask-title">
      <h1 id="ask-title">${say('lookupTitle')}</h1>
      <form method="post" action="/counter/resident" class="stack" id="ask">
        ${token(desk)} ${mistakeList(desk, lookupFields, mistakes)}
        ${fieldsView(desk, lookupFields, lookup?.values ?? {}, mistakes)}
        <p><button class="primary" data-busy="${say('busy')}">${say('lookup')}</button></p>
      </form>
      <form method="post" action="/counter/resident" class="stack tight examples">
        ${token(desk)}
        <h2>${say('examples')}</h2>
        <ul>
          ${people.map(
            ({ nik, who }) =>
              html`<li>
                <button class="plain" name="/nik" value="${nik}" data-busy="${say('busy')}">
                  <span class="number">${nik}</span><small>${tell(who)}</small>
                </button>
              </li>`,
          )}
        </ul>
      </form>
    </section>
    ${resultView(desk, { label: say('tabResident'), empty: say('lookupEmpty'), outcome, mistakes }, answer =>
      residentAnswer(desk, answer, purpose),
    )}
  </div>`
}

function residentAnswer(desk: Desk, answer: AnswerTo<'resident.lookup'>, purpose: string) {
  const { say, tell, times, now, directory } = desk
  const { data, provenance, withheld, warnings, sources, auditId } = answer
  const { mode, source, fetchedAt } = provenance['']
  const labelOf = (path: ContractPath): string => {
    const element = residentLookup.elements.get(path)
    return element ? tell(element.label) : path
  }
  return html`${
      mode === 'stale'
        ? html`<div class="notice" data-state="degraded" role="alert">
            <h2>${say('staleTitle')}</h2>
            <p>${say('staleAdvice')}</p>
            ${sourceList(
              desk,
              sources.filter(({ state }) => state !== 'ok'),
            )}
          </div>`
        : ''
    }
    ${
      mode !== 'stale' && sources.length > 1
        ? html`<div class="notice" data-state="degraded">
            <p>${say('stoodIn')}</p>
          </div>`
        : ''
    }
    <article class="card stack">
      <header>
        <div>
          <h2 class="name">${data.fullName ?? '—'}</h2>
          <p class="quiet number">NIK ${data.nik ?? '—'}</p>
        </div>
        ${
          purpose === 'loss-report.new'
            ? html`<a class="button primary" href="/counter/loss-report">${say('reportWithThis')}</a>`
            : ''
        }
      </header>
      <p class="summary" data-mode="${mode}">
        <strong>${directory.agencyOf(source)}</strong>, ${say(`${mode}Text`)}
        <span class="quiet">
          (<time datetime="${fetchedAt}">${times.instant(fetchedAt)}</time>,
          <span data-relative="${fetchedAt}">${times.ago(now - Date.parse(fetchedAt))}</span>)
        </span>
      </p>
      ${recordView(desk, residentLookup.elements, { data, provenance })}
    </article>
    ${
      warnings.length > 0
        ? html`<div class="notice" data-state="degraded">
            <h3>${say('warningsTitle')}</h3>
            <p>${say('warningsText')}</p>
            <ul class="chips">
              ${warnings.map(
                ({ path }) => html`<li>${labelOf(path)}: <strong>${textAt(data, path)}</strong></li>`,
              )}
            </ul>
          </div>`
        : ''
    }
    ${
      withheld.length > 0
        ? html`<div class="notice" data-state="unknown">
            <h3>${say('withheldTitle')}</h3>
            <p>${say('withheldText')}</p>
            <ul class="chips">
              ${withheld.map(path => html`<li>${labelOf(path)}</li>`)}
            </ul>
          </div>`
        : ''
    }
    <footer class="trail">
      <h3>${say('sourcesTitle')}</h3>
      ${sourceList(desk, sources)}
      <p class="quiet">
        <small>${say('evidence')}: <code>${auditId}</code></small>
      </p>
    </footer>`
}

function textAt(data: unknown, path: string): string {
  const { text } = (valueAt(data, path) ?? {}) as { text?: string }
  return text ?? ''
}
