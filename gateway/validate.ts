import type { z } from 'zod'
import { type Capability, isPersonal, type Subject } from '#contracts/capability.ts'
import { isSynthetic } from '#contracts/identifiers.ts'
import { futureDatesIn } from '#contracts/past-date.ts'
import { bounded, GatewayFailure, repeatable } from './failure.ts'

/** Whose data this gateway may ask for: citizens', or the synthetic people of province 99. Never both. */
export type Identities = 'real' | 'synthetic'

/** The input as the capability declares it, or every offending field at once. `today` is an ISO date in the mall's time zone. */
export function validateInput(
  capability: Capability,
  body: unknown,
  identities: Identities,
  today: string,
): Record<string, unknown> {
  const input = capability.input.safeParse(body)
  const future = [...futureDatesIn(capability.input, body, today)].map(path => ({
    code: 'custom' as const,
    path: [...path],
    message: 'lies in the future',
  }))
  if (!input.success || future.length > 0)
    throw inputInvalid({ issues: [...(input.error?.issues ?? []), ...future] })
  const misplaced = capability.subjects(input.data).filter(subject => isMisplaced(subject, identities))
  if (misplaced.length > 0) {
    const detail = misplacedDetail[identities]
    throw new GatewayFailure('INPUT_INVALID', {
      detail,
      errors: misplaced.map(({ value }) => ({ pointer: fieldOf(value, input.data), detail })),
    })
  }
  return input.data
}

/** Somebody of the other kind: a citizen on trial, or a synthetic person among citizens. */
export const isMisplaced = (subject: Subject, identities: Identities): boolean =>
  isPersonal(subject) && isSynthetic(subject.value) !== (identities === 'synthetic')

/** Among those a record is about. The number of a taxpayer who is no person does not tell of which kind it is. */
export const isMisplacedInRecord = (subject: Subject, identities: Identities): boolean =>
  (subject.type !== 'npwp' || /^[1-9]\d{15}$/.test(subject.value)) && isMisplaced(subject, identities)

/** Why an identity of the other kind is refused. */
export const misplacedDetail: Readonly<Record<Identities, string>> = {
  real: 'province 99 and plates of region X are synthetic: this gateway asks about real people only',
  synthetic:
    'this gateway is on trial: it asks about synthetic people (province 99, plates of region X) only',
}

/** Where a value stands in the input, at any depth; empty where it does not. */
export function fieldOf(value: string, input: unknown, path: readonly PropertyKey[] = []): string {
  if (input === value) return pointer(path)
  if (typeof input !== 'object' || input === null) return ''
  for (const [key, child] of Object.entries(input)) {
    const found = fieldOf(value, child, [...path, Array.isArray(input) ? Number(key) : key])
    if (found !== '') return found
  }
  return ''
}

/** Every issue of a schema as a field error. */
export const inputInvalid = ({ issues }: Pick<z.ZodError, 'issues'>): GatewayFailure =>
  new GatewayFailure('INPUT_INVALID', {
    detail: 'the input does not fit',
    errors: bounded(
      issues.flatMap(issue =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map(key => ({ pointer: pointer([...issue.path, key]), detail: 'no such field' }))
          : [{ pointer: pointer(issue.path), detail: issue.message }],
      ),
    ),
  })

const pointer = (path: readonly PropertyKey[]): string =>
  path.map(key => `/${typeof key === 'number' ? key : repeatable(String(key))}`).join('')
