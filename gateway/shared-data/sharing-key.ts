import type { Capability } from '#contracts/capability.ts'
import type { Agreement, ReuseScope } from '#gateway/access/agreements.ts'

/** How far an answer may be used again, and for how long. `public`: by everyone. */
export interface Reuse {
  readonly scope: ReuseScope | 'public'
  readonly timeToLiveMs: number
  readonly staleMs: number
}

const never: Reuse = { scope: 'none', timeToLiveMs: 0, staleMs: 0 }

/** As the agreement says; where none is needed, as the capability says. */
export function reuseOf(agreement: Agreement | undefined, { publicReuse }: Capability): Reuse {
  if (agreement) return agreement.reuse
  if (!publicReuse) return never
  const { timeToLiveSeconds, staleSeconds } = publicReuse
  return { scope: 'public', timeToLiveMs: timeToLiveSeconds * 1_000, staleMs: staleSeconds * 1_000 }
}

/** What can tell one question from another. */
export interface Shareable {
  readonly upstream: string
  readonly capability: string
  /** As the capability's schema parsed it: keys in the order of declaration. */
  readonly input: unknown
  readonly member: string
  /** Undefined without context. */
  readonly case: string | undefined
  readonly purpose: string | undefined
  /** Undefined where none is needed. */
  readonly agreement: string | undefined
}

/** What must be equal for two questions to share an answer. An adapter has no say. */
export function sharingParts(question: Shareable, scope: Reuse['scope']): readonly unknown[] {
  const asked = [question.upstream, question.capability, question.input]
  switch (scope) {
    case 'none': // nothing is kept: only the same member's questions in flight are joined
      return ['none', ...asked, question.member, question.case, question.purpose]
    case 'case':
      return ['case', ...asked, question.case]
    case 'agreement': // a reload may give its id to another member
      return ['agreement', ...asked, question.member, question.agreement, question.purpose]
    case 'public':
      return ['public', ...asked]
  }
}
