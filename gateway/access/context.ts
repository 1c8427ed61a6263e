import type { Capability } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import { type FieldError, GatewayFailure, repeatable } from '#gateway/failure.ts'
import type { Actor } from '#gateway/ledger/evidence.ts'
import { expandPath } from './agreements.ts'
import type { Cases } from './cases.ts'
import type { Caller } from './members.ts'

export type Header = (name: string) => string | undefined

/** Where, who and why. */
export interface Standing {
  readonly purpose: string
  readonly counter: string
  /** An opaque id, never a civil servant's number. */
  readonly officer: string
  /** Who says who the officer is: the caller's token, or the caller. */
  readonly identity: 'verified' | 'asserted'
}

/** What every question about a person must say. */
export interface Context extends Standing {
  /** Open, and the caller's own. */
  readonly case: string
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

/** Has the caller said anything of where, who and why? Then all of it must be said. */
export const hasContext = (header: Header): boolean =>
  Object.keys(contextHeaders).some(name => header(name) !== undefined)

/** Reads the context, naming every missing or malformed header at once; the case must be open and the member's own. */
export async function readContext(header: Header, caller: Caller, cases: Cases): Promise<Context> {
  const given = readHeaders(vouched(header, caller), [
    'Mpp-Purpose',
    'Mpp-Counter',
    'Mpp-Officer',
    'Mpp-Case',
  ])
  const found = cases.find(given['Mpp-Case'], caller.member.id)
  const { id } = found instanceof Promise ? await found : found
  return { ...standingOf(given, caller), case: id }
}

/** Who asked, where and why, as the row of a refusal tells it: what fits its form, whatever is wrong with the rest. */
export const askerOf = (header: Header, caller: Caller) => ({
  ...actorOf(header, caller),
  counter: caller.counter ?? fitting(header, 'Mpp-Counter'),
  purpose: fitting(header, 'Mpp-Purpose'),
  case: fitting(header, 'Mpp-Case'),
})

/** Who acts, as the ledger tells it: a person too, where the token vouches for one or the caller names one that could be. */
export function actorOf(header: Header, { member, keyId, officer }: Caller): Actor {
  const named = officer ?? fitting(header, 'Mpp-Officer')
  return {
    member: member.id,
    key: keyId,
    ...(named !== undefined && {
      officer: named,
      identity: officer === undefined ? 'asserted' : 'verified',
    }),
  }
}

function fitting(header: Header, name: ContextHeader): string | undefined {
  const value = header(name)
  return value !== undefined && contextHeaders[name].pattern.test(value) ? value : undefined
}

/** The person who acts, of those who ask about no citizen's visit. */
export type Officer = Pick<Standing, 'officer' | 'identity'>

export function readOfficer(header: Header, caller: Caller): Officer {
  const { 'Mpp-Officer': officer } = readHeaders(vouched(header, caller), ['Mpp-Officer'])
  return { officer, identity: caller.officer === undefined ? 'asserted' : 'verified' }
}

/** The context outside of any citizen's visit: a case is neither needed nor read. */
export const readStanding = (header: Header, caller: Caller): Standing =>
  standingOf(readHeaders(vouched(header, caller), ['Mpp-Purpose', 'Mpp-Counter', 'Mpp-Officer']), caller)

/** What the caller's token vouches for need not be said, and cannot be said otherwise. */
function vouched(header: Header, { officer, counter }: Caller): Header {
  if (officer === undefined && counter === undefined) return header
  const known: Readonly<Record<string, string | undefined>> = {
    'Mpp-Officer': officer,
    'Mpp-Counter': counter,
  }
  const errors = Object.entries(known).flatMap(([name, value]) => {
    const said = header(name)
    const contradicts = value !== undefined && said !== undefined && said !== value
    return contradicts ? [{ header: name, detail: 'your token says otherwise: leave the header out' }] : []
  })
  if (errors.length > 0)
    throw new GatewayFailure('INPUT_INVALID', { detail: 'the headers contradict your token', errors })
  return name => known[name] ?? header(name)
}

const standingOf = (
  given: Record<'Mpp-Purpose' | 'Mpp-Counter' | 'Mpp-Officer', string>,
  { officer }: Caller,
): Standing => ({
  purpose: given['Mpp-Purpose'],
  counter: given['Mpp-Counter'],
  officer: given['Mpp-Officer'],
  identity: officer === undefined ? 'asserted' : 'verified',
})

function readHeaders<Name extends ContextHeader>(
  header: Header,
  names: readonly Name[],
): Record<Name, string> {
  const errors: FieldError[] = []
  const entries = names.map(name => {
    const value = header(name)
    const { pattern, expected }: HeaderRule = contextHeaders[name]
    if (value === undefined || !pattern.test(value))
      errors.push({ header: name, detail: `expected: ${expected}` })
    return [name, value]
  })
  if (errors.length > 0) {
    const detail = `missing or malformed: ${errors.map(error => error.header).join(', ')}`
    throw new GatewayFailure('CONTEXT_MISSING', { detail, errors })
  }
  return Object.fromEntries(entries) as Record<Name, string>
}

const shown = (path: string): string =>
  path
    .split('/')
    .map(name => (name === '' || name === '*' ? name : repeatable(name)))
    .join('/')

/** `Mpp-Elements: /fullName, /address` asks for these elements only; it narrows what a query shows. */
export function readAsked(header: Header, capability: Capability): readonly ContractPath[] | undefined {
  const value = header('Mpp-Elements')
  if (!value) return undefined
  if (capability.kind === 'match') {
    const detail = 'leave it out: a match asks for the elements that its body holds'
    throw new GatewayFailure('INPUT_INVALID', { detail, errors: [{ header: 'Mpp-Elements', detail }] })
  }
  const paths = value.split(',').map(path => path.trim())
  const unknown = paths.filter(path => expandPath(path, capability).length === 0)
  if (unknown.length > 0) {
    const detail = `${capability.id} has no element ${unknown.map(shown).join(', ')}`
    throw new GatewayFailure('INPUT_INVALID', {
      detail: 'unknown element',
      errors: [{ header: 'Mpp-Elements', detail }],
    })
  }
  return [...new Set(paths.flatMap(path => expandPath(path, capability)))]
}
