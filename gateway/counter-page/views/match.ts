import { html } from 'hono/html'
import type { AnswerTo } from '#gateway/client/client.ts'
import type { Desk } from '../desk.ts'
import { matchFields } from '../fields.ts'
import type { Visit } from '../visit.ts'
import { fieldsView, mistakeList, mistakesOf } from './form.ts'
import { token } from './frame.ts'
import { textOf, valueAt } from './record.ts'
import { resultView } from './result.ts'
import { sourceList } from './trouble.ts'

interface Verdict {
  readonly verdict: 'match' | 'mismatch'
  readonly similarity?: number
}

export function matchView(desk: Desk, { match }: Visit) {
  const { say, tell, directory, times, now } = desk
  const outcome = match?.outcome
  const trouble = outcome && 'trouble' in outcome ? outcome.trouble : undefined
  const mistakes = mistakesOf(trouble, matchFields)
  return html`<div class="ask">
    <section class="card stack" aria-labelledby="ask-title">
      <h1 id="ask-title">${say('matchTitle')}</h1>
      <p class="quiet">${say('matchText')}</p>
      <form method="post" action="/counter/match" class="stack" id="ask">
        ${token(desk)} ${mistakeList(desk, matchFields, mistakes)}
        ${fieldsView(desk, matchFields, match?.values ?? {}, mistakes)}
        <p class="row">
          <button class="primary" data-busy="${say('busy')}">${say('match')}</button>
          <button class="plain" formaction="/counter/match/example" formnovalidate>
            ${say('fillExample')}
          </button>
        </p>
      </form>
    </section>
    ${resultView(desk, { label: say('tabMatch'), empty: say('matchEmpty'), outcome, mistakes }, verdictsView)}
  </div>`

  function verdictsView({ data, sources, auditId, provenance }: AnswerTo<'resident.match'>) {
    const sent = matchFields.filter(({ pointer }) => match!.values[pointer])
    const verdicts = sent.map(field => ({
      field,
      verdict: valueAt(data, field.pointer) as Verdict | undefined,
    }))
    const isAllRight = verdicts.every(({ verdict }) => verdict?.verdict === 'match')
    const { source, fetchedAt } = provenance['']
    return html`<article class="card stack">
        <header>
          <h2>${say(isAllRight ? 'allMatch' : 'someMismatch')}</h2>
          <p class="quiet">
            ${directory.agencyOf(source)} ·
            <time datetime="${fetchedAt}" data-relative="${fetchedAt}"
              >${times.ago(now - Date.parse(fetchedAt))}</time
            >
          </p>
        </header>
        <dl class="record verdicts">
          ${verdicts.map(
            ({ field, verdict }) =>
              html`<div>
                <dt>${tell(field.label)}</dt>
                <dd class="value">
                  ${shownValue(field.choices?.[match!.values[field.pointer]!], field.pointer)}
                </dd>
                <dd class="origin">${verdictView(verdict)}</dd>
              </div>`,
          )}
        </dl>
      </article>
      <footer class="trail">
        <h3>${say('sourcesTitle')}</h3>
        ${sourceList(desk, sources)}
        <p class="quiet">
          <small>${say('evidence')}: <code>${auditId}</code></small>
        </p>
      </footer>`
  }

  function shownValue(choice: Parameters<Desk['tell']>[0] | undefined, pointer: string): string {
    return choice ? tell(choice) : textOf(desk, match!.values[pointer])
  }

  function verdictView(verdict: Verdict | undefined) {
    if (!verdict) return html`<span class="badge">${say('notCompared')}</span>`
    const { similarity } = verdict
    return verdict.verdict === 'match'
      ? html`<span class="badge" data-state="ok">${say('matches')}</span>`
      : html`<span class="badge" data-state="down">${say('mismatches')}</span> ${
            similarity === undefined
              ? ''
              : html`<small class="quiet number">${say('similarity')} ${similarity} %</small>`
          }`
  }
}
