import { randomUUIDv7 } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Log } from '#gateway/log.ts'
import { SettingsInvalid } from '#gateway/settings/load.ts'
import { placeOf } from '#gateway/settings/read-yaml.ts'
import type { Store } from '#gateway/store/store.ts'
import {
  type AgreementChanges,
  type AgreementRegister,
  type AgreementVersion,
  versionOf,
} from './agreement-register.ts'
import type { Agreement } from './agreements.ts'

/**
 * For an operator, or for the process itself and a signal: puts the agreements in force that their files hold now: all of them, once every one is right and on record, or none.
 * A question under way is decided by the new ones before anything is shown. That it was refused is on record as well.
 * @throws AGREEMENTS_INVALID with every problem, STORE_UNAVAILABLE; then those from before stay.
 */
export type Reload = (reloader: Actor) => Promise<AgreementChanges>

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

  async function reloadOnce(reloader: Actor): Promise<AgreementChanges> {
    const next = readVersions()
    if (next instanceof SettingsInvalid) throw await refusal(next, reloader)
    const changes = register.compare(next)
    await keepVersions(store, next, now()).catch(storeUnavailable)
    await keep(reloader, changes)
    register.replace(next)
    log.info({ ...changes }, 'agreements reloaded')
    onReload()
    return changes
  }

  function readVersions(): readonly AgreementVersion[] | SettingsInvalid {
    try {
      return read().map(versionOf)
    } catch (error) {
      if (error instanceof SettingsInvalid) return error
      throw error
    }
  }

  async function refusal({ problems }: SettingsInvalid, reloader: Actor): Promise<GatewayFailure> {
    for (const problem of problems)
      log.error(
        { at: placeOf(problem), expected: problem.expected },
        'agreements not reloaded: those from before stay',
      )
    const code = 'AGREEMENTS_INVALID'
    const auditId = await keep(reloader, { outcome: code, problems: problems.length })
    return new GatewayFailure(code, {
      auditId,
      detail: 'those from before stay in force',
      errors: problems.map(problem => ({ ...problem, detail: `expected ${problem.expected}` })),
    })
  }

  /** The id of the entry. */
  async function keep(reloader: Actor, what: object): Promise<string> {
    const id = randomUUIDv7()
    await evidence.record({
      id,
      at: now(),
      content: { kind: 'act', act: 'agreements.reload', ...reloader, ...what },
    })
    return id
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
