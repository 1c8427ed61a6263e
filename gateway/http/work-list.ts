import type { Context } from 'hono'
import { z } from 'zod'
import { agencyState } from '#contracts/submission.ts'
import { type Header, readOfficer } from '#gateway/access/context.ts'
import type { Hand, WorkItem, WorkItemDetail, WorkList } from '#gateway/delivery/work-list.ts'
import { clockActsByHand } from '#gateway/delivery/work-list.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'
import { readInput } from './body.ts'
import { readPage, writeCursor } from './paging.ts'
import { readParameters, refuseParameters } from './parameters.ts'
import { languageOf } from './problem.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'
import { everyAnswer } from './security-headers.ts'
import { reasonText, rejectionText } from './submissions.ts'

export interface WorkListAnswer {
  readonly items: readonly WorkItem[]
  readonly cursor: string | null
}

/** The states of orders that wait for an officer. */
export const workStates = ['queued', 'sending', 'uncertain', 'accepted'] as const

export const workOrders = ['oldest', 'newest'] as const

export const workListQuery = z.strictObject({
  upstream: z.string().max(64).optional(),
  state: z
    .string()
    .transform(text => text.split(','))
    .pipe(z.array(z.enum(workStates)))
    .optional(),
  case: z.string().max(64).optional(),
  order: z.enum(workOrders).default('oldest'),
})

/** `GET /v1/work-list`: what waits for an officer of the caller's; the citizen who has waited longest comes first. */
export async function listWork(list: WorkList, c: Context<Environment>): Promise<Response> {
  const parameters = readParameters(c)
  // A cursor goes on in its own direction only.
  const oldestFirst = parameters['order'] !== 'newest'
  const name = oldestFirst ? 'work' : 'newest-work'
  const { position, limit, rest } = readPage(parameters, name, workListQuery)
  const { upstream, state, case: visit } = rest
  const { items, next } = await list.list(
    c.var.caller!,
    { upstreams: upstream === undefined ? undefined : [upstream], states: state, case: visit, oldestFirst },
    position ?? (oldestFirst ? 0 : Number.MAX_SAFE_INTEGER),
    limit,
    languageFor(c),
  )
  const answer: WorkListAnswer = { items, cursor: next === undefined ? null : writeCursor(name, next) }
  return respond(c, 200, answer)
}

/** `GET /v1/work-list/{id}`: what was ordered, for those who say where, who and why. */
export async function getWork(list: WorkList, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const answer: WorkItemDetail = await list.detail(idOf(c), c.var.caller!, headerOf(c), languageFor(c))
  return respond(c, 200, answer)
}

/** `GET /v1/work-list/{id}/attachments/{attachment}`: a paper, as it was uploaded. */
export async function getWorkAttachment(list: WorkList, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const attachment = c.req.param('attachment')!
  const { contentType, bytes } = await list.attachment(idOf(c), attachment, c.var.caller!, headerOf(c))
  return c.body(new Uint8Array(bytes), 200, {
    ...everyAnswer,
    'content-type': contentType,
    'content-disposition': 'attachment',
    'cache-control': 'no-store',
    ...c.var.rateLimit,
  })
}

/** `POST /v1/work-list/{id}/take`: from now on it is this officer's. */
export async function takeWork(list: WorkList, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  return respond(c, 200, await shownAfter(list, await list.take(idOf(c), handOf(c)), c))
}

export const releaseInput = z.strictObject({
  acted: z.literal(false, {
    error:
      'expected: false, that nothing was entered at the agency; if anything was, finish it, and if you do not know, look there first',
  }),
  reason: reasonText,
})

/** `POST /v1/work-list/{id}/release`: back on the list. */
export async function releaseWork(list: WorkList, c: Context<Environment>): Promise<Response> {
  const { reason } = await readInput(c, releaseInput)
  return respond(c, 200, await shownAfter(list, await list.release(idOf(c), handOf(c), reason), c))
}

export const finishInput = z
  .strictObject({
    outcome: z.enum(['accepted', 'confirmed', 'rejected'], {
      error: 'expected: accepted (the agency has it), confirmed (done) or rejected (the agency says no)',
    }),
    reference: z.string().trim().min(1).max(100).optional(),
    result: z.record(z.string(), z.unknown()).optional(),
    reason: rejectionText.optional(),
    agencyState: agencyState.optional(),
    clock: z.enum(clockActsByHand).optional(),
  })
  .superRefine(({ outcome, reason, clock }, { addIssue }) => {
    if (clock !== undefined && outcome !== 'accepted')
      addIssue({
        code: 'custom',
        path: ['clock'],
        message: 'only of what is accepted: any other outcome ends the clock',
      })
    const isRejected = outcome === 'rejected'
    if (isRejected === (reason !== undefined)) return
    const message = isRejected
      ? 'expected: why the agency refused, 3 to 500 characters'
      : 'only of what was rejected: leave it out'
    addIssue({ code: 'custom', path: ['reason'], message })
  })

/** `POST /v1/work-list/{id}/finish`: what came of it. */
export async function finishWork(list: WorkList, c: Context<Environment>): Promise<Response> {
  const outcome = await readInput(c, finishInput)
  return respond(c, 200, await shownAfter(list, await list.finish(idOf(c), handOf(c), outcome), c))
}

function handOf(c: Context<Environment>): Hand {
  const caller = c.var.caller!
  const by = { member: caller.member.id, key: caller.keyId, ...readOfficer(headerOf(c), caller) }
  return { caller, by }
}

const shownAfter = (list: WorkList, row: SubmissionRow, c: Context<Environment>): Promise<WorkItem> =>
  list.itemOf(row, c.var.caller!, languageFor(c))

const headerOf =
  (c: Context<Environment>): Header =>
  name =>
    c.req.header(name)
const idOf = (c: Context<Environment>): string => c.req.param('id')!
const languageFor = (c: Context<Environment>) => languageOf(c.req.header('accept-language'))
