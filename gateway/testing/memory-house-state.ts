import type { HouseState, HouseStateStore } from '#gateway/store/house-state.ts'

export function createMemoryHouseState(now: () => number): HouseStateStore {
  const rows = new Map<string, HouseState>()

  return {
    async readHouseState(kinds) {
      const found = [...rows.values()].filter(({ kind }) => kinds.includes(kind))
      return {
        at: now(),
        rows: found.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1)),
      }
    },
    async putHouseState({ content, ...document }, seen) {
      const place = placeOf(document)
      const revision = rows.get(place)?.revision ?? 0
      if (revision !== (seen ?? revision) || (content === null && revision === 0)) return false
      if (content === null) return rows.delete(place)
      rows.set(place, { ...document, content, revision: revision + 1, changedAt: now() })
      return true
    },
  }
}

const placeOf = ({ kind, id }: Pick<HouseState, 'kind' | 'id'>): string => `${kind} ${id}`
