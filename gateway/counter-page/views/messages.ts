import { html } from 'hono/html'
import type { Desk } from '../desk.ts'
import type { Word } from '../words.ts'

const message = ({ say }: Desk, title: Word, text: Word) =>
  html`<section class="card stack narrow">
    <h1>${say(title)}</h1>
    <p>${say(text)}</p>
    <p><a class="button primary" href="/counter">${say('back')}</a></p>
  </section>`

export const absentView = (desk: Desk) => message(desk, 'notHere', 'notHereText')

/** A form that no page of this session made. */
export const refusedFormView = (desk: Desk) => message(desk, 'refusedForm', 'refusedFormText')
