/** The catalogue for a browser: one file, no script, nothing from elsewhere. */
import { hash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { Language } from '#gateway/http/problem.ts'
import type { Catalogue } from './catalogue.ts'
import { type Cell, type Table, tablesIn } from './tables.ts'
import { kindWords, trustWords, words } from './words.ts'

const stylesheet = `
:root { color-scheme: light dark }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif }
h2 { margin-top: 3rem }
h3 { margin-top: 2.5rem; padding-top: 0.5rem; border-top: 1px solid }
.table { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; min-width: 100% }
caption { text-align: start; font-weight: bold; padding: 0.25rem 0 }
th, td { text-align: start; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere }
mark { padding: 0 0.4em; border-radius: 0.25em; background: light-dark(#ffe08a, #6b4e00); color: light-dark(#3a2a00, #fff3cf) }
`

/** Whole, byte for byte: its hash is in the policy. */
const style = raw(`<style>${stylesheet}</style>`)

/** What a policy has to allow for the page's own stylesheet, and nothing else. */
export const stylesheetSource = `'sha256-${hash('sha256', stylesheet, 'base64')}'`

export function capabilityPage(language: Language, { capabilities, notices, upstreams }: Catalogue) {
  const say = (key: keyof typeof words): string => words[key][language]
  const tables = tablesIn(language)
  const notes = (sources: readonly { readonly trust: keyof typeof trustWords }[]) => [
    sources.some(({ trust }) => trust === 'assumed')
      ? html`<p><mark>${trustWords.assumed[language]}</mark> ${say('assumedNote')}</p>`
      : '',
    sources.some(({ trust }) => trust === 'assisted') ? html`<p>${say('assistedNote')}</p>` : '',
  ]

  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${say('heading')}</title>
        ${style}
      </head>
      <body>
        <header>
          <h1>${say('heading')}</h1>
          <p>${say('introduction')}</p>
        </header>
        <nav aria-label="${say('contents')}">
          <ul>
            ${[...capabilities, ...notices].map(
              ({ id, title }) => html`<li><a href="#${id}">${title}</a></li> `,
            )}
          </ul>
        </nav>
        <main>
          <h2>${say('capabilities')}</h2>
          ${capabilities.map(
            ({ id, kind, title, description, routes, sources, elements }) =>
              html`<section id="${id}">
                <h3>${title}</h3>
                <p><code>${id}</code> · ${kindWords[kind][language]}</p>
                <p>${description}</p>
                <p>${routes.map(({ method, path }) => html`<code>${method} ${path}</code><br />`)}</p>
                ${notes(sources)} ${tableOf(tables.sources(sources), title)}
                ${tableOf(tables.elements(elements), title)}
              </section> `,
          )}
          ${notices.length > 0 ? html`<h2>${say('notices')}</h2>` : ''}
          ${notices.map(
            ({ id, title, description, sources, elements }) =>
              html`<section id="${id}">
                <h3>${title}</h3>
                <p><code>${id}</code> · ${kindWords.notice[language]}</p>
                <p>${description}</p>
                ${notes(sources)} ${tableOf(tables.tellers(sources), title)}
                ${tableOf(tables.elements(elements), title)}
              </section> `,
          )}
          <h2>${say('upstreams')}</h2>
          ${upstreams.map(
            ({ id, agency, policy, skips }) =>
              html`<section id="upstream-${id}">
                <h3>${agency}</h3>
                <p><code>${id}</code></p>
                ${tableOf(tables.policy(policy), agency)}
                ${skips.length > 0 ? tableOf(tables.skips(skips), agency) : ''}
              </section> `,
          )}
        </main>
      </body>
    </html> `
}

/** Wider than a phone, a table scrolls by itself; so that a keyboard can scroll it too, it takes the focus. */
const tableOf = ({ caption, headings, rows }: Table, of: string) =>
  html`<div class="table" role="region" aria-label="${caption}: ${of}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${headings.map(heading => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          cells =>
            html`<tr>
              ${cells.map(cell => html`<td>${cellOf(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`

function cellOf({ text, as }: Cell) {
  if (as === 'code') return html`<code>${text}</code>`
  return as === 'mark' ? html`<mark>${text}</mark>` : text
}
