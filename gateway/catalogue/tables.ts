/** The catalogue as tables of texts, the same for the page and for the document. */
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { Catalogue, CatalogueElement } from './catalogue.ts'
import { breakerWords, classWords, presenceWords, trustWords, words } from './words.ts'

/** A cell: what it says, and how it is to be seen. */
export interface Cell {
  readonly text: string
  /** `code`: an id or an address. `mark`: to be noticed. */
  readonly as?: 'code' | 'mark'
}

export interface Table {
  readonly caption: string
  readonly headings: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

type Upstream = Catalogue['upstreams'][number]

const code = (text: string): Cell => ({ text, as: 'code' })
const plain = (text: string): Cell => ({ text })

/** The tables in one language; `trusts` may say otherwise how far a contract is to be trusted. */
export function tablesIn(language: Language, trusts: typeof trustWords = trustWords) {
  const say = (text: Text): string => text[language]
  const headings = (...keys: readonly (keyof typeof words)[]) => keys.map(key => say(words[key]))
  const trustCell = (trust: Upstream['trust']): Cell => ({
    text: say(trusts[trust]),
    ...(trust === 'assumed' && { as: 'mark' }),
  })

  return {
    sources: (sources: Catalogue['capabilities'][number]['sources']): Table => ({
      caption: say(words.servedBy),
      headings: headings('upstream', 'agency', 'trust'),
      rows: sources.map(({ upstream, agency, trust }) => [code(upstream), plain(agency), trustCell(trust)]),
    }),
    tellers: (sources: Catalogue['notices'][number]['sources']): Table => ({
      caption: say(words.toldBy),
      headings: headings('upstream', 'agency', 'trust', 'routes'),
      rows: sources.map(({ upstream, agency, trust, path }) => [
        code(upstream),
        plain(agency),
        trustCell(trust),
        code(`POST ${path}`),
      ]),
    }),
    elements: (elements: readonly CatalogueElement[]): Table => ({
      caption: say(words.elements),
      headings: headings('path', 'label', 'dataClass', 'presence'),
      rows: elements.map(({ path, label, dataClass, presence }) => [
        code(path),
        plain(label),
        plain(say(classWords[dataClass])),
        plain(say(presenceWords[presence])),
      ]),
    }),
    policy: ({ deadlineMs, retries, concurrency, breaker }: Upstream['policy']): Table => ({
      caption: say(words.policy),
      headings: headings('deadline', 'retries', 'concurrency', 'breaker'),
      rows: [
        [
          plain(`${deadlineMs} ms`),
          plain(String(retries)),
          plain(String(concurrency)),
          plain(say(breakerWords(breaker))),
        ],
      ],
    }),
    skips: (skips: Upstream['skips']): Table => ({
      caption: say(words.skips),
      headings: headings('check', 'capability', 'reason'),
      rows: skips.map(({ check, capability, reason }) => [
        plain(check),
        capability === undefined ? plain(say(words.all)) : code(capability),
        plain(reason),
      ]),
    }),
  }
}
