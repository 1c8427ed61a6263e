/** The page around every view of the board. */
import { html, raw } from 'hono/html'
import { type Content, pageKind } from '#gateway/pages/document.ts'
import { formTokenField } from '#gateway/pages/form-guard.ts'
import { otherLanguage } from '#gateway/pages/language.ts'
import type { Language } from '#gateway/http/problem.ts'
import { boardScript } from './script.ts'
import { boardStyle } from './style.ts'
import type { ShownFragment } from './live.ts'
import type { Look, Tab } from './view.ts'
import { type Words, words } from './words.ts'

const kind = pageKind({ style: boardStyle, script: boardScript })
export const boardHeaders = kind.headers

export interface FrameHouse {
  readonly mall: { readonly name: string; readonly timeZone: string }
}

/** Who is signed in. */
export interface Person {
  readonly member: string
  readonly officer: string
  readonly formToken: string
}

const tabs = [
  ['overview', ''],
  ['alarms', '/alarms'],
  ['orders', '/orders'],
  ['work', '/work'],
  ['shared', '/shared'],
  ['agreements', '/agreements'],
  ['ledger', '/ledger'],
  ['webhooks', '/webhooks'],
] as const satisfies readonly (readonly [Tab, string])[]

const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
  <path
    d="M6 25V13l10-7 10 7v12M12 25v-8h8v8"
    fill="none"
    stroke="currentColor"
    stroke-width="2.6"
    stroke-linejoin="round"
  />
</svg>`

const languageForm = (language: Language, here: string): Content => {
  const { code, name } = otherLanguage(language)
  return html`<form method="post" action="/ops/language">
    <input type="hidden" name="language" value="${code}" /><input type="hidden" name="back" value="${here}" />
    <button class="plain" lang="${code}">${name}</button>
  </form>`
}

/** A page for somebody who has not signed in. */
export function plainPage({
  language,
  title,
  content,
  here = '/ops',
  mallName,
}: {
  readonly language: Language
  readonly title: string
  readonly content: Content
  readonly here?: string
  readonly mallName: string
}) {
  return kind.document({
    language,
    title: `${title} · ${words['board'][language]}`,
    body: html`<header class="topbar">
        <div class="wide">
          <a class="brand" href="/ops"
            >${mark}<span>${words['board'][language]}<small>${mallName}</small></span></a
          >
          ${languageForm(language, here)}
        </div>
      </header>
      <main class="wide narrow stack">${content}</main>`,
  })
}

export interface FrameOptions {
  readonly look: Look
  readonly house: FrameHouse
  readonly person: Person
  readonly tab: Tab
  readonly title: string
  /** This page, as it is linked to. */
  readonly here: string
  readonly isWide?: boolean | undefined
  /** What was done just now. */
  readonly done?: Content
  readonly above?: Content
  /** Either fragments, live … */
  readonly version?: string
  readonly fragments?: readonly ShownFragment[]
  /** … or one content that stays as it is. */
  readonly content?: Content
}

export const tabFragmentId = (tab: 'alarms' | 'work'): string => `tab-${tab}`

export function framedPage({
  look,
  house,
  person,
  tab,
  title,
  here,
  isWide = false,
  done = '',
  above = '',
  version,
  fragments = [],
  content = '',
}: FrameOptions) {
  const { say, language } = look
  const inTabs = new Map(fragments.filter(({ id }) => id.startsWith('tab-')).map(one => [one.id, one.html]))
  const main = fragments.filter(({ id }) => !id.startsWith('tab-'))
  return kind.document({
    language,
    title: `${title} · ${say('board')}`,
    body: html`<a class="skip" href="#content">${say('to-content')}</a>
      <header class="topbar">
        <div class="${isWide ? 'wide all' : 'wide'}">
          <a class="brand" href="/ops"
            >${mark}<span>${say('board')}<small>${house.mall.name}</small></span></a
          >
          ${
            version === undefined
              ? ''
              : html`<p
                  id="live"
                  class="live"
                  role="status"
                  data-live="true"
                  data-on="${say('live')}"
                  data-off="${say('not-live')}"
                >
                  <span data-word>${say('live')}</span>
                </p>`
          }
          ${languageForm(language, here)}
          <form method="post" action="/ops/sign-out" class="who">
            <span class="quiet"
              ><span class="visually-hidden">${say('signed-in-as')} </span>${person.officer} ·
              ${person.member}</span
            >
            ${tokenField(person)}
            <button class="plain">${say('sign-out')}</button>
          </form>
        </div>
        <nav class="${isWide ? 'wide all tabs' : 'wide tabs'}" aria-label="${say('views')}">
          ${tabs.map(
            ([name, path]) =>
              html`<a href="/ops${path}" ${name === tab ? html`aria-current="page"` : ''}
                >${say(`tab-${name}` as keyof Words)}${
                  name === 'alarms' || name === 'work'
                    ? html`<span id="${tabFragmentId(name)}"
                        >${rawHtml(inTabs.get(tabFragmentId(name)))}</span
                      >`
                    : ''
                }</a
              >`,
          )}
        </nav>
      </header>
      <main
        id="content"
        tabindex="-1"
        class="${isWide ? 'wide all stack' : 'wide stack'}"
        ${
          version === undefined
            ? ''
            : html`data-version="${version}" data-at="${look.at}" data-zone="${house.mall.timeZone}"`
        }
      >
        <div id="not-live" class="notice" data-state="down" role="alert" hidden>
          <h2>${say('not-live')}</h2>
          <p>${say('not-live-since')} <time></time>. <a href="${here}">${say('reload')}</a></p>
          <p id="over" hidden>${say('session-over')} <a href="/ops/sign-in">${say('sign-in')}</a></p>
        </div>
        ${
          version === undefined
            ? ''
            : html`<p class="notice without-script">
                <span>${say('without-script')} <a href="${here}">${say('reload')}</a></span>
              </p>`
        }
        ${done}
        <h1 class="${isWide ? 'visually-hidden' : ''}">${title}</h1>
        ${above} ${arranged(main)} ${content}
      </main>`,
  })
}

/** So many tiles that the quiet ones are drawn small. */
const many = 16

/** Below the first fragment, a list stands beside the rest. */
function arranged(fragments: readonly ShownFragment[]): Content {
  const tiles = fragments.filter(({ list }) => list)
  const [first, ...others] = fragments.filter(({ list }) => !list)
  if (tiles.length === 0 || !first) return fragments.map(fragmentOf)
  return [
    fragmentOf(first),
    html`<div class="panorama">
      <ul id="tiles" class="tiles ${tiles.length > many ? 'many' : ''}">
        ${tiles.map(({ id, html: text }) => html`<li id="${id}">${rawHtml(text)}</li>`)}
      </ul>
      ${others.map(fragmentOf)}
    </div>`,
  ]
}

const fragmentOf = ({ id, html: text }: ShownFragment): Content =>
  html`<div id="${id}" class="stack fragment">${rawHtml(text)}</div>`

export const tokenField = ({ formToken }: Pick<Person, 'formToken'>): Content =>
  html`<input type="hidden" name="${formTokenField}" value="${formToken}" />`

/** It was made here, and escaped then. */
const rawHtml = (text = ''): Content => raw(text)
