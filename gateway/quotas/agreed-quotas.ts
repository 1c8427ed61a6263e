/** The quotas of agreements: of a day's released answers, for one purpose or for all. The day is the mall's. */
import type { Agreement } from '#gateway/access/agreements.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { storeUnavailable } from '#gateway/ledger/evidence.ts'
import { holds } from './day.ts'
import type { Quota, Quotas, Reservation } from './quotas.ts'

/** Room for one answer, kept before the agency is asked for it. */
export interface Room {
  /** Whether it is of the day of an instant. */
  isOf(at: number): boolean
  /** One of today's in its place: the day turned while the agency was asked. @throws QUOTA_SPENT */
  renew(): Promise<void>
  /** The answer is about to be recorded: from now on nothing is given back. */
  fill(): void
  /** Nothing was released. */
  giveBack(): void
}

export interface AgreedQuotas {
  /** Costs nothing where the agreement names no quota. @throws QUOTA_SPENT, STORE_UNAVAILABLE */
  reserve(agreement: Agreement | undefined, purpose: string | undefined): Room | Promise<Room>
  /** How much of each quota is left today: of those for this purpose, or of all. */
  left(agreement: Agreement, purpose?: string): Promise<readonly QuotaLeft[]>
}

export interface QuotaLeft {
  /** Undefined: of all purposes together. */
  readonly purpose: string | undefined
  readonly perDay: number
  readonly left: number
  readonly secondsUntilTurn: number
}

const boundless: Room = { isOf: () => true, async renew() {}, fill() {}, giveBack() {} }

type Taken = Reservation | undefined
type NamedQuota = Quota & Pick<QuotaLeft, 'purpose'>

export function createAgreedQuotas(quotas: Quotas, timeZone: string): AgreedQuotas {
  const allOf = ({ id, quotas }: Agreement): readonly NamedQuota[] =>
    quotas.map(({ purpose, perDay }) => ({
      purpose,
      key: purpose === undefined ? `agreement:${id}` : `agreement:${id}:${purpose}`,
      perDay,
      timeZone,
    }))

  const quotasOf = (agreement: Agreement, asked: string | undefined): readonly NamedQuota[] =>
    allOf(agreement).filter(({ purpose }) => purpose === undefined || purpose === asked)

  /** One of each, or none of any. */
  function take(agreement: Agreement, all: readonly Quota[]): Reservation[] | Promise<Reservation[]> {
    const taken = all.map(quota => quotas.take(quota))
    const isThere = (one: (typeof taken)[number]): one is Taken => !(one instanceof Promise)
    return taken.every(isThere) ? together(agreement, all, taken) : whenThere(agreement, all, taken)
  }

  async function whenThere(
    agreement: Agreement,
    all: readonly Quota[],
    taken: readonly (Taken | Promise<Taken>)[],
  ): Promise<Reservation[]> {
    const settled = await Promise.allSettled(taken.map(async one => one))
    const failed = settled.find(one => one.status === 'rejected')
    const fulfilled = settled.map(one => (one.status === 'fulfilled' ? one.value : undefined))
    if (!failed) return together(agreement, all, fulfilled)
    for (const one of fulfilled) one?.giveBack()
    return storeUnavailable(failed.reason)
  }

  function together(agreement: Agreement, all: readonly Quota[], taken: readonly Taken[]): Reservation[] {
    const reserved = taken.filter(one => one !== undefined)
    if (reserved.length === all.length) return reserved
    for (const one of reserved) one.giveBack()
    const spent = all[taken.indexOf(undefined)]!
    throw new GatewayFailure('QUOTA_SPENT', {
      detail: `agreement ${agreement.id} grants ${spent.perDay} answers a day, and today's are given`,
      retryAfter: quotas.secondsUntilTurn(spent),
    })
  }

  function room(agreement: Agreement, all: readonly Quota[], first: readonly Reservation[]): Room {
    let reserved = first
    const giveBack = (): void => {
      for (const one of reserved) one.giveBack()
      reserved = []
    }
    return {
      isOf: at => reserved.every(({ day }) => holds(day, at)),
      async renew() {
        giveBack()
        reserved = await take(agreement, all)
      },
      fill() {
        reserved = []
      },
      giveBack,
    }
  }

  return {
    reserve(agreement, purpose) {
      if (!agreement || agreement.quotas.length === 0) return boundless
      const all = quotasOf(agreement, purpose)
      if (all.length === 0) return boundless
      const taken = take(agreement, all)
      return taken instanceof Promise
        ? taken.then(reserved => room(agreement, all, reserved))
        : room(agreement, all, taken)
    },

    async left(agreement, purpose) {
      return Promise.all(
        (purpose === undefined ? allOf(agreement) : quotasOf(agreement, purpose)).map(async quota => ({
          purpose: quota.purpose,
          perDay: quota.perDay,
          left: await quotas.left(quota).catch(storeUnavailable),
          secondsUntilTurn: quotas.secondsUntilTurn(quota),
        })),
      )
    },
  }
}
