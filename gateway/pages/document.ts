/** A page of the house: one document, its stylesheet and script within it, and a policy that allows exactly those. */
import { hash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { Language } from '#gateway/http/problem.ts'
import { everyPage } from '#gateway/http/security-headers.ts'
import { pageStyle } from './style.ts'

type Html = ReturnType<typeof html>

/** What may stand in a page: a piece of it, text, or several of them. */
export type Content = Html | string | readonly Content[]

export interface Page {
  readonly language: Language
  readonly title: string
  readonly body: Content
}

export interface PageKind {
  /** The whole document. */
  document(page: Page): Html
  /** With every answer of this kind: nothing is cached, framed, or loaded from elsewhere. */
  readonly headers: Readonly<Record<string, string>>
}

/** A small drawing in place of the request for a favicon. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230b5c7d'/%3E%3Cpath d='M7 24V13l9-6 9 6v11M12 24v-7h8v7' fill='none' stroke='%23fff' stroke-width='2.4' stroke-linejoin='round'/%3E%3C/svg%3E"

/**
 * Made once for a kind of page. `style` comes after the house's own; `script` runs when the document has been read, and what
 * it asks, it asks of this server alone.
 */
export function pageKind({ style = '', script = '' }: { style?: string; script?: string } = {}): PageKind {
  const stylesheet = pageStyle + style
  const source = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`
  // Whole, byte for byte: their hashes are in the policy.
  const styleElement = raw(`<style>${stylesheet}</style>`)
  const scriptElement = script === '' ? '' : raw(`<script type="module">${script}</script>`)
  const policy = [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    'img-src data:',
    `style-src ${source(stylesheet)}`,
    ...(script === '' ? [] : [`script-src ${source(script)}`, "connect-src 'self'"]),
  ].join('; ')

  return {
    document: ({ language, title, body }) =>
      html`<!doctype html>
        <html lang="${language}">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>${title}</title>
            <link rel="icon" href="${raw(icon)}" />
            ${styleElement} ${scriptElement}
          </head>
          <body>
            ${body}
          </body>
        </html> `,
    headers: {
      ...everyPage,
      'content-security-policy': policy,
      'cache-control': 'no-store',
      // Not `no-referrer`: with that a browser hides from its own server where a form came from (`Origin: null`).
      'referrer-policy': 'same-origin',
    },
  }
}
