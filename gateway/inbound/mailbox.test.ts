import { randomUUIDv7 } from 'node:crypto'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { defineNotice } from '#contracts/capability.ts'
import { publicElement } from '#contracts/elements.ts'
import { createAgreementRegister } from '#gateway/access/agreement-register.ts'
import type { Caller } from '#gateway/access/members.ts'
import { createEvidence } from '#gateway/ledger/evidence.ts'
import { createLog } from '#gateway/log.ts'
import { createAgreedQuotas } from '#gateway/quotas/agreed-quotas.ts'
import { createQuotas } from '#gateway/quotas/quotas.ts'
import { createSealer } from '#gateway/sealing.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { createMailbox } from './mailbox.ts'
import { sealNotice } from './sealed-notice.ts'

const notice = defineNotice({
  id: 'stall.opened',
  title: { id: 'Lapak dibuka', en: 'Stall opened' },
  description: { id: 'Sebuah lapak dibuka.', en: 'A stall was opened.' },
  output: z.object({ number: publicElement(z.string(), 'Nomor', 'Number') }),
  subjects: () => [],
  example: { output: { number: '12' } },
})

it('leaves out what no key opens any more or was moved, shows the others, and tells the operators', async () => {
  const [old, current, rotated] = ['old', 'current', 'next'].map(id => ({ id, key: Buffer.alloc(32, id) }))
  const store = createMemoryStore(Buffer.alloc(32))
  const keep = (number: string, by: typeof current, sealedAs?: string) => {
    const about = { id: randomUUIDv7(), upstream: 'market', notice: notice.id }
    return store.keepNotice({
      ...about,
      receivedAt: 0,
      subjects: [],
      fingerprint: number,
      sealed: sealNotice(createSealer([by!]), { ...about, id: sealedAs ?? about.id }, { number }),
    })
  }
  await keep('1', current)
  await keep('2', old)
  await keep('3', current, randomUUIDv7())
  await keep('4', rotated)

  const log: string[] = []
  const unopened: object[] = []
  const read = createMailbox({
    sources: [{ upstream: 'market', notice }],
    agreements: createAgreementRegister([]),
    store,
    sealer: createSealer([rotated!, current!]),
    quotas: createAgreedQuotas(
      createQuotas(store, () => 0),
      'Asia/Jakarta',
    ),
    evidence: createEvidence(store),
    log: createLog({ write: line => log.push(line) }),
    metrics: { noticeUnopened: labels => unopened.push(labels) },
    now: () => 0,
  })
  const caller: Caller = {
    member: {
      id: 'front-office',
      name: 'Front office',
      roles: ['member'],
      rateLimit: { requests: 1, seconds: 1 },
      keys: [],
    },
    keyId: 'test',
    roles: ['member'],
  }
  const { notices, end } = await read({
    caller,
    header: () => undefined,
    page: () => ({ after: 0, limit: 10 }),
  })

  expect(notices.map(({ data }) => data['number'])).toEqual(['1', '4'])
  expect(end).toBe(4)
  const lost = { upstream: 'market', notice: 'stall.opened' }
  expect(unopened).toEqual([lost, lost])
  expect(log).toHaveLength(2)
  expect(log[0]).toContain('"fault":"SealBroken at ')
})
