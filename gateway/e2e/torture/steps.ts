/** The steps of the loop at which a gateway is killed or made to stand still, and what becomes of it there. */
export const steps = [
  'before evidence',
  'after evidence',
  'before accepting',
  'after accepting',
  'after taking',
  'before sending',
  'after sending',
  'while the agency is asked',
  'before accepted',
  'after accepted',
  'before confirmed',
  'after confirmed',
  'before rejected',
  'after rejected',
  'before uncertain',
  'after uncertain',
  'before queued',
  'after queued',
] as const
export type Step = (typeof steps)[number]

export interface Blow {
  readonly step: Step
  readonly fate: 'killed' | 'stopped'
  /** At the how-many-th time that the step is taken. */
  readonly nth: number
}

/** Of the tortured gateways: a call ends within its deadline, a lease that much later. Shorter than any pause. */
export const deadlineMs = 300
export const leaseMarginMs = 500
