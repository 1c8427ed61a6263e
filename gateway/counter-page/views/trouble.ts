/** Why there is no answer: an agency's "no" looks like an answer, and what could not be asked does not. */
import { html } from 'hono/html'
import { failures } from '#contracts/failures.ts'
import { MppProblem } from '#gateway/client/client.ts'
import type { Desk } from '../desk.ts'
import type { Trouble } from '../visit.ts'
import { advice, adviceByMeaning, type Word } from '../words.ts'

const sentWords = { yes: 'sentYes', maybe: 'sentMaybe', no: 'sentNo' } as const satisfies Record<string, Word>

const looks = {
  answered: { state: 'maintenance', word: 'agencySays' },
  unanswered: { state: 'degraded', word: 'couldNotAsk' },
  refused: { state: 'unknown', word: 'notAllowed' },
  broken: { state: 'down', word: 'gatewayFault' },
} as const

/** `retry`: the id of the form that asks again. */
export function troubleView(desk: Desk, trouble: Trouble, { retry }: { retry?: string } = {}) {
  const { say, tell, times, now, directory, language } = desk
  const { sent } = trouble
  if (!(trouble instanceof MppProblem))
    return html`<section class="notice" data-state="down" role="alert" data-meaning="silent">
      <h2>${say('gatewaySilent')}</h2>
      <p>${tell(adviceByMeaning.broken)}</p>
      <dl class="facts">${fact('sent', say(sentWords[sent]))}</dl>
      ${again()}
    </section>`

  const { code, title, source, retryAfter, auditId, reason, sources } = trouble
  const known = code === 'UNKNOWN' ? undefined : failures[code] // told before the language was changed, perhaps
  const meaning = known?.meaning ?? 'broken'
  const { state, word } = looks[meaning]
  const isAgencys = meaning === 'answered' || meaning === 'unanswered'
  const advised = (code !== 'UNKNOWN' && advice[code]) || adviceByMeaning[meaning]
  return html`<section class="notice" data-state="${state}" role="alert" data-meaning="${meaning}">
    <p class="kind">${say(word)}</p>
    <h2>${known ? known.title[language] : title}</h2>
    <p>${tell(advised)}</p>
    <dl class="facts">
      ${isAgencys ? fact('who', directory.agencyOf(source)) : ''}
      ${isAgencys ? fact('sent', say(sentWords[sent])) : ''}
      ${
        retryAfter === null
          ? meaning === 'unanswered' && fact('again', say('againUnknown'))
          : fact(
              'again',
              `${times.ahead(retryAfter * 1_000)} (${times.instant(new Date(now + retryAfter * 1_000).toISOString())})`,
            )
      }
      ${fact('code', html`<code>${code}${reason === undefined ? '' : ` · ${reason}`}</code>`)}
      ${auditId === null ? '' : fact('evidence', html`<code>${auditId}</code>`)}
    </dl>
    ${sources.length > 1 ? sourceList(desk, sources) : ''} ${meaning === 'unanswered' ? again() : ''}
  </section>`

  function fact(word: Word, value: unknown) {
    return html`<div>
      <dt>${say(word)}</dt>
      <dd>${value}</dd>
    </div>`
  }

  function again() {
    return retry === undefined
      ? ''
      : html`<p>
          <button form="${retry}" name="act" value="send" data-busy="${say('busy')}">${say('again')}</button>
        </p>`
  }
}

/** Who was asked, in which order, and what each said. */
export function sourceList(
  { say, directory, language }: Desk,
  sources: readonly {
    readonly id: string
    readonly state: string
    readonly sent: string
    readonly ms: number
  }[],
) {
  return html`<ol class="sources">
    ${sources.map(({ id, state, sent, ms }) => {
      const isOk = state === 'ok'
      const said = isOk
        ? say(sent === 'no' ? 'fromKept' : 'sourceOk')
        : Object.hasOwn(failures, state)
          ? failures[state as keyof typeof failures].title[language]
          : state
      return html`<li class="row">
        <span class="badge" data-state="${isOk ? 'ok' : 'degraded'}">${directory.agencyOf(id)}</span>
        <span>${said}</span>
        ${sent === 'no' ? '' : html`<small class="quiet number">${Math.round(ms)} ${say('milliseconds')}</small>`}
      </li>`
    })}
  </ol>`
}
