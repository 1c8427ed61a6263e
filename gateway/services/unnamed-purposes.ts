import type { Agreement } from '#gateway/access/agreements.ts'
import type { Services } from './service.ts'

/** What agreements grant for purposes that no service has: a slip of the pen, or a service whose standard nobody has set. */
export const unnamedPurposes = (agreements: readonly Agreement[], services: Services): readonly string[] => {
  const purposes = agreements.flatMap(({ grants }) =>
    [...grants.values()].flatMap(grant => [...grant.keys()]),
  )
  return [...new Set(purposes)].filter(purpose => !services.has(purpose)).toSorted()
}
