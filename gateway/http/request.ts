/** What every request gets, whatever its route: an id, a language, a line in the log, a figure, and honest errors. */
import { randomUUIDv7 } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { failures } from '#contracts/failures.ts'
import type { Caller, Identify } from '#gateway/access/members.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import { languageOf, problemOf } from './problem.ts'

export interface Environment {
  Variables: {
    requestId: string
    /** Set once the caller is known. */
    caller: Caller | undefined
    failure: GatewayFailure | undefined
  }
  Bindings: HttpBindings
}

/** Gives the request an id, and tells log and metrics how it ended: by route pattern, never by URL. */
export function observed(log: Log, metrics: Metrics): MiddlewareHandler<Environment> {
  return async function observe(c, next) {
    const startedAt = performance.now()
    const requestId = randomUUIDv7()
    c.set('requestId', requestId)
    await next()
    const ms = performance.now() - startedAt
    const failure = c.get('failure')
    const member = c.get('caller')?.member.id
    const route = routePath(c, -1)
    metrics.request({ route, member: member ?? '', code: failure?.code ?? 'OK' }, ms / 1_000)
    log.info(
      {
        requestId,
        method: c.req.method,
        route,
        status: failure ? failures[failure.code].status : c.res.status,
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

/** Lets only known callers pass. */
export function identified(identify: Identify): MiddlewareHandler<Environment> {
  return function identifyCaller(c, next) {
    c.set('caller', identify(c.req.header('authorization')))
    return next()
  }
}

/** Every error as a problem document. A fault of ours is told to the log by class and place, to the caller only by code. */
export function answerError(log: Log) {
  return function toProblem(error: unknown, c: Context<Environment>): Response {
    const failure =
      error instanceof GatewayFailure ? error : new GatewayFailure('INTERNAL_ERROR', {}, { cause: error })
    const requestId = c.get('requestId')
    if (failure.code === 'INTERNAL_ERROR')
      log.error({ requestId, fault: faultOf(failure.cause ?? failure) }, 'fault')
    c.set('failure', failure)
    const problem = problemOf(failure, requestId, languageOf(c.req.header('accept-language')))
    return c.body(JSON.stringify(problem), problem.status as 500, {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.retryAfter !== null && { 'retry-after': String(problem.retryAfter) }),
      ...(failure.facts.allow && { allow: failure.facts.allow.join(', ') }),
      ...(failure.code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
    })
  }
}

/** Tells a wrong method from a wrong address. */
export function unmatched(methodsAt: (path: string) => readonly string[]) {
  return function toFailure(c: Context<Environment>): never {
    const allow = methodsAt(c.req.path)
    if (allow.length === 0) throw new GatewayFailure('ROUTE_UNKNOWN', { detail: 'no such route: see /docs' })
    throw new GatewayFailure('METHOD_NOT_ALLOWED', { allow, detail: `allowed here: ${allow.join(', ')}` })
  }
}
