/** Calls left per institution, refilled when the day turns in Jakarta. */
export function createQuotas() {
  let today = jakartaDay()
  const used = new Map<string, number>()

  return {
    /** Takes one call; `null` when none is left. */
    take(institution: string, quota: number): number | null {
      if (jakartaDay() !== today) {
        today = jakartaDay()
        used.clear()
      }
      const taken = (used.get(institution) ?? 0) + 1
      if (taken > quota) return null
      used.set(institution, taken)
      return quota - taken
    },

    reset(): void {
      used.clear()
    },
  }
}

function jakartaDay(): number {
  return Math.floor((Date.now() + 7 * 3_600_000) / 86_400_000)
}
