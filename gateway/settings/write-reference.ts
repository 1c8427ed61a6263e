/** Writes the documents in `docs/` that are made from code; part of `npm run fix`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capabilityReference } from '#gateway/catalogue/reference.ts'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { configurationReference } from './reference.ts'

const root = join(import.meta.dirname, '../..')
const { adapters } = await discoverAdapters(join(root, 'adapters'))
writeFileSync(join(root, 'docs/configuration.md'), configurationReference(adapters.values()))
writeFileSync(join(root, 'docs/capabilities.md'), capabilityReference(adapters.values()))
