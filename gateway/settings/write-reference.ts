/** Writes the documents in `docs/` that are made from code; part of `npm run fix`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capabilityReference } from '#gateway/catalogue/reference.ts'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { configurationReference } from './reference.ts'

const root = join(import.meta.dirname, '../..')
const { adapters, problems } = await discoverAdapters(join(root, 'adapters'))
// One that does not load would be missing from the documents, and nobody would notice.
if (problems.length > 0)
  throw new Error(problems.map(({ file, expected }) => `${file}: expected ${expected}`).join('\n'))
writeFileSync(join(root, 'docs/configuration.md'), configurationReference(adapters.values()))
writeFileSync(join(root, 'docs/capabilities.md'), capabilityReference(adapters.values()))
