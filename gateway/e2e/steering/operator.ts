/** An operator who steers upstreams, for the tests of this folder. */
import { as, type House, type Reply } from '#gateway/testing/house.ts'

const operator = { ...as('operations'), 'mpp-case': undefined, 'mpp-officer': 'o-90' }

export const switchTo = (house: House, mode: string, reason = 'instansi meminta', upstream = 'dukcapil') =>
  house.ask(`/v1/operator/upstreams/${upstream}/mode`, { mode, reason }, operator)

export const declare = (house: House, window: object, upstream = 'dukcapil') =>
  house.ask(
    `/v1/operator/upstreams/${upstream}/maintenance`,
    { reason: 'surat instansi', ...window },
    operator,
  )

export const end = (house: House, id: string, upstream = 'dukcapil') =>
  house.ask(`/v1/operator/upstreams/${upstream}/maintenance/${id}/end`, { reason: 'sudah pulih' }, operator)

export const lookup = (house: House, headers = {}): Promise<Reply> =>
  house.ask('/v1/residents/lookup', { nik: '9999011501900001' }, headers)

/** Every act in the ledger, in order. */
export async function acts(house: House): Promise<Record<string, unknown>[]> {
  const rows = await house.store.readLedger(0, 1_000)
  return rows
    .map(({ content }) => JSON.parse(content!) as Record<string, unknown>)
    .filter(({ kind }) => kind === 'act')
}
