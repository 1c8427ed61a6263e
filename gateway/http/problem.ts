import { channel } from 'node:diagnostics_channel'
import { type FailureCode, failures } from '#contracts/failures.ts'
import type { Text } from '#contracts/text.ts'
import { type GatewayFailure, textIn } from '#gateway/failure.ts'
import { everyAnswer } from './security-headers.ts'

export type Language = keyof Text

/** Announces the code of every problem that leaves the gateway. */
export const problems = channel('mpp:problem')

/** RFC 9457, `application/problem+json`: every error of this API. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: FailureCode
  readonly source: string
  readonly sent: 'no' | 'maybe' | 'yes'
  readonly retryAfter: number | null
  readonly auditId: string | null
  readonly requestId: string
  readonly reason?: string
  readonly upstreamCode?: string
  readonly errors?: GatewayFailure['facts']['errors']
  readonly sources?: GatewayFailure['facts']['sources']
}

export function problemOf(failure: GatewayFailure, requestId: string, language: Language): Problem {
  const { code, facts } = failure
  const { status, title, circuit } = failures[code]
  // What is wrong with our own access to an agency is the operators' business; a counter learns that it cannot ask now.
  const ours = circuit === 'holds'
  problems.publish(code)
  return {
    type: `/errors#${code}`,
    title: title[language],
    status,
    detail: ours ? title[language] : textIn(facts.detail ?? title, language),
    code,
    source: failure.source,
    sent: failure.sent,
    retryAfter: facts.retryAfter ?? null,
    auditId: facts.auditId ?? null,
    requestId,
    ...(facts.reason !== undefined && { reason: facts.reason }),
    ...(facts.upstreamCode !== undefined && !ours && { upstreamCode: facts.upstreamCode }),
    ...(facts.errors && { errors: facts.errors }),
    ...(facts.sources && { sources: facts.sources }),
  }
}

/** A problem as it is sent, whoever sends it. */
export interface ProblemAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

export function problemAnswer(failure: GatewayFailure, requestId: string, language: Language): ProblemAnswer {
  const problem = problemOf(failure, requestId, language)
  return {
    status: problem.status,
    headers: {
      ...everyAnswer,
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.retryAfter !== null && { 'retry-after': String(problem.retryAfter) }),
      ...(failure.facts.allow && { allow: failure.facts.allow.join(', ') }),
      ...(failure.code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify(problem),
  }
}

/** Indonesian, unless the caller prefers English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? '')
    .toLowerCase()
    .split(',')
    .map(range => {
      const [tag = '', quality = 'q=1'] = range.split(';').map(part => part.trim())
      return { language: tag.split('-')[0], quality: Number(quality.replace('q=', '')) || 0 }
    })
  const quality = (language: Language): number =>
    Math.max(0, ...ranges.filter(range => range.language === language).map(range => range.quality))
  return quality('en') > quality('id') ? 'en' : 'id'
}
