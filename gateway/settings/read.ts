import { join } from 'node:path'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { loadSettings } from './load.ts'
import { type ProcessSettings, readProcessSettings } from './process.ts'
import type { Environment, Problem } from './read-yaml.ts'
import type { Settings } from './settings.ts'

/** What a process is configured with: its files and its environment. @throws SettingsInvalid with every problem of both. */
export async function readSettings(
  environment: Environment,
): Promise<{ readonly settings: Settings; readonly process: ProcessSettings }> {
  const problems: Problem[] = []
  const process = readProcessSettings(environment, problems)
  const discovered = await discoverAdapters(join(import.meta.dirname, '../../adapters'))
  const settings = loadSettings({
    path: process.configPath,
    environment,
    adapters: discovered.adapters,
    earlierProblems: [...problems, ...discovered.problems],
  })
  return { settings, process }
}
