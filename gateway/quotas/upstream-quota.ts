/** What an agency lets an upstream ask in a day, counted per attempt. The day is the upstream's. */
import { GatewayFailure } from '#gateway/failure.ts'
import { storeUnavailable } from '#gateway/ledger/evidence.ts'
import { type Day, holds } from './day.ts'
import type { Quotas, Reservation } from './quotas.ts'

export interface UpstreamQuota {
  /** Runs an attempt as one of today's; one of which nothing was sent does not count. @throws UPSTREAM_QUOTA_SPENT, STORE_UNAVAILABLE */
  run<Result>(attempt: () => Promise<Result>): Promise<Result>
  /** The agency says how many are left. */
  believe(left: number): void
  /** How many are left today; undefined: nobody has said. @throws what the store throws */
  left(): Promise<number | undefined>
}

/** Of an upstream of which nobody has said how much it may ask. */
export const noQuota: UpstreamQuota = {
  run: attempt => attempt(),
  believe() {},
  left: () => Promise.resolve(undefined),
}

export function createUpstreamQuota(
  quotas: Quotas,
  { id, perDay, timeZone }: { readonly id: string; readonly perDay: number; readonly timeZone: string },
): UpstreamQuota {
  const quota = { key: `upstream:${id}`, perDay, timeZone }

  async function take(): Promise<Reservation> {
    const taken = quotas.take(quota)
    const reservation = taken instanceof Promise ? await taken.catch(storeUnavailable) : taken
    if (reservation) return reservation
    throw new GatewayFailure('UPSTREAM_QUOTA_SPENT', {
      source: id,
      sent: 'no',
      retryAfter: quotas.secondsUntilTurn(quota),
    })
  }

  return {
    async run(attempt) {
      const reservation = await take()
      try {
        return await attempt()
      } catch (error) {
        if (error instanceof GatewayFailure && error.sent === 'no') reservation.giveBack()
        throw error
      }
    },
    believe: left => quotas.believe(quota, left),
    left: () => quotas.left(quota),
  }
}

/** Left today: as all gateways together count it, else as the agency told this one; undefined: nobody has said. */
export async function leftToday(
  quota: UpstreamQuota | undefined,
  told: { readonly value: number; readonly at: number } | undefined,
  today: Day,
): Promise<number | undefined> {
  return (await quota?.left()) ?? (told && holds(today, told.at) ? told.value : undefined)
}
