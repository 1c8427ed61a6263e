import { html } from 'hono/html'
import type { Content } from '#gateway/pages/document.ts'
import type { Desk } from '../desk.ts'
import type { Outcome } from '../visit.ts'
import type { Mistakes } from './form.ts'
import { troubleView } from './trouble.ts'

interface Result<Answer> {
  /** What is asked for. */
  readonly label: string
  /** What to do, before anything was asked. */
  readonly empty: string
  readonly outcome: Outcome<Answer> | undefined
  /** In the form: then there is nothing to show yet. */
  readonly mistakes: Mistakes
}

/** Beside a form, what came of it: the answer, why there is none, or nothing yet. */
export function resultView<Answer>(
  desk: Desk,
  { label, empty, outcome, mistakes }: Result<Answer>,
  answerView: (answer: Answer) => Content,
) {
  const isOpen = outcome === undefined || mistakes.size > 0
  return html`<section
    class="stack"
    id="${mistakes.size > 0 ? 'nothing' : 'result'}"
    tabindex="-1"
    aria-label="${label}"
  >
    ${
      isOpen
        ? html`<div class="empty">
            <h2>${desk.say('nothingYet')}</h2>
            <p>${empty}</p>
          </div>`
        : 'answer' in outcome
          ? answerView(outcome.answer)
          : troubleView(desk, outcome.trouble, { retry: 'ask' })
    }
  </section>`
}
