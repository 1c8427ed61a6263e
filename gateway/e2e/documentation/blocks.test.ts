/** What stands in fences can be pasted: a shell, or a parser, can read all of it, placeholders included. */
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Page, pages } from './pages.ts'

const hasBash = spawnSync('bash', ['--version']).status === 0
if (!hasBash) console.warn('skipped: whether bash can read the commands of the documentation (no bash)')

const blocksIn = (page: Page, language: string): readonly string[] =>
  page.blocks.filter(block => block.language === language).map(({ text }) => text)

const withBlocks = (language: string): readonly Page[] =>
  pages.filter(page => blocksIn(page, language).length > 0)

it.skipIf(!hasBash).each(withBlocks('sh'))('$file: bash can read every block of commands', page => {
  for (const input of blocksIn(page, 'sh')) {
    const { stderr } = spawnSync('bash', ['-n'], { input, encoding: 'utf8' })
    expect(stderr, input).toBe('')
  }
})

it.each(withBlocks('yaml'))('$file: every block of YAML is', page => {
  for (const text of blocksIn(page, 'yaml')) expect(() => parse(text) as unknown, text).not.toThrow()
})

it.each(withBlocks('json'))('$file: every block of JSON is', page => {
  for (const text of blocksIn(page, 'json')) expect(() => JSON.parse(text) as unknown, text).not.toThrow()
})
