/** A house that orders permits at the example desk, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import { onTestFinished, vi } from 'vitest'
import type { ContractPath } from '#contracts/elements.ts'
import type { SubmissionState } from '#contracts/submission.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import {
  type HeaderChanges,
  type House,
  type HouseOptions,
  type MemberId,
  type Reply,
  startHouse,
} from '#gateway/testing/house.ts'
import { muteDeskAdapter, type OrderDesk, permitOrder, startOrderDesk } from '#gateway/testing/order-desk.ts'

export const nik = '9999011501900001'

/** Nothing of this may stand where nothing personal may stand. */
export const orderedText = 'LAPAK-SATE-PAK-DARTO'

export interface Permits extends House {
  readonly desk: OrderDesk
  /** Orders one as the front office; its id. */
  order(changes?: object, headers?: HeaderChanges): Promise<string>
  /** As `ask` and `get`, whatever the shape of the body. */
  post(path: string, body: unknown, headers?: HeaderChanges): Promise<Whatever>
  read(path: string, headers?: HeaderChanges): Promise<Whatever>
  becomes(id: string, state: SubmissionState): Promise<void>
  /** What stands in the ledger of an order. */
  ledgerOf(id: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

type Whatever = Omit<Reply, 'body'> & { readonly body: Record<string, any> }

export interface PermitOptions {
  /** Brought to the agency by hand; else by the gateway, which cannot ask what became of an order. */
  readonly isAssisted?: boolean
  readonly assistedBy?: readonly MemberId[]
  readonly owner?: string
  readonly house?: HouseOptions
}

export async function startPermits({
  isAssisted = true,
  assistedBy = [],
  owner,
  house: options,
}: PermitOptions = {}) {
  const desk = await startOrderDesk()
  const house = await startHouse({
    agreements: [permitAgreement()],
    ...options,
    upstreams: [
      {
        id: 'desk',
        adapter: muteDeskAdapter(),
        baseUrl: desk.url,
        config: {},
        policy: { deadlineMs: 500 },
        assisted: isAssisted ? [permitOrder.id] : [],
        assistedBy,
        ...(owner !== undefined && { owner }),
      },
    ],
  })
  onTestFinished(async () => {
    await house.close()
    await desk.close()
  })
  const permits: Permits = {
    ...house,
    desk,
    async order(changes = {}, headers = {}) {
      const input = { nik, text: orderedText, ...changes }
      const reply = await house.ask(permitOrder.path, input, { 'idempotency-key': randomUUID(), ...headers })
      if (reply.status !== 202) throw new Error(`not accepted: ${reply.text}`)
      return (reply.body as { id: string }).id
    },
    post: (path, body, headers) => house.ask(path, body, { 'mpp-case': undefined, ...headers }),
    read: (path, headers) => house.get(path, headers),
    becomes: (id, state) =>
      vi.waitFor(
        async () => {
          const is = (await house.store.findSubmission(id))!.state
          if (is !== state) throw new Error(`it is ${is}`)
        },
        { timeout: 20_000, interval: 20 },
      ),
    async ledgerOf(id) {
      const rows = await house.store.readLedger(0, 1_000)
      return rows
        .map(({ content }) => JSON.parse(content!) as Readonly<Record<string, unknown>>)
        .filter(({ submission }) => submission === id)
    },
  }
  return permits
}

export const permitAgreement = () => ({
  ...agreement({ upstream: 'desk', grants: {} }),
  grants: new Map([
    [permitOrder.id, new Map([['skck.new', new Set<ContractPath>(permitOrder.elements.keys())]])],
  ]),
})
