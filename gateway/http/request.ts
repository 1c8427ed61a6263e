/** What every request gets, whatever its route: an id, a language, a line in the log, a figure, and honest errors. */
import { randomUUIDv7 } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { routePath } from 'hono/route'
import { failures } from '#contracts/failures.ts'
import { actorOf } from '#gateway/access/context.ts'
import type { Door } from '#gateway/access/door.ts'
import type { Caller, Role } from '#gateway/access/members.ts'
import { failureOf, GatewayFailure } from '#gateway/failure.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Tracing } from '#gateway/ops/tracing.ts'
import { languageOf, problemAnswer } from './problem.ts'

export interface Environment {
  Variables: {
    requestId: string
    /** Set once the caller is known. */
    caller: Caller | undefined
    /** What every answer to a known caller says of its rate limit. */
    rateLimit: Record<string, string> | undefined
    failure: GatewayFailure | undefined
  }
  Bindings: HttpBindings
}

export interface Observers {
  readonly log: Log
  readonly metrics: Metrics
  readonly tracing: Tracing
  /** The capability that a route is for; undefined: none. */
  readonly capabilityOf: (route: string) => string | undefined
}

/** Gives the request an id, and tells log, metrics and trace how it ended: by route pattern, never by URL. */
export function observed({ log, metrics, tracing, capabilityOf }: Observers): MiddlewareHandler<Environment> {
  return function observe(c, next) {
    const request = (): Promise<void> => answered(c, next)
    return tracing.within('request', {}, request, () => c.req.header('traceparent'))
  }

  async function answered(c: Context<Environment>, next: Next): Promise<void> {
    const startedAt = performance.now()
    const requestId = randomUUIDv7()
    c.set('requestId', requestId)
    await next()
    const ms = performance.now() - startedAt
    const failure = c.get('failure')
    const member = c.get('caller')?.member.id
    const route = routePath(c, -1)
    if (failure?.code === 'UNAUTHENTICATED') metrics.unknownCaller(failure.facts.reason)
    const capability = capabilityOf(route)
    const code = failure?.code ?? 'OK'
    const status = failure ? failures[failure.code].status : c.res.status
    const { method } = c.req
    metrics.request({ route, capability: capability ?? '', member: member ?? '', code }, ms / 1_000)
    tracing.note({ method, route, capability, member, code, status })
    log.info(
      {
        requestId,
        method,
        route,
        status,
        ms: Math.round(ms * 1_000) / 1_000,
        ...(member && { member }),
        ...(failure && {
          code: failure.code,
          reason: failure.facts.reason,
          upstream: failure.source,
          upstreamCode: failure.facts.upstreamCode,
          sent: failure.sent,
        }),
      },
      'request',
    )
  }
}

/** Lets known callers pass that hold one of these roles, or any where none is named, as often as their member may. */
export function identified(
  { identify, takeRequest, refuseRole }: Door,
  ...needed: readonly Role[]
): MiddlewareHandler<Environment> {
  function admit(c: Context<Environment>, caller: Caller, next: Next): Promise<void> {
    c.set('caller', caller)
    const { headers, failure } = takeRequest(caller.member)
    c.set('rateLimit', headers)
    if (failure) throw failure
    if (needed.length > 0 && !needed.some(role => caller.roles.includes(role)))
      return refuseRole(
        actorOf(name => c.req.header(name), caller),
        needed,
        routePath(c, -1),
      )
    return next()
  }
  return function identifyCaller(c, next) {
    const caller = identify(c.req.header('authorization'))
    return caller instanceof Promise ? caller.then(known => admit(c, known, next)) : admit(c, caller, next)
  }
}

/** Every error as a problem document. A fault of ours is told to the log by class and place, to the caller only by code. */
export function answerError(log: Log) {
  return function toProblem(error: unknown, c: Context<Environment>): Response {
    const failure = failureOf(error)
    const requestId = c.get('requestId')
    if (failure.code === 'INTERNAL_ERROR')
      log.error({ requestId, fault: faultOf(failure.cause ?? failure) }, 'fault')
    c.set('failure', failure)
    const language = languageOf(c.req.header('accept-language'))
    const { status, headers, body } = problemAnswer(failure, requestId, language)
    return c.body(body, status as 500, { ...headers, ...c.get('rateLimit') })
  }
}

/** Tells a wrong method from a wrong address. */
export function unmatched(methodsAt: (path: string) => readonly string[]) {
  return function toFailure(c: Context<Environment>): GatewayFailure {
    const allow = methodsAt(c.req.path)
    if (allow.length === 0) return new GatewayFailure('ROUTE_UNKNOWN', { detail: 'no such route: see /docs' })
    return new GatewayFailure('METHOD_NOT_ALLOWED', { allow, detail: `allowed here: ${allow.join(', ')}` })
  }
}
