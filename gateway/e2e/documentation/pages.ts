/** The pages that people read, as the tests of this folder see them. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../start/processes.ts'

export { root }

export interface Page {
  /** Seen from the root: `docs/operators.md`. */
  readonly file: string
  readonly folder: string
  readonly text: string
  /** Without what stands in fences. */
  readonly prose: string
  /** What stands in fences, with the language they name. */
  readonly blocks: readonly { readonly language: string; readonly text: string }[]
  /** What stands between backticks in the prose. */
  readonly spans: readonly string[]
  readonly headings: readonly string[]
  /** Of its headings. */
  readonly anchors: ReadonlySet<string>
}

const fence = /^( *)```(\w*)\n(.*?)^\1```$/gms

export function readPage(file: string): Page {
  const text = readFileSync(join(root, file), 'utf8')
  const prose = text.replaceAll(fence, '')
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!)
  return {
    file,
    folder: dirname(file),
    text,
    prose,
    blocks: [...text.matchAll(fence)].map(([, , language, block]) => ({ language: language!, text: block! })),
    spans: [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!),
    headings,
    anchors: anchorsOf(headings),
  }
}

/** As GitHub makes it. */
export function anchorOf(heading: string): string {
  const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
  return words.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-')
}

function anchorsOf(headings: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const anchor of headings.map(anchorOf)) {
    let unique = anchor
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`
    anchors.add(unique)
  }
  return anchors
}

export const pages: readonly Page[] = globSync(
  ['README.md', '{docs,adapters,deploy}/**/*.md', '{mocks,bench}/README.md'],
  { cwd: root },
)
  .map(file => file.replaceAll('\\', '/'))
  .toSorted()
  .map(readPage)

/** Those that speak of the gateway as it is: not of an agency's wire, of the bench, or of what was decided once. */
export const guides: readonly Page[] = pages.filter(({ file }) =>
  /^(README|adapters\/README|docs\/(?!configuration|capabilities)[\w-]+)\.md$/.test(file),
)
