import type { Capability } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import { type FieldError, GatewayFailure } from '#gateway/failure.ts'
import type { Case } from '#gateway/store/store.ts'
import { expandPath } from './agreements.ts'
import type { Cases } from './cases.ts'

export type Header = (name: string) => string | undefined

/** Where, who and why: what every question about a person must say. */
export interface Context {
  readonly purpose: string
  readonly counter: string
  /** An opaque id, never a civil servant's number. */
  readonly officer: string
  readonly case: Case
  /** Elements asked for by name: `Mpp-Elements` narrows what a query shows. */
  readonly asked: readonly ContractPath[] | undefined
}

interface HeaderRule {
  readonly pattern: RegExp
  readonly expected: string
}

/** Sixteen digits, however dotted, are a NIK or a NIP (a civil servant's number): neither may travel in a header. */
const name = /^(?!(\D*\d){16})[\w.:-]{1,64}$/

/** The context headers and what each must look like. */
export const contextHeaders = {
  'Mpp-Purpose': {
    pattern: /^(?!(\D*\d){16})(?=.{1,64}$)[a-z0-9]+([.-][a-z0-9]+)*$/,
    expected: 'a purpose code such as skck.new',
  },
  'Mpp-Counter': { pattern: name, expected: 'the counter, 1 to 64 letters, digits or . : _ -' },
  'Mpp-Officer': {
    pattern: name,
    expected: "the officer's opaque id, 1 to 64 letters, digits or . : _ - (never a NIK or NIP)",
  },
  'Mpp-Case': { pattern: /^[\w-]{1,64}$/, expected: 'the case, as POST /v1/cases returned it' },
} as const satisfies Record<string, HeaderRule>

type ContextHeader = keyof typeof contextHeaders

/** Reads the context, naming every missing or malformed header at once; the case must be open and the member's own. */
export async function readContext(
  header: Header,
  capability: Capability,
  member: string,
  cases: Cases,
): Promise<Context> {
  const errors: FieldError[] = []
  const read = (headerName: ContextHeader): string => {
    const value = header(headerName)
    const { pattern, expected }: HeaderRule = contextHeaders[headerName]
    if (value === undefined || !pattern.test(value))
      errors.push({ header: headerName, detail: `expected: ${expected}` })
    return value ?? ''
  }
  const purpose = read('Mpp-Purpose')
  const counter = read('Mpp-Counter')
  const officer = read('Mpp-Officer')
  const caseId = read('Mpp-Case')
  if (errors.length > 0) {
    const detail = `missing or malformed: ${errors.map(error => error.header).join(', ')}`
    throw new GatewayFailure('CONTEXT_MISSING', { detail, errors })
  }
  const found = cases.find(caseId, member)
  return {
    purpose,
    counter,
    officer,
    case: found instanceof Promise ? await found : found,
    asked: readAsked(header('Mpp-Elements'), capability),
  }
}

/** `Mpp-Elements: /fullName, /address` asks for these elements only. */
function readAsked(value: string | undefined, capability: Capability): readonly ContractPath[] | undefined {
  if (!value) return undefined
  if (capability.kind === 'match') {
    const detail = 'leave it out: a match asks for the elements that its body holds'
    throw new GatewayFailure('INPUT_INVALID', { detail, errors: [{ header: 'Mpp-Elements', detail }] })
  }
  const paths = value.split(',').map(path => path.trim())
  const unknown = paths.filter(path => expandPath(path, capability).length === 0)
  if (unknown.length > 0) {
    const detail = `${capability.id} has no element ${unknown.map(path => path.slice(0, 64)).join(', ')}`
    throw new GatewayFailure('INPUT_INVALID', {
      detail: 'unknown element',
      errors: [{ header: 'Mpp-Elements', detail }],
    })
  }
  return [...new Set(paths.flatMap(path => expandPath(path, capability)))]
}
