import type { HealthStatus } from './health.ts'

/** Whether this gateway should get requests. Agencies and Redis never decide that; neither does a store that is away. */
export interface Readiness {
  readonly state: 'ready' | 'draining'
  readonly warnings: readonly string[]
}

export const readinessAnswer = ({ state, warnings }: Readiness) => ({
  status: (state === 'draining' ? 'fail' : warnings.length > 0 ? 'warn' : 'pass') satisfies HealthStatus,
  state,
  warnings,
})
