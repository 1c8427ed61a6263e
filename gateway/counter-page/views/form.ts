/** Fields, their mistakes, and the way to each of them. */
import { html } from 'hono/html'
import { type Desk } from '../desk.ts'
import type { Field, Values } from '../fields.ts'
import type { Trouble } from '../visit.ts'

/** The fields that the gateway does not take, by pointer, with what it says of each. */
export type Mistakes = ReadonlyMap<string, string>

/** A mistake that belongs to no single field is told at the nearest one. */
export function mistakesOf(trouble: Trouble | undefined, fields: readonly Field[]): Mistakes {
  const errors = trouble && 'errors' in trouble ? trouble.errors : []
  return new Map(
    errors.flatMap(({ pointer, detail }) => {
      if (pointer === undefined) return []
      const field =
        fields.find(field => field.pointer === pointer) ??
        fields.find(field => field.pointer.startsWith(`${pointer}/`) || pointer === '')
      return field ? [[field.pointer, detail] as const] : []
    }),
  )
}

export const idOf = (pointer: string): string => `field${pointer.replaceAll('/', '-')}`

/** Before the fields: how many are wrong and which, each with a link; it takes the focus. */
export function mistakeList({ say, tell }: Desk, fields: readonly Field[], mistakes: Mistakes) {
  if (mistakes.size === 0) return ''
  return html`<div class="notice" data-state="down" role="alert" id="result" tabindex="-1">
    <h2>${say('mistakes')}</h2>
    <ul>
      ${fields
        .filter(({ pointer }) => mistakes.has(pointer))
        .map(({ pointer, label }) => html`<li><a href="#${idOf(pointer)}">${tell(label)}</a></li>`)}
    </ul>
  </div>`
}

export const fieldsView = (desk: Desk, fields: readonly Field[], values: Values, mistakes: Mistakes) =>
  html`<div class="fields">
    ${fields.map(field => fieldView(desk, field, values[field.pointer] ?? '', mistakes.get(field.pointer)))}
  </div>`

function fieldView({ say, tell, language }: Desk, field: Field, value: string, mistake: string | undefined) {
  const { pointer, label, kind = 'text', choices, hint, expected, isOptional = false, longest } = field
  const id = idOf(pointer)
  // The gateway speaks of fields in English; where the field has words of its own, both languages say the same.
  const said = mistake && (expected ? tell(expected) : language === 'en' ? mistake : say('mistakeUsual'))
  const describedBy = [hint && `${id}-hint`, said && `${id}-mistake`].filter(Boolean).join(' ')
  const attributes = html`id="${id}" name="${pointer}" autocomplete="off" ${isOptional ? '' : html`required`}
  ${said ? html`aria-invalid="true"` : ''} ${describedBy && html`aria-describedby="${describedBy}"`}`
  return html`<div class="field" data-kind="${kind}">
    <label for="${id}"
      >${tell(label)}${isOptional ? html` <small class="quiet">(${say('optional')})</small>` : ''}</label
    >
    ${input()} ${hint ? html`<p class="hint" id="${id}-hint">${tell(hint)}</p>` : ''}
    ${said ? html`<p class="mistake" id="${id}-mistake">${said}</p>` : ''}
  </div>`

  function input() {
    if (kind === 'choice')
      return html`<select ${attributes}>
        <option value="">${say('choose')}</option>
        ${Object.entries(choices ?? {}).map(
          ([code, text]) =>
            html`<option value="${code}" ${code === value ? html`selected` : ''}>${tell(text)}</option>`,
        )}
      </select>`
    if (kind === 'lines')
      return html`<textarea ${attributes} maxlength="${longest ?? 2_000}" rows="3">${value}</textarea>`
    const type = { text: 'text', digits: 'text', date: 'date', time: 'time', tel: 'tel' }[kind]
    return html`<input
      ${attributes}
      type="${type}"
      value="${value}"
      ${kind === 'digits' ? html`inputmode="numeric" class="number" spellcheck="false"` : ''}
      maxlength="${longest ?? 300}"
    />`
  }
}
