import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Adapter, contractVersion } from '#contracts/adapter.ts'
import type { Problem } from '#gateway/settings/read-yaml.ts'
import { mistakesIn } from './adapter-shape.ts'

export interface Discovered {
  readonly adapters: ReadonlyMap<string, Adapter>
  /** Every adapter that cannot be used, and why. */
  readonly problems: readonly Problem[]
}

/** `.ts` as written, `.js` where the gateway was installed as a package. */
const adapterFile = `adapter${extname(import.meta.filename)}`

/** Finds the adapters by scanning a folder: `<folder>/<id>/adapter.ts`. There is no list to edit. */
export async function discoverAdapters(folder: string): Promise<Discovered> {
  const adapters = new Map<string, Adapter>()
  const problems: Problem[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const { name } of entries.filter(entry => entry.isDirectory())) {
    const file = `adapters/${name}/${adapterFile}`
    try {
      const module = (await import(pathToFileURL(join(folder, name, adapterFile)).href)) as AdapterModule
      const adapter = adapterIn(module)
      if (adapter.id !== name) throw new NoAdapter(`the folder's name ${name} as id, not ${adapter.id}`)
      adapters.set(name, adapter)
    } catch (error) {
      problems.push({ file, path: '', expected: expectationOf(error) })
    }
  }
  return { adapters, problems }
}

/**
 * An adapter kept elsewhere: a path, seen from the folder, or the name of a package installed there.
 * Its default export is the adapter.
 * @throws NoAdapter, which says what it should have been.
 */
export function requireAdapter(specifier: string, folder: string): Adapter {
  try {
    return adapterIn(createRequire(join(folder, 'gateway.yaml'))(specifier) as AdapterModule)
  } catch (error) {
    throw new NoAdapter(expectationOf(error))
  }
}

/** The message says what was expected. */
export class NoAdapter extends Error {
  override readonly name = 'NoAdapter'
}

interface AdapterModule {
  readonly default?: unknown
}

/** @throws NoAdapter when the module is not an adapter that this gateway can use. */
function adapterIn({ default: adapter }: AdapterModule): Adapter {
  if (!adapter) throw new NoAdapter('a default export made by defineAdapter')
  const { contract } = adapter as Partial<Adapter>
  if (contract !== contractVersion)
    throw new NoAdapter(`contract version ${contractVersion}, not ${String(contract)}`)
  const mistakes = mistakesIn(adapter)
  if (mistakes.length > 0) throw new NoAdapter(`an adapter with ${mistakes.join(', ')}`)
  return adapter as Adapter
}

const expectationOf = (error: unknown): string =>
  error instanceof NoAdapter ? error.message : `a module that loads: ${(error as Error).message}`
