import { it } from 'vitest'
import { expectWalkThrough, hasShell } from '../demo/walk-through.ts'

const sections = [
  { page: 'docs/counter-applications.md', section: 'The first call' },
  { page: 'docs/operators.md', section: 'The switches' },
  { page: 'docs/law.md', section: 'Requests and incidents' },
]

it.skipIf(!hasShell).each(sections)(
  'shows in the demo, command by command, what $page says: $section',
  { timeout: 120_000 }, // each command is a process
  async ({ page, section }) => {
    await expectWalkThrough(page, section)
  },
)
