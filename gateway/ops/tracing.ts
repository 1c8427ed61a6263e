/**
 * Traces of what the gateway does, for an OpenTelemetry collector. Off unless an endpoint is configured: then the SDK is not
 * even loaded. Nothing of a trace is ever told to an agency.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, SpanContext } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { failureOf } from '#gateway/failure.ts'
import type { Log } from '#gateway/log.ts'
import packageJson from '../../package.json' with { type: 'json' }

/** All that a trace says of anything, and what it is called there. A list of what is allowed: no value of a person, no header, no URL. */
export const factNames = {
  method: 'http.request.method',
  /** The route's pattern. */
  route: 'http.route',
  status: 'http.response.status_code',
  member: 'mpp.member',
  capability: 'mpp.capability',
  upstream: 'mpp.upstream',
  /** `OK`, or the code of a failure. */
  code: 'mpp.code',
  /** Whether anything left the building. */
  sent: 'mpp.sent',
  /** How many upstreams may be asked. */
  candidates: 'mpp.candidates',
  /** Of the shared data: `hit`, `miss`, `joined` or `stale`. */
  shared: 'mpp.shared',
  attempt: 'mpp.attempt',
  /** The order's id. */
  submission: 'mpp.submission',
  /** Which state an order came from or is in. */
  state: 'mpp.state',
} as const

export type Facts = { readonly [Name in keyof typeof factNames]?: string | number | undefined }

/** What there is a span of, its kind, and whether a trace may begin with it: the others are parts of something. */
const spans = {
  request: { kind: 'SERVER', begins: true },
  choose: { kind: 'INTERNAL', begins: false },
  find: { kind: 'INTERNAL', begins: false },
  attempt: { kind: 'CLIENT', begins: false },
  record: { kind: 'INTERNAL', begins: false },
  accept: { kind: 'INTERNAL', begins: false },
  deliver: { kind: 'INTERNAL', begins: true },
} as const

export interface Tracing {
  /**
   * Does the work as a span of its own, within the one under way. What the work throws is how the span ended, by code.
   * `parent` gives the `traceparent` of somebody else's span that this one continues.
   */
  within<Result>(
    name: keyof typeof spans,
    facts: Facts,
    work: () => Result,
    parent?: () => string | undefined,
  ): Result
  /** Says something of the span under way. */
  note(facts: Facts): void
  /** What a later span can name the one under way by; undefined where nobody will see it. */
  readonly origin: string | undefined
  /** The span under way goes back to that one, which is over. */
  linkTo(origin: string | undefined): void
  /** How many spans were told to the collector, or could not be. */
  readonly exported: { readonly ok: number; readonly failed: number }
  /** Tells the collector what is left, for two seconds at most. */
  close(): Promise<void>
}

export const noTracing: Tracing = {
  within: (_name, _facts, work) => work(),
  note() {},
  origin: undefined,
  linkTo() {},
  exported: { ok: 0, failed: 0 },
  async close() {},
}

export interface TraceSettings {
  /** Where spans are posted to, as OTLP in JSON. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
  readonly sampler: {
    /** Whether a span within a trace is sampled as the trace is, whoever began it. */
    readonly followsParent: boolean
    /** Of the others, this share. */
    readonly ratio: number
  }
}

const flushMs = 2_000
const exportMs = 5_000

