import { join } from 'node:path'
import { loadSettings } from '../gateway/settings/load.ts'
import type { Settings } from '../gateway/settings/settings.ts'
import { discoverAdapters } from '../gateway/upstream/discovery.ts'

/** The demo's, but for the rate limits: what is measured is the gateway, not them. */
export async function demoSettings(environment: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const { adapters } = await discoverAdapters(join(import.meta.dirname, '../adapters'))
  const path = join(import.meta.dirname, '../config/demo')
  const settings = loadSettings({ path, environment, adapters, isDemo: true })
  const rateLimit = { requests: 1_000_000_000, seconds: 1 }
  return { ...settings, members: settings.members.map(member => ({ ...member, rateLimit })) }
}
