import type { Sealer } from '#gateway/sealing.ts'
import type { StoredNotice } from '#gateway/store/store.ts'

type About = Pick<StoredNotice, 'id' | 'upstream' | 'notice'>

/** A record opens only as the notice that it was received as. */
const contextOf = ({ id, upstream, notice }: About): string =>
  JSON.stringify(['notice', id, upstream, notice])

export const sealNotice = (sealer: Sealer, about: About, record: object): Buffer =>
  sealer.seal(JSON.stringify(record), contextOf(about))

/** Throws `SealBroken` for a record that was altered, or sealed with a key that is not configured any more. */
export const openNotice = (
  sealer: Sealer,
  notice: About & Pick<StoredNotice, 'sealed'>,
): Record<string, unknown> =>
  JSON.parse(sealer.open(Buffer.from(notice.sealed), contextOf(notice)).toString()) as Record<string, unknown>
