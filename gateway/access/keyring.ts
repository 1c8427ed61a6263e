import { GatewayFailure } from '#gateway/failure.ts'

/** An issuer's keys: read when first needed, again as they age, and when a token names one that is not among them. */
export interface Keyring<Keys> {
  current(): Promise<Keys>
  /** Others than these, if there are any now. */
  newerThan(keys: Keys): Promise<Keys | undefined>
}

export interface KeyringOptions {
  readonly now: () => number
  readonly onFault: (error: unknown) => void
}

export const freshMs = 10 * 60_000
/** Between two attempts, so that tokens with invented keys cannot send us asking. */
const pauseMs = 10_000

/** While its issuer cannot be reached, the keys that are known go on; who needs others is told that nobody can say. */
export function createKeyring<Keys>(
  read: () => Promise<Keys>,
  { now, onFault }: KeyringOptions,
): Keyring<Keys> {
  let keys: Keys | undefined
  let readAt = 0
  let nextAttemptAt = 0
  let isAway = false
  let reading: Promise<Keys> | undefined

  async function attempt(): Promise<Keys> {
    nextAttemptAt = now() + pauseMs
    try {
      keys = await read()
      readAt = now()
      isAway = false
      return keys
    } catch (error) {
      isAway = true
      onFault(error)
      throw unavailable()
    } finally {
      reading = undefined
    }
  }
  const mayRead = (): boolean => reading !== undefined || now() >= nextAttemptAt
  const reread = (): Promise<Keys> => (reading ??= attempt())

  return {
    async current() {
      if (keys === undefined) {
        if (!mayRead()) throw unavailable()
        return reread()
      }
      const age = now() - readAt
      // Long unread, they may have been withdrawn: then it is worth waiting. A provider that is away changes nothing.
      if (age >= 2 * freshMs && mayRead()) return reread().catch(() => keys!)
      if (age >= freshMs && mayRead()) void reread().catch(() => {}) // nobody waits for it; `onFault` was told
      return keys
    },

    async newerThan(known) {
      if (mayRead()) await reread()
      if (keys !== known) return keys
      if (isAway) throw unavailable()
      return undefined
    },
  }
}

const unavailable = (): GatewayFailure =>
  new GatewayFailure('IDENTITY_UNAVAILABLE', {
    retryAfter: null,
    detail: 'whoever signed your token cannot be asked for its keys now; API keys go on',
  })
