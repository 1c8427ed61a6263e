/** Writes `docs/configuration.md`; part of `npm run fix`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { configurationReference } from './reference.ts'

const root = join(import.meta.dirname, '../..')
const { adapters } = await discoverAdapters(join(root, 'adapters'))
writeFileSync(join(root, 'docs/configuration.md'), configurationReference(adapters.values()))
