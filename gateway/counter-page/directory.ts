/** What the gateway tells everyone, in one language: services, and who the agencies are. Read over HTTP, kept for a minute. */
import { GatewayUnreachable } from '#gateway/client/client.ts'
import type { Catalogue } from '#gateway/catalogue/catalogue.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { PublicService } from '#gateway/services/views.ts'

export interface Directory {
  readonly services: readonly PublicService[]
  /** What the institution behind an upstream is called; the gateway itself is `gateway`. */
  agencyOf(upstream: string): string
}

const keptMs = 60_000

export function createDirectory(gatewayUrl: string, now: () => number) {
  const kept = new Map<Language, { readonly until: number; readonly directory: Promise<Directory> }>()

  async function read<Body>(path: string, language: Language): Promise<Body> {
    const response = await fetch(gatewayUrl + path, {
      headers: { 'accept-language': language, accept: 'application/json' },
      signal: AbortSignal.timeout(10_000),
    }).catch(() => {
      throw new GatewayUnreachable('connection', { sent: 'no' })
    })
    if (!response.ok) throw new GatewayUnreachable('unreadable', { status: response.status })
    return (await response.json()) as Body
  }

  async function load(language: Language): Promise<Directory> {
    const [{ services }, { upstreams }] = await Promise.all([
      read<{ services: readonly PublicService[] }>('/v1/services', language),
      read<Pick<Catalogue, 'upstreams'>>('/capabilities', language),
    ])
    const agencies = new Map(upstreams.map(({ id, agency }) => [id, agency]))
    agencies.set('gateway', { id: 'Gerbang mal', en: "The mall's gateway" }[language])
    return { services, agencyOf: upstream => agencies.get(upstream) ?? upstream }
  }

  return async function directory(language: Language): Promise<Directory> {
    const known = kept.get(language)
    if (known && now() < known.until) return known.directory
    const loading = load(language)
    kept.set(language, { until: now() + keptMs, directory: loading })
    try {
      return await loading
    } catch (error) {
      kept.delete(language)
      throw error
    }
  }
}
