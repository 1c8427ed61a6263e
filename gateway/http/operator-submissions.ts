import type { Context } from 'hono'
import { z } from 'zod'
import { submissionStates } from '#contracts/submission.ts'
import {
  type OperatedSubmission,
  type Operators,
  openStates,
  type Rerun,
  resolutions,
} from '#gateway/delivery/operators.ts'
import { readInput } from './body.ts'
import { operatorOf } from './operator.ts'
import { readPage, writeCursor } from './paging.ts'
import { readParameters, refuseParameters } from './parameters.ts'
import { languageOf } from './problem.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'
import { reasonText } from './submissions.ts'

export interface OperatedAnswer {
  readonly submissions: readonly OperatedSubmission[]
  readonly cursor: string | null
}

export interface RerunAnswer {
  readonly dryRun: boolean
  readonly count: number
  readonly submissions: readonly Rerun[]
  /** There are more that fit. */
  readonly more: boolean
}

const minutes = { least: 0, most: 525_600 }

export const operatedQuery = z.strictObject({
  state: z
    .string()
    .transform(text => text.split(','))
    .pipe(z.array(z.enum(Object.keys(submissionStates) as (keyof typeof submissionStates)[])))
    .optional(),
  upstream: z.string().max(64).optional(),
  capability: z.string().max(64).optional(),
  member: z.string().max(64).optional(),
  case: z.string().max(64).optional(),
  olderThanMinutes: z
    .string()
    .refine(text => /^\d{1,6}$/.test(text) && Number(text) <= minutes.most, {
      error: `expected: a whole number of minutes from ${minutes.least} to ${minutes.most}`,
    })
    .transform(Number)
    .optional(),
})

/** `GET /v1/operator/submissions`: orders of all members, nothing personal; open ones unless states are named. */
export async function listOperated(operators: Operators, c: Context<Environment>): Promise<Response> {
  const { position, limit, rest } = readPage(readParameters(c), 'operated', operatedQuery)
  const { state: states = [...openStates], upstream, olderThanMinutes, ...others } = rest
  const { submissions, next } = await operators.list(
    { ...others, states, upstreams: upstream === undefined ? undefined : [upstream] },
    olderThanMinutes,
    position ?? Number.MAX_SAFE_INTEGER,
    limit,
    languageFor(c),
  )
  const answer: OperatedAnswer = {
    submissions,
    cursor: next === undefined ? null : writeCursor('operated', next),
  }
  return respond(c, 200, answer)
}

export const rerunInput = z.strictObject({
  reason: reasonText,
  nothingHappened: z.boolean().default(false),
})

/** `POST /v1/operator/submissions/{id}/rerun`: a dead order goes on. */
export async function rerunOperated(operators: Operators, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const how = await readInput(c, rerunInput)
  const row = await operators.rerun(c.req.param('id')!, operatorOf(c), how)
  return respond(c, 200, await operators.operated(row, languageFor(c)))
}

export const rerunAllInput = z.strictObject({
  filter: z.strictObject({
    upstream: z.string().max(64).optional(),
    capability: z.string().max(64).optional(),
    member: z.string().max(64).optional(),
    olderThanMinutes: z.int().min(minutes.least).max(minutes.most).optional(),
  }),
  reason: reasonText,
  limit: z.int().min(1).max(1_000).default(100),
  dryRun: z.boolean().default(false),
})

/** `POST /v1/operator/submissions/rerun`: all dead ones that fit, or only which those are. */
export async function rerunAllOperated(operators: Operators, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const { filter, reason, limit, dryRun } = await readInput(c, rerunAllInput)
  const { upstream, olderThanMinutes, ...others } = filter
  const { submissions, more } = await operators.rerunAll(
    { ...others, upstreams: upstream === undefined ? undefined : [upstream] },
    olderThanMinutes,
    operatorOf(c),
    { reason, limit, dryRun },
  )
  const answer: RerunAnswer = { dryRun, count: submissions.length, submissions, more }
  return respond(c, 200, answer)
}

export const resolveInput = z.strictObject({
  outcome: z.enum(resolutions, {
    error:
      'expected: confirmed (done), rejected (the agency says no), accepted (the agency has it) or not-happened (it never arrived, and is sent again)',
  }),
  reference: z.string().trim().min(1).max(100).optional(),
  reason: reasonText,
})

/** `POST /v1/operator/submissions/{id}/resolve`: how it ended, as an operator has found out. */
export async function resolveOperated(operators: Operators, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const resolution = await readInput(c, resolveInput)
  const row = await operators.resolve(c.req.param('id')!, operatorOf(c), resolution)
  return respond(c, 200, await operators.operated(row, languageFor(c)))
}

const languageFor = (c: Context<Environment>) => languageOf(c.req.header('accept-language'))
