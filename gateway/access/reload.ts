import { randomUUIDv7 } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Log } from '#gateway/log.ts'
import { SettingsInvalid } from '#gateway/settings/load.ts'
import type { Store } from '#gateway/store/store.ts'
import {
  type AgreementChanges,
  type AgreementRegister,
  type AgreementVersion,
  versionOf,
} from './agreement-register.ts'
import type { Agreement } from './agreements.ts'

/** Whoever has the agreements read anew: an operator and its key, or the process itself and a signal. */
export interface Reloader {
  readonly member: string
  readonly key: string
}

/**
 * Puts the agreements in force that their files hold now: all of them, once every one is right and on record, or none.
 * A question under way is decided by the new ones before anything is shown.
 * @throws AGREEMENTS_INVALID with every problem, STORE_UNAVAILABLE; then those from before stay.
 */
export type Reload = (reloader: Reloader) => Promise<AgreementChanges>

export interface ReloadHouse {
  readonly register: AgreementRegister
  /** @throws SettingsInvalid */
  readonly read: () => readonly Agreement[]
  readonly store: Pick<Store, 'keepVersion'>
  readonly evidence: Evidence
  readonly log: Log
  readonly now: () => number
  /** New ones are in force. */
  readonly onReload: () => void
}

export function createReload({ register, read, store, evidence, log, now, onReload }: ReloadHouse): Reload {
  let last: Promise<unknown> = Promise.resolve()

  async function reloadOnce(reloader: Reloader): Promise<AgreementChanges> {
    const next = readVersions()
    const changes = register.compare(next)
    await keepVersions(store, next, now()).catch(storeUnavailable)
    await evidence.record({
      id: randomUUIDv7(),
      at: now(),
      content: { kind: 'act', act: 'agreements.reload', ...reloader, ...changes },
    })
    register.replace(next)
    log.info({ ...changes }, 'agreements reloaded')
    onReload()
    return changes
  }

  function readVersions(): readonly AgreementVersion[] {
    try {
      return read().map(versionOf)
    } catch (error) {
      if (!(error instanceof SettingsInvalid)) throw error
      for (const { path, expected } of error.problems)
        log.error({ at: path, expected }, 'agreements not reloaded: those from before stay')
      throw new GatewayFailure('AGREEMENTS_INVALID', {
        detail: 'those from before stay in force',
        errors: error.problems.map(({ path, expected }) => ({ file: path, detail: `expected ${expected}` })),
      })
    }
  }

  return function reload(reloader) {
    const reloaded = last.then(() => reloadOnce(reloader)) // one after the other
    last = reloaded.catch(() => {})
    return reloaded
  }
}

/** Keeps each version that is not on record yet. */
export async function keepVersions(
  store: Pick<Store, 'keepVersion'>,
  versions: readonly AgreementVersion[],
  since: number,
): Promise<void> {
  for (const { agreement, digest, content } of versions)
    await store.keepVersion({ kind: 'agreement', id: agreement.id, digest, content, since })
}
