import { readdir } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { type Adapter, contractVersion } from '#contracts/adapter.ts'
import type { Problem } from '#gateway/settings/read-yaml.ts'

export interface Discovered {
  readonly adapters: ReadonlyMap<string, Adapter>
  /** Every adapter that cannot be used, and why. */
  readonly problems: readonly Problem[]
}

const members = ['id', 'title', 'trust', 'config', 'policy', 'operations'] as const

/** Finds the adapters by scanning a folder: `<folder>/<id>/adapter.ts`. There is no list to edit. */
export async function discoverAdapters(folder: string): Promise<Discovered> {
  const adapters = new Map<string, Adapter>()
  const problems: Problem[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const { name } of entries.filter(entry => entry.isDirectory())) {
    const path = `adapters/${name}/adapter.ts`
    try {
      const { default: adapter } = (await import(pathToFileURL(`${folder}/${name}/adapter.ts`).href)) as {
        default?: Adapter
      }
      const expected = expectedOf(adapter, name)
      if (expected) problems.push({ path, expected })
      else adapters.set(name, adapter!)
    } catch (error) {
      problems.push({ path, expected: `a module that loads: ${(error as Error).message}` })
    }
  }
  return { adapters, problems }
}

/** What the module should have been, when it is not an adapter that this gateway can use. */
function expectedOf(
  adapter: { [Key in keyof Adapter]?: unknown } | undefined,
  folderName: string,
): string | undefined {
  if (!adapter) return 'a default export made by defineAdapter'
  if (adapter.contract !== contractVersion)
    return `contract version ${contractVersion}, not ${String(adapter.contract)}`
  const missing = members.filter(member => adapter[member] === undefined)
  if (missing.length > 0) return `an adapter with ${missing.join(', ')}`
  return adapter.id === folderName
    ? undefined
    : `the folder's name ${folderName} as id, not ${String(adapter.id)}`
}
