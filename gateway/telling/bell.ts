/** Rung by some, waited for by one. A ring while nobody waits is heard by who waits next. */
export interface Bell {
  ring(): void
  /** Until it rings, or the time is over; whether it rang. */
  wait(ms: number): Promise<boolean>
}

export function createBell(): Bell {
  let hasRung = false
  let onRing = (): void => {}
  return {
    ring() {
      hasRung = true
      onRing()
    },
    async wait(ms) {
      if (!hasRung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        onRing = resolve
        const timer = setTimeout(resolve, ms)
        await promise
        clearTimeout(timer)
      }
      const rang = hasRung
      hasRung = false
      return rang
    },
  }
}
