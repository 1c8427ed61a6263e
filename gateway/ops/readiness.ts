/** Whether this gateway should get requests. Agencies and Redis never decide that; neither does a store that is away. */
export type Readiness = () => {
  readonly ready: boolean
  readonly status: 'ready' | 'draining'
  readonly warnings: readonly string[]
}
