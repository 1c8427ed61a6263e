import { z } from 'zod'
import { isFinal, type Submission, type SubmissionState, submissionStates } from '#contracts/submission.ts'
import type { Context } from 'hono'
import { readOfficer } from '#gateway/access/context.ts'
import { cancelSubmission } from '#gateway/delivery/cancel.ts'
import type { Show, SubmissionDetail } from '#gateway/delivery/show.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Evidence } from '#gateway/ledger/evidence.ts'
import type { Store } from '#gateway/store/store.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'
import type { Accepted, Submit } from '#gateway/submission.ts'
import { inputInvalid } from '#gateway/validate.ts'
import { readJson } from './body.ts'
import { readPage, writeCursor } from './paging.ts'
import { parametersInvalid, readParameters } from './parameters.ts'
import { languageOf } from './problem.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'

export interface SubmissionsHouse {
  readonly submit: Submit
  /** What can be ordered. */
  readonly capabilities: ReadonlySet<string>
  readonly show: Show
  readonly store: Store
  readonly evidence: Evidence
  /** Resolves when nothing more comes of the order by itself, or the time is over. */
  readonly whenSettled: (id: string, withinMs: number) => Promise<void>
  readonly onCancelled: (row: SubmissionRow) => void
  readonly now: () => number
}

const reasonExpected = 'expected: why, in 3 to 500 characters, naming nobody'

/** All that is told of an order that was kept while the store has nothing to show of it. */
export interface BareSubmission {
  readonly id: string
  readonly state: SubmissionState
}

/** However long a caller would wait. */
const longestWaitSeconds = 30

/** `POST` of an order: 202 and where to look, or its final state at once when it comes within `Prefer: wait=N`, which ends when a person must act. */
export async function postSubmission(
  house: SubmissionsHouse,
  capability: Submission,
  c: Context<Environment>,
): Promise<Response> {
  const header = (name: string) => c.req.header(name)
  const caller = c.var.caller!
  const { id, context, isNew } = await house.submit(capability, { caller, header, body: () => readJson(c) })
  const wait = waitOf(c.req.header('prefer'))
  if (wait > 0) await house.whenSettled(id, wait * 1_000)
  const headers = {
    location: `/v1/submissions/${id}`,
    ...(wait > 0 && { 'preference-applied': `wait=${wait}` }),
    ...(!isNew && { 'idempotency-replayed': 'true' }),
  }
  let state: SubmissionState = 'queued'
  try {
    const row = await house.show.find(id, caller.member.id)
    state = row.state
    const detail = await keptDetail(house, row, context, c)
    return respond(c, isFinal(state) ? 200 : 202, detail, headers)
  } catch (error) {
    // It is kept all the same: a failure would say that it is not.
    if (!(error instanceof GatewayFailure && error.code === 'STORE_UNAVAILABLE')) throw error
    const bare: BareSubmission = { id, state }
    return respond(c, 202, bare, headers)
  }
}

async function keptDetail(
  house: SubmissionsHouse,
  row: SubmissionRow,
  context: Accepted['context'],
  c: Context<Environment>,
): Promise<SubmissionDetail> {
  const caller = c.var.caller!
  const language = languageOf(c.req.header('accept-language'))
  const shownTo = (reader: typeof context | undefined) => house.show.detailOf(row, caller, reader, language)
  // It is kept, though its agreement may have ended since: a refusal would say that it is not.
  return shownTo(context).catch((error: unknown) => {
    if (error instanceof GatewayFailure && error.code === 'NOT_GRANTED') return shownTo(undefined)
    throw error
  })
}

/** RFC 7240; what cannot be read is no preference. */
function waitOf(prefer: string | undefined): number {
  const seconds = Number(/(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?/i.exec(prefer ?? '')?.[1] ?? 0)
  return Math.min(seconds, longestWaitSeconds)
}

export async function getSubmission(house: SubmissionsHouse, c: Context<Environment>): Promise<Response> {
  const detail = await house.show.detail(c.req.param('id')!, {
    caller: c.var.caller!,
    header: name => c.req.header(name),
    language: languageOf(c.req.header('accept-language')),
  })
  return respond(c, 200, detail)
}

const listQuery = z.strictObject({
  case: z.string().max(64).optional(),
  state: z
    .string()
    .transform(text => text.split(','))
    .pipe(z.array(z.enum(Object.keys(submissionStates) as (keyof typeof submissionStates)[])))
    .optional(),
  capability: z.string().max(64).optional(),
})

/** `GET /v1/submissions`: the member's own, newest first. */
export async function listSubmissions(house: SubmissionsHouse, c: Context<Environment>): Promise<Response> {
  const { position, limit, rest } = readPage(readParameters(c), 'submissions', listQuery)
  const { state, ...filter } = rest
  if (filter.capability !== undefined && !house.capabilities.has(filter.capability))
    throw parametersInvalid([
      { parameter: 'capability', detail: `expected: one of ${[...house.capabilities].join(', ')}` },
    ])
  const { submissions, next } = await house.show.list(
    { member: c.var.caller!.member.id, ...filter, states: state },
    position ?? Number.MAX_SAFE_INTEGER,
    limit,
    languageOf(c.req.header('accept-language')),
  )
  return respond(c, 200, {
    submissions,
    cursor: next === undefined ? null : writeCursor('submissions', next),
  })
}

/** Why an agency said no: sealed, and shown to those who say why they look. */
export const rejectionText = z
  .string({ error: reasonExpected })
  .trim()
  .min(3, reasonExpected)
  .max(500, reasonExpected)

/** Why somebody does something to an order; stands in the ledger as it is. */
export const reasonText = rejectionText.regex(/^(?![\s\S]*\d{10})/, {
  error:
    'expected: a reason without a run of 10 or more digits: it stands in the ledger, and must name nobody',
})

export const reasonInput = z.strictObject({ reason: reasonText })

/** `POST /v1/submissions/{id}/cancel` */
export async function cancel(house: SubmissionsHouse, c: Context<Environment>): Promise<Response> {
  const caller = c.var.caller!
  const input = reasonInput.safeParse(await readJson(c))
  if (!input.success) throw inputInvalid(input.error)
  const by = {
    member: caller.member.id,
    key: caller.keyId,
    ...readOfficer(name => c.req.header(name), caller),
  }
  const row = await house.show.find(c.req.param('id')!, caller.member.id)
  const cancelled = await cancelSubmission(house, row, by, input.data.reason)
  house.onCancelled(cancelled)
  const language = languageOf(c.req.header('accept-language'))
  return respond(c, 200, await house.show.detailOf(cancelled, caller, undefined, language))
}
