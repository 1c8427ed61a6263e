import { it } from 'vitest'
import { expectWalkThrough, hasShell } from '../demo/walk-through.ts'

const sections = [
  { page: 'docs/counter-applications.md', section: 'The first call' },
  { page: 'docs/law.md', section: 'Requests and incidents' },
]

it.skipIf(!hasShell).each(sections)(
  'shows in the demo, command by command, what $page says: $section',
  async ({ page, section }) => {
    await expectWalkThrough(page, section)
  },
)
