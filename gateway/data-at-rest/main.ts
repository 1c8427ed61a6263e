/** `npm run reseal`: puts everything stored under the first sealing key, also while gateways run. */
import { exitWith } from '#gateway/exit.ts'
import { createSealer } from '#gateway/sealing.ts'
import { SettingsInvalid } from '#gateway/settings/load.ts'
import { readSettings } from '#gateway/settings/read.ts'
import { openStore } from '#gateway/store/open.ts'
import { checkKeys } from './check-keys.ts'
import { reseal, type Resealed } from './reseal.ts'
import { sealedPlaces } from './sealed-places.ts'

try {
  const {
    settings: { keys },
    process: place,
  } = await readSettings(process.env)
  const store = await openStore(place, { ledgerKey: keys.ledger, beside: true })
  try {
    await checkKeys(store, keys)
    const sealer = createSealer(keys.sealing)
    const done = await Array.fromAsync(reseal(sealedPlaces(store), sealer))
    for (const line of done.flatMap(linesOf)) console.log(line)
    for (const line of adviceOf(done)) console.log(line)
    if (done.some(({ unopened }) => unopened > 0)) process.exitCode = 1
  } finally {
    await store.close()
  }

  function linesOf({ place, resealed, unopened }: Resealed): string[] {
    const first = keys.sealing[0]!.id
    return [
      `${place}: ${resealed} resealed with ${first}`,
      ...(unopened > 0 ? [`${place}: ${unopened} do not open, were altered, and stay as they are`] : []),
    ]
  }

  /** Shared answers in Redis are not resealed: they end by themselves, and one that does not open is asked for anew. */
  function adviceOf(done: readonly Resealed[]): string[] {
    const remaining = new Set(done.flatMap(place => place.remaining))
    return keys.sealing
      .slice(1)
      .map(({ id }) =>
        remaining.has(id)
          ? `${id} is still needed: run this again, once every gateway has been restarted with ${keys.sealing[0]!.id} first`
          : `${id} seals nothing here any more: remove it, once every gateway has been restarted with ${keys.sealing[0]!.id} first`,
      )
  }
} catch (error) {
  if (error instanceof SettingsInvalid) exitWith(error)
  console.error(`Nothing more is resealed: ${(error as Error).message}.`)
  process.exitCode = 1
}
