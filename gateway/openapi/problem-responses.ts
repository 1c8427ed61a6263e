/** The problem documents that a route can answer with, from the failure table. */
import { type FailureCode, failures } from '#contracts/failures.ts'
import type { Language, Problem } from '#gateway/http/problem.ts'
import { failureCodes } from './schemas.ts'

const unmatched: readonly FailureCode[] = ['ROUTE_UNKNOWN', 'METHOD_NOT_ALLOWED']
const open: readonly FailureCode[] = ['INTERNAL_ERROR']
const known: readonly FailureCode[] = ['UNAUTHENTICATED', 'RATE_LIMITED', 'IDENTITY_UNAVAILABLE', ...open]
/** Who lacks the role is refused, once that is on record. */
const entitled: readonly FailureCode[] = [...known, 'NOT_GRANTED', 'STORE_UNAVAILABLE']
const read: readonly FailureCode[] = [...entitled, 'BODY_MALFORMED', 'BODY_TOO_LARGE', 'INPUT_INVALID']
const ofOrders: readonly FailureCode[] = [
  'IDEMPOTENCY_KEY_MISSING',
  'IDEMPOTENCY_KEY_REUSED',
  'SUBMISSION_UNDER_WAY',
]

/** Which codes can come out of which kind of route. */
export const codesOf = {
  open,
  openResource: [...open, 'ROUTE_UNKNOWN'],
  known,
  knownResource: [...known, 'ROUTE_UNKNOWN'],
  openCase: [...entitled, 'BODY_MALFORMED', 'BODY_TOO_LARGE', 'INPUT_INVALID'],
  eraseSubject: [...entitled, 'BODY_MALFORMED', 'BODY_TOO_LARGE', 'INPUT_INVALID', 'CONTEXT_MISSING'],
  rights: [...entitled],
  figures: [...entitled],
  decide: [...entitled, 'BODY_MALFORMED', 'BODY_TOO_LARGE', 'INPUT_INVALID'],
  reload: [...entitled, 'AGREEMENTS_INVALID'],
  events: [...entitled, 'INPUT_INVALID'],
  operator: [...entitled],
  resend: [
    ...entitled,
    'BODY_MALFORMED',
    'BODY_TOO_LARGE',
    'INPUT_INVALID',
    'CONTEXT_MISSING',
    'ROUTE_UNKNOWN',
  ],
  notices: [...entitled, 'INPUT_INVALID', 'CONTEXT_MISSING', 'QUOTA_SPENT'],
  audit: [...entitled, 'BODY_MALFORMED', 'BODY_TOO_LARGE', 'INPUT_INVALID', 'CONTEXT_MISSING'],
  report: [...entitled, 'INPUT_INVALID'],
  order: [
    ...read,
    'CONTEXT_MISSING',
    'CASE_INVALID',
    'QUOTA_SPENT',
    'IDEMPOTENCY_KEY_MISSING',
    'IDEMPOTENCY_KEY_REUSED',
  ],
  submission: [...entitled, 'INPUT_INVALID', 'CONTEXT_MISSING', 'CASE_INVALID', 'ROUTE_UNKNOWN'],
  submissionAct: [...read, 'CONTEXT_MISSING', 'ROUTE_UNKNOWN', 'SUBMISSION_UNDER_WAY'],
  steer: [...read, 'CONTEXT_MISSING', 'ROUTE_UNKNOWN'],
  rerunAll: [...read, 'CONTEXT_MISSING'],
  attachment: [...entitled, 'BODY_MALFORMED', 'INPUT_INVALID'],
  list: [...entitled, 'INPUT_INVALID'],
  workItem: [...entitled, 'INPUT_INVALID', 'CONTEXT_MISSING', 'ROUTE_UNKNOWN'],
  workTake: [...entitled, 'INPUT_INVALID', 'CONTEXT_MISSING', 'ROUTE_UNKNOWN', 'SUBMISSION_UNDER_WAY'],
  /** A question can end in every way but a wrong address: a new code belongs here by itself. */
  question: failureCodes.filter(
    code => !unmatched.includes(code) && !ofOrders.includes(code) && code !== 'AGREEMENTS_INVALID',
  ),
} satisfies Record<string, readonly FailureCode[]>

export const headerReference = (name: string) => ({ $ref: `#/components/headers/${name}` })

/** One response a status, with an example for each of its codes. */
export function problemResponses(codes: readonly FailureCode[], language: Language) {
  const byStatus = Map.groupBy(codes, code => failures[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map(code => failures[code].title[language]).join(' · '),
        ...(['429', '503'].includes(String(status)) && {
          headers: { 'Retry-After': headerReference('Retry-After') },
        }),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(
              codes.map(code => [code, { $ref: `#/components/examples/${code}` }]),
            ),
          },
        },
      },
    ]),
  )
}

/** An example for every code, once for the whole document. */
export const problemExamples = (language: Language) =>
  Object.fromEntries(
    failureCodes.map(code => [
      code,
      { summary: `${code}: ${failures[code].title[language]}`, value: exampleProblem(code, language) },
    ]),
  )

function exampleProblem(code: FailureCode, language: Language): Problem {
  const { status, title, meaning, retry, circuit } = failures[code]
  const fromAgency = meaning === 'answered' || code.startsWith('UPSTREAM_')
  const noAnswerCame = retry && circuit === 'counts'
  return {
    type: `/errors#${code}`,
    title: title[language],
    status,
    detail: title[language],
    code,
    source: fromAgency || meaning === 'unanswered' ? 'example-agency' : 'gateway',
    sent: noAnswerCame ? 'maybe' : fromAgency ? 'yes' : 'no',
    retryAfter: null,
    auditId: null,
    requestId: '0199a1b2-0000-7000-8000-000000000001',
    ...furtherFacts[code],
  }
}

/** What makes some examples worth reading. */
const furtherFacts: Partial<Record<FailureCode, Partial<Problem>>> = {
  INPUT_INVALID: { errors: [{ pointer: '/nik', detail: 'NIK has 16 digits' }] },
  CONTEXT_MISSING: {
    errors: [{ header: 'Mpp-Purpose', detail: 'expected: a purpose code such as skck.new' }],
  },
  CASE_INVALID: { reason: 'CASE_EXPIRED', errors: [{ header: 'Mpp-Case', detail: 'this case has ended' }] },
  NOT_GRANTED: {
    reason: 'ELEMENT_NOT_GRANTED',
    errors: [{ pointer: '/motherName', detail: 'not granted for this purpose' }],
  },
  RATE_LIMITED: { retryAfter: 2 },
  CIRCUIT_OPEN: { retryAfter: 15 },
}
