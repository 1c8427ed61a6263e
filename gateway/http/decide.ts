import { z } from 'zod'
import type { ContractPath } from '#contracts/elements.ts'
import { expandPath } from '#gateway/access/agreements.ts'
import { contextHeaders } from '#gateway/access/context.ts'
import { furthest, publicGrant } from '#gateway/access/decide.ts'
import { bounded, GatewayFailure } from '#gateway/failure.ts'
import { inputInvalid } from '#gateway/validate.ts'
import { factsOf, type GrantFacts, type RightsHouse } from './rights.ts'

/** What somebody would ask; nothing of whom it is about. */
export const decideInput = z.strictObject({
  capability: z.string().max(64),
  purpose: z
    .string()
    .regex(contextHeaders['Mpp-Purpose'].pattern, {
      error: `expected: ${contextHeaders['Mpp-Purpose'].expected}`,
    })
    .optional(),
  elements: z.array(z.string().max(256)).min(1).max(500).optional(),
})

/** Whether it would be allowed now: by whom and under which conditions, or why not. */
export type DecisionAnswer =
  | {
      readonly allowed: true
      /** Who would be asked, in this order, and what each may show. */
      readonly upstreams: readonly (GrantFacts & {
        readonly id: string
        readonly elements: readonly ContractPath[]
      })[]
    }
  | {
      readonly allowed: false
      /** As the question itself would be refused: a reason of NOT_GRANTED, or QUOTA_SPENT. */
      readonly reason: string
      readonly detail: string
      /** The elements that are not granted. */
      readonly elements: readonly ContractPath[]
      /** Seconds until the quota's day turns. */
      readonly retryAfter: number | null
    }

/** `POST /v1/decide`: the decision alone. Nothing is sent, counted or kept. */
export async function decideOnly(house: RightsHouse, member: string, body: unknown): Promise<DecisionAnswer> {
  const input = decideInput.safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const { purpose, elements } = input.data
  const capability = house.capabilities.find(({ id }) => id === input.data.capability)
  if (!capability)
    throw invalid([{ pointer: '/capability', detail: 'no such capability: see /capabilities' }])
  const unknown = (elements ?? []).flatMap((path, index) =>
    expandPath(path, capability).length > 0
      ? []
      : [{ pointer: `/elements/${index}`, detail: `${capability.id} has no such element` }],
  )
  if (unknown.length > 0) throw invalid(unknown)

  const asked = elements && [...new Set(elements.flatMap(path => expandPath(path, capability)))]
  const open = capability.kind === 'match' ? undefined : publicGrant(capability, asked)
  const { chosen, refusals } = house.choose({ member, capability: capability.id, purpose, asked, open })
  if (chosen.length === 0) {
    const { reason, detail, elements = [] } = furthest(refusals)
    return { allowed: false, reason, detail, elements, retryAfter: null }
  }
  const upstreams = await Promise.all(
    chosen.map(async ({ upstream, grant }) => ({
      id: upstream.id,
      elements: [...grant.elements],
      ...(await factsOf(grant, purpose, house.quotas)),
    })),
  )
  const spent = upstreams.map(({ quotas }) => quotas.find(({ left }) => left === 0))
  if (spent.includes(undefined)) return { allowed: true, upstreams }
  return {
    allowed: false,
    reason: 'QUOTA_SPENT',
    detail: `today's quota of ${upstreams.map(({ agreement }) => agreement).join(' and ')} is spent`,
    elements: [],
    retryAfter: spent[0]!.secondsUntilTurn,
  }
}

const invalid = (errors: readonly { pointer: string; detail: string }[]) =>
  new GatewayFailure('INPUT_INVALID', { detail: 'the input does not fit', errors: bounded(errors) })
