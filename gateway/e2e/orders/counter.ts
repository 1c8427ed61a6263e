/** A counter that orders permits at the example desk, for the tests of this folder. */
import { onTestFinished, vi } from 'vitest'
import type { SubmissionState } from '#contracts/submission.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import {
  as,
  type HeaderChanges,
  type House,
  type HouseOptions,
  type Reply,
  startHouse,
} from '#gateway/testing/house.ts'
import { deskAdapter, type OrderDesk, permitOrder, startOrderDesk } from '#gateway/testing/order-desk.ts'

export const nik = '9999011501900001'
export const permit = { nik, text: 'LAPAK-SATE' }

export type Told = Omit<Reply, 'body'> & { readonly body: Record<string, any> }

export interface Counter extends House {
  /** Orders under an idempotency key; undefined: without one. */
  order(key: string | undefined, input?: unknown, headers?: HeaderChanges): Promise<Told>
  read(path: string, headers?: HeaderChanges): Promise<Told>
  /** Reads the order as somebody who says why they look. */
  look(id: string, headers?: HeaderChanges): Promise<Told>
  cancel(id: string): Promise<Told>
  becomes(id: string, state: SubmissionState): Promise<void>
}

export const permitAgreement = () =>
  agreement({ upstream: 'desk', grants: { [permitOrder.id]: { 'skck.new': ['/permitNumber'] } } })

/** The desk as an upstream of the house, quick to be asked again. */
export const deskAt = (url: string) => ({
  id: 'desk',
  adapter: deskAdapter(),
  baseUrl: url,
  config: {},
  policy: {
    deadlineMs: 1_000,
    retries: 0,
    breaker: { errorPercent: 100, minimumCalls: 1_000, openMs: 50 },
  },
})

/** The desk, taking what comes until the end of the test. */
export async function openDesk(port?: number): Promise<OrderDesk> {
  const desk = await startOrderDesk(port)
  onTestFinished(() => desk.close())
  return desk
}

export async function openCounter(deskUrl: string, options: HouseOptions = {}): Promise<Counter> {
  const house = await startHouse({
    agreements: [permitAgreement()],
    upstreams: [deskAt(deskUrl)],
    delivery: { pollMs: 20 },
    ...options,
  })
  let isOpen = true
  async function close(): Promise<void> {
    if (isOpen) await house.close()
    isOpen = false
  }
  onTestFinished(close)

  const read = (path: string, headers?: HeaderChanges): Promise<Told> => house.get(path, headers)
  return {
    ...house,
    close,
    order: (key, input = permit, headers = {}) =>
      house.ask(permitOrder.path, input, { 'idempotency-key': key, ...headers }),
    read,
    look: async (id, headers) =>
      read(`/v1/submissions/${id}`, { ...looking, 'mpp-case': await house.openCase(), ...headers }),
    cancel: id =>
      house.ask(`/v1/submissions/${id}/cancel`, { reason: 'salah loket' }, { 'mpp-case': undefined }),
    becomes: (id, state) =>
      vi.waitFor(
        async () => {
          const is = (await house.store.findSubmission(id))?.state
          if (is !== state) throw new Error(`it is ${is}`)
        },
        { timeout: 20_000, interval: 10 },
      ),
  }
}

const looking = {
  ...as('front-office'),
  'mpp-purpose': 'skck.new',
  'mpp-counter': 'A-03',
  'mpp-officer': 'o-7f3a',
}
