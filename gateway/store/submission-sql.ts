/** What the statements of both databases have in common. */
import { finalStates, isFinal, type SubmissionState, submissionStates } from '#contracts/submission.ts'
import { blockingStates, type SubmissionFilter } from './submissions.ts'

const listed = (states: readonly string[]): string => states.map(state => `'${state}'`).join(', ')

const openStates = (Object.keys(submissionStates) as SubmissionState[]).filter(state => !isFinal(state))

/** Word for word as the partial indexes have it: SQLite knows them by that. */
export const isFinalSql = (column = 'state'): string => `${column} IN (${listed(finalStates)})`
export const isOpenSql = (column = 'state'): string => `${column} IN (${listed(openStates)})`
export const isBlockingSql = (column = 'state'): string => `${column} IN (${listed(blockingStates)})`

/** Named in every statement: the schema of a later gateway may have more. */
export const submissionColumns = `sequence, id, capability, upstream, member, case_id AS "case", purpose, agreement,
  order_key AS "orderKey", subjects, accepted_at AS "acceptedAt", revision, state, awaits, due_at AS "dueAt", attempts,
  taken_by AS "takenBy", since, sealed`

/** Beside the filter's conditions: how a page follows the one before. */
export const pagedBy = ({ oldestFirst = false }: SubmissionFilter) =>
  oldestFirst
    ? { follows: 'sequence >', order: 'sequence ASC' }
    : { follows: 'sequence <', order: 'sequence DESC' }

/** How a database writes the values of a filter, and a column that no index is to be chosen for. */
interface FilterDialect {
  one(value: string | number): string
  oneOf(values: readonly string[]): string
  aside(column: string): string
}

/**
 * The conditions of a filter. The first decides on the index: a page of a case, of a member, or of those that wait for a person
 * costs what is on it.
 */
export function conditionsOf(
  { member, case: visit, upstreams, capability, states, awaits, sinceBefore }: SubmissionFilter,
  { one, oneOf, aside }: FilterDialect,
): readonly string[] {
  const conditions: string[] = []
  const column = (name: string): string => (conditions.length === 0 ? name : aside(name))
  if (visit !== undefined) conditions.push(`${column('case_id')} = ${one(visit)}`)
  // Few wait for a person, whoever ordered them.
  const isForPerson = awaits === 'officer' || awaits === 'operator'
  if (isForPerson) {
    const isIndexed = conditions.length === 0
    conditions.push(`${column('awaits')} = ${one(awaits)}`)
    if (isIndexed) conditions.push(`awaits IN ('officer', 'operator')`)
  }
  if (member !== undefined) conditions.push(`${column('member')} = ${one(member)}`)
  if (awaits !== undefined && !isForPerson) conditions.push(`${column('awaits')} = ${one(awaits)}`)
  if (states !== undefined) {
    const isIndexed = conditions.length === 0 && !states.some(isFinal)
    conditions.push(`${column('state')} ${oneOf(states)}`)
    if (isIndexed) conditions.push(isOpenSql())
  }
  if (upstreams !== undefined) conditions.push(`${aside('upstream')} ${oneOf(upstreams)}`)
  if (capability !== undefined) conditions.push(`${aside('capability')} = ${one(capability)}`)
  if (sinceBefore !== undefined) conditions.push(`${aside('since')} < ${one(sinceBefore)}`)
  return conditions
}
