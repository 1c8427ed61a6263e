import { createHmac } from 'node:crypto'
import { deriveKey } from '#gateway/sealing.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import type { Store } from '#gateway/store/store.ts'
import { sealedPlaces } from './sealed-places.ts'

/** The keys configured are not those that the store was written with. The message says which, and what to do. */
export class KeysRefused extends Error {
  override readonly name = 'KeysRefused'
}

/**
 * Throws `KeysRefused` when a key is not the one that the store knows under its name, or one is missing that records are
 * still sealed with. What the store keeps of a key tells nothing about it.
 */
export async function checkKeys(store: Store, { sealing, pseudonyms }: Settings['keys']): Promise<void> {
  const knows = async (name: string, key: Buffer): Promise<boolean> => {
    const value = checkValue(key)
    return (await store.keepCheck(name, value)) === value
  }

  if (!(await knows('pseudonyms key', pseudonyms)))
    throw new KeysRefused(
      'keys.pseudonyms is not the key that this store was written with: nobody in it would be found again. Put the former one back',
    )
  for (const { id, key } of sealing)
    if (!(await knows(`sealing key ${id}`, key)))
      throw new KeysRefused(
        `keys.sealing has another key under the id ${id} than this store knows: give the new key an id of its own, and keep the former one as ${id}`,
      )

  const configured = new Set(sealing.map(({ id }) => id))
  for (const place of sealedPlaces(store)) {
    const missing = (await place.keyIds()).filter(id => !configured.has(id))
    if (missing.length > 0)
      throw new KeysRefused(
        `keys.sealing lacks ${missing.join(', ')}, which ${place.name} in this store are still sealed with: put it back, run npm run reseal, and then remove it`,
      )
  }
}

const checkValue = (key: Buffer): string =>
  createHmac('sha256', deriveKey(key, 'check')).update('check').digest('base64url')
