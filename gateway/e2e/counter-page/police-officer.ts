/** Another officer, at the agency's own application, who tells the gateway how an order ended. */
import { expect } from 'vitest'
import type { House } from '#gateway/testing/house.ts'

export interface PoliceOfficer {
  readonly reference: string
  take(order: string): Promise<void>
  finish(order: string): Promise<void>
}

export function atWork(house: Pick<House, 'ask'>): PoliceOfficer {
  const reference = 'SKTLK/17/IX/2026/SPKT/POLRES CONTOH'
  const standing = {
    'mpp-officer': 'o-90',
    'mpp-counter': 'B-01',
    'mpp-purpose': 'loss-report.new',
    'mpp-case': undefined,
  }
  async function act(order: string, name: 'take' | 'finish', body: unknown): Promise<void> {
    const { status } = await house.ask(`/v1/work-list/${order}/${name}`, body, standing)
    expect(status).toBe(200)
  }
  return {
    reference,
    take: order => act(order, 'take', ''),
    finish: order =>
      act(order, 'finish', {
        outcome: 'confirmed',
        reference,
        result: { reportNumber: reference, status: { code: 'issued' }, validUntil: '2026-10-05' },
      }),
  }
}
