/** A collector of OpenTelemetry traces on a free port: it keeps what it is told, and answers as it is told to. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished, vi } from 'vitest'
import type { TraceSettings } from '#gateway/ops/tracing.ts'

export interface ToldSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: Readonly<Record<string, string | number>>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly isError: boolean
}

/** A status; `hang`: it never answers. */
type Manner = number | 'hang'

export interface TraceCollector {
  /** Everything told, as settings of who tells it. */
  readonly settings: TraceSettings
  /** Bodies of the posts so far, whatever was answered. */
  readonly bodies: readonly string[]
  readonly headers: readonly IncomingHttpHeaders[]
  readonly spans: readonly ToldSpan[]
  answers(manner: Manner): void
  /** Resolves with the spans of a name once so many have come. */
  hears(name: string, count?: number): Promise<readonly ToldSpan[]>
}

export async function startCollector(): Promise<TraceCollector> {
  const bodies: string[] = []
  const headers: IncomingHttpHeaders[] = []
  let manner: Manner = 200
  const server = createServer(async (request, response) => {
    bodies.push(await text(request))
    headers.push(request.headers)
    if (manner !== 'hang') response.writeHead(manner, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })

  const collector: TraceCollector = {
    settings: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
      headers: {},
      serviceName: 'mpp-gateway',
      sampler: { followsParent: true, ratio: 1 },
    },
    bodies,
    headers,
    get spans() {
      return bodies.flatMap(spansIn)
    },
    answers(next) {
      manner = next
    },
    hears: (name, count = 1) =>
      vi.waitFor(
        () => {
          const named = collector.spans.filter(span => span.name === name)
          if (named.length < count) throw new Error(`${named.length} spans of ${name}`)
          return named
        },
        { timeout: 15_000, interval: 20 },
      ),
  }
  return collector
}

/** OTLP in JSON, as far as the tests look. */
interface Post {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Wire[] }[] }[]
}

interface Wire extends Omit<ToldSpan, 'attributes' | 'isError' | 'links'> {
  readonly attributes: readonly {
    readonly key: string
    readonly value: { readonly stringValue?: string; readonly intValue?: number }
  }[]
  readonly links?: ToldSpan['links']
  readonly status?: { readonly code?: number }
}

const spansIn = (body: string): ToldSpan[] =>
  (JSON.parse(body) as Post).resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(({ attributes, status, links = [], ...span }) => ({
      ...span,
      links,
      isError: status?.code === 2,
      attributes: Object.fromEntries(
        attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
      ),
    }))
