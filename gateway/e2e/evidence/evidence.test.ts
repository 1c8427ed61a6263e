import { describe, expect, it } from 'vitest'
import { verifyChain } from '#gateway/ledger/chain.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { type House, ledgerKey, startHouse } from '#gateway/testing/house.ts'

const input = { nik: '9999011501900001' }
const nobody = { nik: '9999011501909999' }

const lookup = (house: House, question: object = input, headers = {}) =>
  house.ask('/v1/residents/lookup', question, headers)

type Content = { readonly subjects: readonly string[] }

const rowsOf = async ({ store }: House) => {
  const rows = await store.readLedger(0, 1_000)
  expect(verifyChain(ledgerKey, rows)).toMatchObject({ ok: true })
  return rows.map(({ id, content }) => ({ id, ...(JSON.parse(content!) as Content) }))
}

describe('evidence', () => {
  it('of every answer and every refusal stands in the chain, under the id that the caller was told', async () => {
    const reuse = { scope: 'case', timeToLiveMs: 10_000, staleMs: 60_000 } as const
    await using house = await startHouse({
      agreements: [agreement({ reuse })],
      upstreams: [{ policy: { retries: 0 } }],
    })
    const context = {
      counter: 'A-03',
      officer: 'o-7f3a',
      purpose: 'skck.new',
      member: 'front-office',
      key: 'test',
    }
    const told: unknown[] = []
    const expected: object[] = []
    const ask = async (
      ending: { readonly outcome: string; readonly [fact: string]: unknown },
      question: object = input,
      headers = {},
    ) => {
      const { body } = await lookup(house, question, headers)
      told.push(body.auditId)
      expected.push({
        ...context,
        capability: 'resident.lookup',
        kind: ending.outcome === 'released' ? 'query' : 'refusal',
        subjects: [expect.any(String)],
        ...ending,
      })
    }

    await ask({
      outcome: 'released',
      mode: 'live',
      sent: 'yes',
      upstream: 'dukcapil',
      agreement: 'pks-front-office-dukcapil',
    })
    await ask({ outcome: 'released', mode: 'cached', sent: 'no' })
    await ask({ outcome: 'NOT_FOUND', sent: 'yes', source: 'dukcapil' }, nobody)
    await ask(
      { outcome: 'NOT_GRANTED', sent: 'no', reason: 'PURPOSE_NOT_GRANTED', purpose: 'other' },
      input,
      { 'mpp-purpose': 'other' },
    )
    house.clock.leap(20_000)
    house.dukcapil.setWeather('html')
    await ask({ outcome: 'released', mode: 'stale', sent: 'yes', fetchedAt: house.clock.now() - 20_000 })
    await ask({ outcome: 'UPSTREAM_UNREADABLE', sent: 'yes' }, nobody)
    house.dukcapil.setWeather('wrong-password')
    await ask({ outcome: 'UPSTREAM_MISCONFIGURED', sent: 'yes' }, nobody)
    await ask({ outcome: 'HELD', sent: 'no' }, nobody)

    const rows = await rowsOf(house)
    expect(rows).toMatchObject(expected)
    expect(rows.map(({ id }) => id)).toEqual(told)
  })

  it('names people by keyed hashes only, every member of a family among them', async () => {
    await using house = await startHouse()
    await house.ask('/v1/families/lookup', { familyCardNumber: '9999010101200001' })
    await lookup(house)
    const [family, resident] = await rowsOf(house)
    expect(family).toMatchObject({
      subjects: Array.from({ length: 5 }, () => expect.stringMatching(/^[\w-]{43}$/)),
    })
    expect(family?.subjects).toContain(resident?.subjects[0]) // the same person, the same hash
    const text = JSON.stringify(await house.store.readLedger(0, 10))
    expect(text).not.toMatch(/99990[0-9]{11}|CONTOH/)
  })

  it('is durable before the answer leaves', async () => {
    let kept = () => {}
    const slowly = (store: Store): Store => ({
      ...store,
      async appendLedger(entry) {
        await new Promise<void>(resolve => (kept = resolve))
        await store.appendLedger(entry)
      },
    })
    await using house = await startHouse({ wrapStore: slowly })
    let isAnswered = false
    const asking = lookup(house).finally(() => (isAnswered = true))
    await expect.poll(() => house.dukcapil.calls).toEqual({ lookup: 1 })
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(isAnswered).toBe(false)
    kept()
    expect((await asking).status).toBe(200)
    expect(await rowsOf(house)).toHaveLength(1)
  })
})

describe('without evidence', () => {
  /** A store that opens cases and keeps no ledger, until told otherwise. */
  const failing = () => {
    const disk = { isFull: true }
    const wrapStore = (store: Store): Store => ({
      ...store,
      appendLedger: entry =>
        disk.isFull ? Promise.reject(new StoreUnavailable('disk full')) : store.appendLedger(entry),
    })
    return { disk, wrapStore }
  }

  it('nothing personal is released, and everything else goes on', async () => {
    const { disk, wrapStore } = failing()
    await using house = await startHouse({ wrapStore })
    const { status, body, text } = await lookup(house)
    expect(status).toBe(503)
    expect(body).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      source: 'gateway',
      auditId: null,
      retryAfter: null,
    })
    expect(text).not.toMatch(/CONTOH|9999011501900001/)

    const ready = await house.get('/health/ready', {})
    expect(ready.status).toBe(200)
    expect(ready.text).toContain('the store keeps no evidence')
    expect((await house.get('/health/upstreams')).status).toBe(200)

    disk.isFull = false
    expect((await lookup(house)).status).toBe(200)
    expect((await house.get('/health/ready', {})).text).not.toContain('the store keeps no evidence')
  })

  it('the caller still learns that the agency was asked', async () => {
    await using house = await startHouse({ wrapStore: failing().wrapStore })
    expect((await lookup(house)).body).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      sent: 'yes',
      sources: [{ id: 'dukcapil', state: 'ok', sent: 'yes' }],
    })
    expect((await lookup(house, nobody)).body).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      sent: 'yes',
      sources: [{ id: 'dukcapil', state: 'NOT_FOUND', sent: 'yes' }],
    })
  })

  it('a case is not opened, and a case that no gateway has seen is not taken for an unknown one', async () => {
    const gone = (store: Store): Store => ({
      ...store,
      openCase: () => Promise.reject(new StoreUnavailable('disk full')),
      findCase: () => Promise.reject(new StoreUnavailable('disk full')),
    })
    await using house = await startHouse({ wrapStore: gone })
    expect((await house.ask('/v1/cases', {}, { 'mpp-case': undefined })).body).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      sent: 'no',
    })
    expect((await lookup(house, input, { 'mpp-case': 'case_0123456789abcdefghijkl' })).body.code).toBe(
      'STORE_UNAVAILABLE',
    )
    expect(house.dukcapil.calls).toEqual({})
  })
})
