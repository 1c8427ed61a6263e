/**
 * What can be done at the board. Each act has a page that says what it will do, asks why, and does it once that is confirmed; it
 * is done by the function that the API calls, and on record through it.
 */
import type { z } from 'zod'
import type { Caller } from '#gateway/access/members.ts'
import type { Header } from '#gateway/access/context.ts'
import type { FieldError } from '#gateway/failure.ts'
import type { Actor } from '#gateway/ledger/evidence.ts'
import type { Content } from '#gateway/pages/document.ts'
import { html } from 'hono/html'
import type { Look, Tab } from '../view.ts'
import type { Words } from '../words.ts'

/** What was typed in, by field. */
export type Typed = Readonly<Record<string, string>>

/** Who acts. */
export interface Hand {
  readonly caller: Caller
  readonly by: Actor & { readonly officer: string }
  /** The context as it would be sent with a request: the officer, and what was typed in. */
  readonly header: (more?: Readonly<Record<string, string>>) => Header
  /** The hidden field without which a form is refused. */
  readonly formToken: Content
}

export interface Act {
  /** Below `/ops`; its form is sent to the same. */
  readonly path: string
  readonly tab: Tab
  /** The name of the act, and of its button. */
  readonly word: keyof Words
  readonly isDangerous?: boolean
  /** What it will do, to what. @throws ROUTE_UNKNOWN */
  readonly says: (look: Look) => Promise<Content> | Content
  readonly fields: (look: Look, typed: Typed) => readonly Field[]
  /** Where it goes on from there, and back to. */
  readonly back: (look: Look) => string
  /** Does it. @throws GatewayFailure, Mistyped. What it gives back is shown instead of the way back. */
  readonly run: (typed: Typed, hand: Hand, look: Look) => Promise<Content | undefined>
}

export interface Field {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly type?: 'text' | 'area' | 'instant' | 'choice' | 'check' | 'hidden'
  readonly choices?: readonly (readonly [value: string, label: string, hint?: string])[]
  readonly isOptional?: boolean
  readonly value?: string | undefined
  /** As it stands in the API's input, where that is another name. */
  readonly pointer?: string
}

/** What does not fit, by field. */
export class Mistyped extends Error {
  override readonly name = 'Mistyped'
  readonly mistakes: ReadonlyMap<string, string>

  constructor(mistakes: ReadonlyMap<string, string>) {
    super('what was typed does not fit')
    this.mistakes = mistakes
  }
}

/** The input as the API's own schema reads it. @throws Mistyped */
export function readTyped<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new Mistyped(
    new Map(parsed.error.issues.map(({ path, message }) => [path.map(String).join('.'), message])),
  )
}

/** By field, what a failure says of the input. */
export const mistakesIn = (errors: readonly FieldError[] = []): ReadonlyMap<string, string> =>
  new Map(
    errors.flatMap(({ pointer, header, detail }) => {
      const place = pointer?.slice(1).replaceAll('/', '.') ?? header
      return place === undefined ? [] : [[place, detail]]
    }),
  )

/** Only what was typed. */
export const given = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined)

export function fieldOf(
  field: Field,
  typed: Typed,
  mistakes: ReadonlyMap<string, string>,
  optional: string,
): Content {
  const { name, label, hint, type = 'text', choices = [], isOptional = false } = field
  const value = typed[name] ?? field.value ?? ''
  const mistake = mistakes.get(field.pointer ?? name)
  const describedBy = [hint && `${name}-hint`, mistake && `${name}-mistake`].filter(Boolean).join(' ')
  const described = describedBy ? html`aria-describedby="${describedBy}"` : ''
  const invalid = mistake ? html`aria-invalid="true"` : ''
  const below = [
    hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : '',
    mistake ? html`<p class="mistake" id="${name}-mistake">${mistake}</p>` : '',
  ]
  switch (type) {
    case 'hidden':
      return html`<input type="hidden" name="${name}" value="${value}" />`
    case 'check':
      return html`<div class="field">
        <label class="choice"
          ><input
            type="checkbox"
            name="${name}"
            value="yes"
            ${value === 'yes' ? 'checked' : ''}
            ${described}
            ${invalid}
          /><span>${label}</span></label
        >${below}
      </div>`
    case 'choice':
      return html`<fieldset ${described}>
        <legend>${label}</legend>
        <div>
          ${choices.map(
            ([choice, text, more]) =>
              html`<label class="choice"
                ><input
                  type="radio"
                  name="${name}"
                  value="${choice}"
                  ${choice === value ? 'checked' : ''}
                  required
                /><span>${text}${more ? html`<br /><small class="quiet">${more}</small>` : ''}</span></label
              >`,
          )}
        </div>
        ${below}
      </fieldset>`
    default: {
      const attributes = html`id="${name}" name="${name}" ${isOptional ? '' : 'required'} ${described}
      ${invalid}`
      return html`<div class="field">
        <label for="${name}"
          >${label}${isOptional ? html` <span class="quiet">(${optional})</span>` : ''}</label
        >
        ${type === 'area' ? html`<textarea ${attributes} maxlength="500">${value}</textarea>` : html`<input ${attributes} type="${type === 'instant' ? 'datetime-local' : 'text'}" value="${value}" autocomplete="off" />`}
        ${below}
      </div>`
    }
  }
}

export const reasonField = ({ say }: Look): Field => ({
  name: 'reason',
  label: say('reason'),
  hint: say('reason-hint'),
  type: 'area',
})
