import { expect } from 'vitest'
import { z } from 'zod'
import { type FailureCode, failures } from '#contracts/failures.ts'

const sent = z.enum(['no', 'maybe', 'yes'])
const code = z.enum(Object.keys(failures) as FailureCode[])

/** A problem document as the API promises it, whole and with nothing more. */
const problemShape = z
  .strictObject({
    type: z.string(),
    title: z.string().min(1),
    status: z.int(),
    detail: z.string().min(1),
    code,
    source: z.string().min(1),
    sent,
    retryAfter: z.int().positive().nullable(),
    auditId: z.uuidv7().nullable(),
    requestId: z.uuidv7(),
    reason: z.string().optional(),
    upstreamCode: z.string().optional(),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().optional(),
          header: z.string().optional(),
          parameter: z.string().optional(),
          file: z.string().optional(),
          path: z.string().optional(),
          expected: z.string().optional(),
          detail: z.string().min(1),
        }),
      )
      .min(1)
      .optional(),
    sources: z
      .array(z.strictObject({ id: z.string(), state: z.union([z.literal('ok'), code]), sent, ms: z.int() }))
      .optional(),
  })
  .refine(problem => problem.status === failures[problem.code].status, {
    error: 'the status is that of the code',
  })
  .refine(problem => problem.type === `/errors#${problem.code}`, {
    error: 'the type points to the code in the catalogue',
  })

/** Every error that any test provokes is checked to be such a document. */
export function expectProblem({ status, headers }: Response, body: unknown): void {
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(problemShape.parse(body).status).toBe(status)
}
