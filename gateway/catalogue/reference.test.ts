import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { capabilityReference } from './reference.ts'

const root = join(import.meta.dirname, '../..')
const { adapters } = await discoverAdapters(join(root, 'adapters'))
const reference = capabilityReference(adapters.values())

it('is what docs/capabilities.md says; "npm run fix" writes it again', () => {
  expect(readFileSync(join(root, 'docs/capabilities.md'), 'utf8')).toBe(reference)
})

it('marks what is assumed', () => {
  const family = reference.split('\n### ').find(section => section.startsWith('Family by family card number'))
  expect(family).toMatch(/^\| `dukcapil` +\| Population registry +\| \*\*assumed\*\* +\|$/m)
})

it('says of an order whose contract is assumed that a person brings it, until that is accepted', () => {
  const report = reference.split('\n### ').find(section => section.includes('`loss-report.file`'))
  expect(report).toMatch(/^\| `polri` +\| National police \| assisted until accepted +\|$/m)
})
