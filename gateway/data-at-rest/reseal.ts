import type { Sealer } from '#gateway/sealing.ts'
import type { SealedPlace } from './sealed-places.ts'

export interface Resealed {
  readonly place: string
  readonly resealed: number
  /** Records that no configured key opens: altered, as the key check of the start has passed. */
  readonly unopened: number
  /** Keys other than the first that its records are still sealed with. */
  readonly remaining: readonly string[]
}

/**
 * Puts every stored record under the first key, while gateways run. It keeps no place of its own: stopped half-way and begun
 * again, it passes over what is done.
 */
export async function* reseal(places: readonly SealedPlace[], sealer: Sealer): AsyncGenerator<Resealed> {
  for (const place of places) {
    let resealed = 0
    let unopened = 0
    for (let page = await place.reseal(sealer, 0); page; page = await place.reseal(sealer, page.end)) {
      resealed += page.resealed
      unopened += page.unopened
    }
    const remaining = (await place.keyIds()).filter(id => id !== sealer.keyId)
    yield { place: place.name, resealed, unopened, remaining }
  }
}
