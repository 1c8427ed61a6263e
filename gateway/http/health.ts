/**
 * Health as `application/health+json`. `status` is about what is asked for, the HTTP status about the answer: that an agency is
 * down is a good answer.
 */
import type { Context } from 'hono'
import type { Role } from '#gateway/access/members.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Heartbeats } from '#gateway/ops/gateways.ts'
import { healthOf, minuteOf, statusOfAll } from '#gateway/ops/health.ts'
import { type Readiness, readinessAnswer } from '#gateway/ops/readiness.ts'
import type { Upstream } from '#gateway/upstream/upstream.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'

export interface HealthHouse {
  readonly upstreams: readonly Upstream[]
  readonly readiness: () => Readiness
  readonly heartbeats: Heartbeats
  readonly now: () => number
}

const health = { 'content-type': 'application/health+json' }

export const live = (c: Context<Environment>): Response => respond(c, 200, { status: 'pass' }, health)

export function ready({ readiness }: HealthHouse, c: Context<Environment>): Response {
  const answer = readinessAnswer(readiness())
  return respond(c, answer.status === 'fail' ? 503 : 200, answer, health)
}

export function listUpstreams(house: HealthHouse, c: Context<Environment>): Response {
  const upstreams = house.upstreams.map(upstream => healthOf(upstream, viewFor(house, c)))
  return respond(c, 200, { status: statusOfAll(upstreams.map(({ status }) => status)), upstreams }, health)
}

export function getUpstream(house: HealthHouse, c: Context<Environment>): Response {
  const upstream = house.upstreams.find(({ id }) => id === c.req.param('id'))
  if (!upstream) {
    const known = isOverseer(c) ? `: ${house.upstreams.map(({ id }) => id).join(', ')}` : ''
    throw new GatewayFailure('ROUTE_UNKNOWN', { detail: `no such upstream${known}` })
  }
  const lastHour = upstream.lastHour().map(minuteOf)
  return respond(c, 200, { ...healthOf(upstream, viewFor(house, c)), lastHour }, health)
}

const viewFor = ({ heartbeats, now }: HealthHouse, c: Context<Environment>) => ({
  heartbeats,
  now: now(),
  isOverseer: isOverseer(c),
})

const overseers: readonly Role[] = ['operator', 'auditor', 'monitor']
const isOverseer = (c: Context<Environment>): boolean =>
  overseers.some(role => c.var.caller!.roles.includes(role))
