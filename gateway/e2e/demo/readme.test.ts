import { it } from 'vitest'
import { expectWalkThrough, hasShell } from './walk-through.ts'

const sections = ['Who sees what', "An order, from the counter to the citizen's reference"]

it.skipIf(!hasShell).each(sections)(
  'shows in the demo, command by command, what the README says: %s',
  { timeout: 120_000 }, // each command is a process
  async section => {
    await expectWalkThrough('README.md', section)
  },
)
