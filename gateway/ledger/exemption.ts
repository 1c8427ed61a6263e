/**
 * What the law exempts from being told, as it stood when it was done. What becomes of the agreement later changes nothing: what
 * was left out once never appears, and what was told once never disappears, which would tell as much.
 */
import type { Agreement } from '#gateway/access/agreements.ts'
import type { Store } from '#gateway/store/store.ts'
import { type Effect, type Ordered, type Release, storeUnavailable } from './evidence.ts'

/** Whether it is exempt, by its row. @throws STORE_UNAVAILABLE */
export type IsExempt = (done: Release | Ordered | Effect) => Promise<boolean>

/** For one request: each agreement's versions are read once. */
export function exemptionIn(store: Pick<Store, 'readVersions'>): IsExempt {
  const known = new Map<string, Promise<readonly string[]>>()

  /** The digests of the versions that say so. */
  async function exemptVersionsOf(agreement: string): Promise<readonly string[]> {
    const versions = await store.readVersions('agreement', agreement).catch(storeUnavailable)
    return versions
      .filter(({ content }) => (JSON.parse(content) as Agreement).exemptFromAccessLog === true)
      .map(({ digest }) => digest)
  }

  return async function isExempt({ exempt, agreement, agreementVersion = '' }) {
    if (exempt || agreement === undefined) return exempt === true
    // Early rows do not say it themselves; the earliest do not even name the version: then any that was exempt will do.
    const versions = await known.getOrInsertComputed(agreement, exemptVersionsOf)
    return versions.some(digest => digest.startsWith(agreementVersion))
  }
}
