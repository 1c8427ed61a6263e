/** No link of the documentation leads nowhere. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, it } from 'vitest'
import { pages, readPage, root } from './pages.ts'

/** What is wrong with a link from a page in this folder; undefined: nothing. */
function faultOf(folder: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  const file = posix.join(folder, path)
  if (!existsSync(join(root, file))) return `${target}: there is no ${file}`
  if (anchor === undefined) return undefined
  return readPage(file).anchors.has(anchor) ? undefined : `${target}: ${file} has no #${anchor}`
}

it.each(pages)('$file: every relative link and anchor resolves', ({ file, folder, prose }) => {
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)
  const relative = links.filter(target => !/^[a-z]+:/.test(target))
  const faults = relative.map(target =>
    target.startsWith('#') ? faultOf('.', `${file}${target}`) : faultOf(folder, target),
  )
  expect(faults.filter(fault => fault !== undefined)).toEqual([])
})

it.each(pages)('$file: every file of ours that it names is there', ({ spans }) => {
  const named = spans.filter(span =>
    /^(adapters|bench|config|contracts|deploy|docs|gateway|mocks)\/[\w./-]+\.\w+$/.test(span),
  )
  const ours = named.filter(path => !path.includes('/land-office/')) // the reader's own
  expect(ours.filter(path => !existsSync(join(root, path)))).toEqual([])
})

it('what code, configuration and alert rules say of a page or its section leads there', () => {
  const files = globSync(['{config,deploy}/**/*.yaml', 'gateway/settings/*.ts', 'contracts/*.ts'], {
    cwd: root,
  })
  const faults = files.flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8')
    const links = [...text.matchAll(/\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g)].flatMap(
      ([link]) => faultOf('.', link) ?? [],
    )
    // `docs/operation.md`, Rotating a sealing key
    const sections = [...text.matchAll(/(docs\/[\w-]+\.md)`?, ([A-Z][\w ]+)/g)]
      .filter(([, page, section]) => !readPage(page!).headings.includes(section!))
      .map(([pointer]) => `${pointer}: no such section`)
    return [...links, ...sections].map(fault => `${file}: ${fault}`)
  })
  expect(files.length).toBeGreaterThan(10)
  expect(faults).toEqual([])
})
