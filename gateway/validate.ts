import type { z } from 'zod'
import { type Capability, isPersonal } from '#contracts/capability.ts'
import { isSynthetic } from '#contracts/identifiers.ts'
import { GatewayFailure, repeatable } from './failure.ts'

/** Whose data this gateway may ask for: citizens', or the synthetic people of province 99. Never both. */
export type Identities = 'real' | 'synthetic'

/** The input as the capability declares it, or every offending field at once. */
export function validateInput(
  capability: Capability,
  body: unknown,
  identities: Identities,
): Record<string, unknown> {
  const input = capability.input.safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const misplaced = capability
    .subjects(input.data)
    .filter(subject => isPersonal(subject) && isSynthetic(subject.value) !== (identities === 'synthetic'))
  if (misplaced.length > 0) {
    const detail = misplacedDetail[identities]
    throw new GatewayFailure('INPUT_INVALID', {
      detail,
      errors: misplaced.map(({ value }) => ({ pointer: fieldOf(value, input.data), detail })),
    })
  }
  return input.data
}

const misplacedDetail: Readonly<Record<Identities, string>> = {
  real: 'province 99 and plates of region X are synthetic: this gateway asks about real people only',
  synthetic:
    'this gateway is on trial: it asks about synthetic people (province 99, plates of region X) only',
}

/** A NIK of the other kind is refused here as it is among questions. */
export function checkNik(nik: string, identities: Identities): void {
  if (isSynthetic(nik) === (identities === 'synthetic')) return
  const detail = misplacedDetail[identities]
  throw new GatewayFailure('INPUT_INVALID', { detail, errors: [{ pointer: '/nik', detail }] })
}

const fieldOf = (value: string, input: Readonly<Record<string, unknown>>): string =>
  pointer(Object.keys(input).filter(key => input[key] === value))

/** Every issue of a schema as a field error. */
export const inputInvalid = ({ issues }: z.ZodError): GatewayFailure =>
  new GatewayFailure('INPUT_INVALID', {
    detail: 'the input does not fit',
    errors: issues.flatMap(issue =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => ({ pointer: pointer([...issue.path, key]), detail: 'no such field' }))
        : [{ pointer: pointer(issue.path), detail: issue.message }],
    ),
  })

const pointer = (path: readonly PropertyKey[]): string =>
  path.map(key => `/${typeof key === 'number' ? key : repeatable(String(key))}`).join('')
