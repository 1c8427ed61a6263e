import type { Agreement } from '#gateway/access/agreements.ts'

/** What can tell one question from another. */
export interface Shareable {
  readonly upstream: string
  readonly capability: string
  /** As the capability's schema parsed it: keys in the order of declaration. */
  readonly input: unknown
  readonly member: string
  readonly case: string
  readonly purpose: string
}

/** What must be equal for two questions to share an answer. The agreement says how far; an adapter has no say. */
export function sharingParts(question: Shareable, { id, reuse }: Agreement): readonly unknown[] {
  const asked = [question.upstream, question.capability, question.input]
  switch (reuse.scope) {
    case 'none': // nothing is kept: only the same member's questions in flight are joined
      return ['none', ...asked, question.member, question.case, question.purpose]
    case 'case':
      return ['case', ...asked, question.case]
    case 'agreement':
      return ['agreement', ...asked, id, question.purpose]
  }
}
