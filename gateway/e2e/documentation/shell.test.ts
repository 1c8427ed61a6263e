/** Commands that can be pasted: a shell can read each of them, placeholders and all. */
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { pages } from './pages.ts'

const hasBash = spawnSync('bash', ['--version']).status === 0
if (!hasBash) console.warn('skipped: whether bash can read the commands of the documentation (no bash)')

const withCommands = pages.filter(({ blocks }) => blocks.some(({ language }) => language === 'sh'))

it.skipIf(!hasBash).each(withCommands)('$file: bash can read every block of commands', ({ blocks }) => {
  for (const { language, text } of blocks) {
    if (language !== 'sh') continue
    const { stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })
    expect(stderr, text).toBe('')
  }
})