export async function startTracing(
  settings: TraceSettings,
  log: Pick<Log, 'warn' | 'info'>,
): Promise<Tracing> {
  const [{ ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }, core, resources, sdk, otlp] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  const { url, headers, serviceName, sampler } = settings
  const exported = { ok: 0, failed: 0 }
  const exporter = counting(new otlp.OTLPTraceExporter({ url, headers, timeoutMillis: exportMs }))
  const root = new sdk.TraceIdRatioBasedSampler(sampler.ratio)
  const provider = new sdk.TracerProvider({
    resource: resources.defaultResource().merge(
      resources.resourceFromAttributes({
        'service.name': serviceName,
        'service.version': packageJson.version,
      }),
    ),
    sampler: sampler.followsParent ? new sdk.ParentBasedSampler({ root }) : root,
    spanLimits: { attributeValueLengthLimit: 200 },
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, exportTimeoutMillis: exportMs + 1_000 })],
  })
  const tracer = provider.getTracer(packageJson.name, packageJson.version)
  const underWay = new AsyncLocalStorage<Context>()
  const current = () => {
    const context = underWay.getStore()
    return context && trace.getSpan(context)
  }

  /** Counts what the collector takes, and says when that changes. */
  function counting(inner: SpanExporter): SpanExporter {
    let isTaken = true
    return {
      export(batch, done) {
        inner.export(batch, result => {
          const wasTaken = isTaken
          isTaken = result.code === core.ExportResultCode.SUCCESS
          exported[isTaken ? 'ok' : 'failed'] += batch.length
          if (wasTaken && !isTaken) log.warn({}, 'the collector does not take our traces: they are lost')
          if (!wasTaken && isTaken) log.info({}, 'the collector takes our traces again')
          done(result)
        })
      },
      forceFlush: async () => inner.forceFlush?.(),
      shutdown: () => inner.shutdown(),
    }
  }

  function continued(traceparent: string | undefined): Context | undefined {
    const span = spanContextOf(traceparent)
    return span && trace.setSpanContext(ROOT_CONTEXT, span)
  }

  function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
    const named = traceparent === undefined ? null : core.parseTraceParent(traceparent)
    if (!named || isNumber(named.traceId) || isNumber(named.spanId)) return undefined
    return { ...named, isRemote: true }
  }

  return {
    within(name, facts, work, parent) {
      const { kind, begins } = spans[name]
      const outer = underWay.getStore()
      if (outer ? !trace.getSpan(outer)!.isRecording() : !begins) return work() // part of nothing that is told
      const context = outer ?? continued(parent?.()) ?? ROOT_CONTEXT
      const span = tracer.startSpan(name, { kind: SpanKind[kind], attributes: attributesOf(facts) }, context)
      const fail = (error: unknown): never => {
        const { code, sent } = failureOf(error)
        span.setAttributes(attributesOf({ code, sent }))
        if (isFault(code)) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
        throw error
      }
      const end = <Value>(value: Value): Value => {
        span.end()
        return value
      }
      try {
        const result = underWay.run(trace.setSpan(context, span), work)
        return result instanceof Promise ? (result.then(end, fail) as typeof result) : end(result)
      } catch (error) {
        return fail(error)
      }
    },
    note(facts) {
      const span = current()
      if (!span?.isRecording()) return
      span.setAttributes(attributesOf(facts))
      if (facts.route !== undefined) span.updateName(`${facts.method} ${facts.route}`)
      if (isFault(facts.code)) span.setStatus({ code: SpanStatusCode.ERROR })
    },
    get origin() {
      const span = current()
      if (!span?.isRecording()) return undefined
      const { traceId, spanId } = span.spanContext()
      return `00-${traceId}-${spanId}-01`
    },
    linkTo(origin) {
      const context = spanContextOf(origin)
      if (context) current()?.addLink({ context })
    },
    exported,
    async close() {
      const told = provider.shutdown().catch(() => {})
      await Promise.race([told, sleep(flushMs, undefined, { ref: false })])
    },
  }
}

/** A caller makes its ids up. One of digits alone may be somebody's number: chance makes such a one of two thousand. */
const isNumber = (id: string): boolean => /^\d+$/.test(id)

/** Whether an operator would call it an error: a "no" is none. */
const isFault = (code: string | number | undefined): boolean =>
  code !== undefined && (failures[code as FailureCode]?.status ?? 200) >= 500

function attributesOf(facts: Facts): Record<string, string | number> {
  const attributes: Record<string, string | number> = {}
  for (const name in facts) {
    const value = facts[name as keyof Facts]
    if (value !== undefined) attributes[factNames[name as keyof Facts]] = value
  }
  return attributes
}
