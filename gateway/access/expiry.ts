/** Agreements that end soon: a signature takes weeks, so the house says it in time. */
import type { Log } from '#gateway/log.ts'
import type { Validity } from '#gateway/ops/metrics.ts'
import { createToday } from '#gateway/quotas/day.ts'
import type { AgreementRegister } from './agreement-register.ts'
import type { Agreement } from './agreements.ts'

const dayMs = 24 * 60 * 60_000

/** Within how many days before its end an agreement is spoken of. */
const thresholds = [7, 30, 60] as const

/** What to say of an agreement's end at an instant; undefined while it is far away. */
export function endOf({ validUntil }: Agreement, at: number): { days: number; message: string } | undefined {
  const leftMs = validUntil - at
  const days = Math.max(0, Math.ceil(leftMs / dayMs))
  if (leftMs <= 0) return { days, message: 'has ended' }
  const within = thresholds.find(threshold => leftMs <= threshold * dayMs)
  return within && { days, message: `ends within ${within} days` }
}

export interface Expiry {
  /** Tells the log of every end that is near: at once. */
  tell(): void
  /** The same, once a day. */
  tellDaily(): void
  /** How many have ended or end within thirty days. Not which: whoever asks about the gateway's state may be anybody. */
  warnings(): readonly string[]
  /** How long each is still valid. */
  validities(): readonly Validity[]
}

/** The day is the mall's. */
export function createExpiry(
  register: AgreementRegister,
  timeZone: string,
  { log, now }: { readonly log: Log; readonly now: () => number },
): Expiry {
  const today = createToday(now)
  let toldOn: string | undefined

  const ends = () =>
    register.all.flatMap(agreement => {
      const end = endOf(agreement, now())
      return end ? [{ agreement, ...end }] : []
    })

  function tell(): void {
    toldOn = today(timeZone).name
    for (const { agreement, days, message } of ends())
      log.warn({ agreement: agreement.id, member: agreement.member, days }, `an agreement ${message}`)
  }

  return {
    tell,
    tellDaily() {
      if (toldOn !== today(timeZone).name) tell()
    },
    warnings() {
      const left = register.all.map(({ validUntil }) => validUntil - now())
      const ended = left.filter(ms => ms <= 0).length
      const ending = left.filter(ms => ms > 0 && ms <= 30 * dayMs).length
      return [
        ...(ended > 0 ? [ended === 1 ? '1 agreement has ended' : `${ended} agreements have ended`] : []),
        ...(ending > 0
          ? [`${ending === 1 ? '1 agreement ends' : `${ending} agreements end`} within 30 days`]
          : []),
      ]
    },
    validities: () =>
      register.all.map(({ id, validUntil }) => ({ agreement: id, seconds: (validUntil - now()) / 1_000 })),
  }
}
