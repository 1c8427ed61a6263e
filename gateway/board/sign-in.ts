/** The page on which operators, auditors and monitors sign in: with an API key, or at the mall's identity provider. */
import { html } from 'hono/html'
import type { Language } from '#gateway/http/problem.ts'
import type { Content } from '#gateway/pages/document.ts'
import { type Words, words } from './words.ts'

export interface SignInPage {
  readonly language: Language
  /** Where to go on to. */
  readonly next: string
  /** Why it is shown again. */
  readonly notice?: keyof Words | undefined
  readonly officer?: string | undefined
  readonly mistake?: 'key' | 'officer' | undefined
  /** Who else may vouch. */
  readonly provider?: string | undefined
}

export function signInContent({
  language,
  next,
  notice,
  officer = '',
  mistake,
  provider,
}: SignInPage): Content {
  const say = (key: keyof Words): string => words[key][language]
  const wrong = (field: 'key' | 'officer'): Content => (mistake === field ? html`aria-invalid="true"` : '')
  return html`<h1>${say('sign-in')}</h1>
    ${notice ? html`<p class="notice" data-state="${notice === 'signed-out' ? 'ok' : 'down'}" role="alert">${say(notice)}</p>` : ''}
    ${
      provider
        ? html`<p>
              <a class="button primary" href="/ops/sign-in/oidc">${say('sign-in-with')} ${provider}</a>
            </p>
            <p class="quiet">${say('or')}</p>`
        : ''
    }
    <form method="post" action="/ops/sign-in" class="card stack">
      <input type="hidden" name="next" value="${next}" />
      <div class="field">
        <label for="key">${say('key')}</label>
        <input
          id="key"
          name="key"
          type="password"
          required
          autocomplete="current-password"
          aria-describedby="key-hint"
          ${wrong('key')}
        />
        <p class="hint" id="key-hint">${say('key-hint')}</p>
      </div>
      <div class="field">
        <label for="officer">${say('officer')}</label>
        <input
          id="officer"
          name="officer"
          required
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="64"
          value="${officer}"
          aria-describedby="officer-hint"
          ${wrong('officer')}
        />
        <p class="hint" id="officer-hint">${say('officer-hint')}</p>
      </div>
      <button class="primary">${say('sign-in')}</button>
    </form>`
}

/** Only within the board: an address of somebody else is none. */
export const withinBoard = (path: unknown): string =>
  typeof path === 'string' && /^\/ops(\/[\w./-]*)?(\?[\w=&.%+-]*)?$/.test(path) && !path.includes('//')
    ? path
    : '/ops'
