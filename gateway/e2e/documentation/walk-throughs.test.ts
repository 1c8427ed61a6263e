import { it } from 'vitest'
import { expectWalkThrough, hasShell } from '../demo/walk-through.ts'

it.skipIf(!hasShell).each([['docs/counter-applications.md', 'The first call']])(
  'shows in the demo, command by command, what %s says: %s',
  async (page, section) => {
    await expectWalkThrough(page, section)
  },
)
