import { describe, expect, it, onTestFinished } from 'vitest'
import type { SubmissionState } from '#contracts/submission.ts'
import { type Store, StoreRefused } from './store.ts'
import { blockingStates, putOffMs, type SubmissionFilter, type SubmissionRow } from './submissions.ts'
import { testSealed } from './test-entry.ts'
import { acceptOrder, moveTo, plenty, testAttachment, testEvent, testKey, testOrder } from './test-order.ts'

/** A place for stores whose time a test can let pass. */
export interface TimedPlace {
  open(): Promise<Store>
  passTime(ms: number): Promise<void>
}

const minute = 60_000
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
const newest = Number.MAX_SAFE_INTEGER
const take = (store: Store, limit = 10, leaseMs = minute) => store.takeSubmissions(['polri'], limit, leaseMs)
const refresh = async (store: Store, { id }: SubmissionRow) => (await store.findSubmission(id))!

/** What every store promises of orders. */
export function describeSubmissions(name: string, newPlace: () => Promise<TimedPlace>): void {
  async function openNew() {
    const place = await newPlace()
    const store = await place.open()
    onTestFinished(() => store.close())
    return { store, passTime: place.passTime }
  }

  describe(`${name}: accepting orders`, () => {
    it('finds an order as it was accepted, also after the store was opened again', async () => {
      const place = await newPlace()
      const store = await place.open()
      const order = testOrder({ orderKey: 'a key', dueInMs: 5 * minute })
      const event = testEvent('queued')
      expect(await store.acceptSubmission(order, testKey({ key: 'k' }), event)).toEqual({
        id: order.id,
        fingerprint: 'a fingerprint',
        isNew: true,
      })
      await store.close()
      const again = await place.open()
      onTestFinished(() => again.close())
      const row = (await again.findSubmission(order.id))!
      const { dueInMs: _dueInMs, attachments: _attachments, sealed, ...kept } = order
      expect(row).toMatchObject({ ...kept, revision: 1, attempts: 0, takenBy: null })
      expect(Buffer.from(row.sealed!)).toEqual(sealed)
      expect(row.dueAt! - row.since).toBe(5 * minute)
      expect(await again.readSubmissionEvents(order.id)).toEqual([
        { ...event, submission: order.id, capability: order.capability, member: 'polres', case: 'a case' },
      ])
      expect(await again.findIdempotencyKey('k')).toEqual({ id: order.id, fingerprint: 'a fingerprint' })
      expect(await again.findSubmission('unknown')).toBeUndefined()
    })

    it('accepts one of a hundred that come at once with one key', async () => {
      const { store } = await openNew()
      const orders = Array.from({ length: 100 }, () => testOrder())
      const key = testKey()
      const answers = await Promise.all(
        orders.map(order => store.acceptSubmission(order, key, testEvent('queued'))),
      )
      expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1)
      const [row, ...more] = await store.listSubmissions({}, newest, 200)
      expect(more).toEqual([])
      expect(new Set(idsOf(answers))).toEqual(new Set([row!.id]))
      expect(await store.readEvents(0, 200)).toHaveLength(1)
    })

    it('gives what was accepted under a key until that may be used anew', async () => {
      const { store, passTime } = await openNew()
      const first = testOrder()
      await store.acceptSubmission(first, testKey({ key: 'k', lastsMs: minute }), testEvent('queued'))
      const other = testOrder({ attachments: ['att_unknown'] })
      const key = testKey({ key: 'k', fingerprint: 'another' })
      expect(await store.acceptSubmission(other, key, testEvent('queued'))).toEqual({
        id: first.id,
        fingerprint: 'a fingerprint',
        isNew: false,
      })
      await passTime(minute)
      expect(await store.findIdempotencyKey('k')).toBeUndefined()
      const second = testOrder()
      expect(await store.acceptSubmission(second, key, testEvent('queued'))).toMatchObject({ isNew: true })
      expect(await store.findIdempotencyKey('k')).toEqual({ id: second.id, fingerprint: 'another' })
    })

    it('keeps nothing of an order that it refuses, nor its key; its neighbours are kept', async () => {
      const { store } = await openNew()
      const mine = testAttachment()
      const theirs = testAttachment({ member: 'dukcapil' })
      await store.keepAttachment(mine, plenty)
      await store.keepAttachment(theirs, plenty)
      const event = testEvent('queued')
      const kept = testOrder()
      const refused = [
        testOrder({ attachments: [mine.id, theirs.id] }),
        testOrder({ attachments: [mine.id, 'att_unknown'] }),
        testOrder({ id: kept.id }),
        testOrder({ attachments: [mine.id] }), // with an event that is logged already
      ]
      const results = await Promise.allSettled([
        store.acceptSubmission(kept, testKey(), event),
        ...refused
          .slice(0, 3)
          .map((order, number) =>
            store.acceptSubmission(order, testKey({ key: `key ${number}` }), testEvent('queued')),
          ),
        store.acceptSubmission(testOrder(), testKey(), testEvent('queued')),
      ])
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
        'fulfilled',
      ])
      const last = store.acceptSubmission(refused[3]!, testKey({ key: 'key 3' }), event)
      await expect(last).rejects.toThrow(StoreRefused)
      for (const result of results.slice(1, 4))
        expect(result).toMatchObject({ reason: expect.any(StoreRefused) as unknown })
      for (const number of [0, 1, 2, 3])
        expect(await store.findIdempotencyKey(`key ${number}`)).toBeUndefined()
      expect(await store.listSubmissions({}, newest, 10)).toHaveLength(2)
      expect(await store.readEvents(0, 10)).toHaveLength(2)
      expect(await store.destroyUnusedAttachments(0, 10)).toBe(2)
    })
  })

  describe(`${name}: taking orders`, () => {
    it('gives what is due, longest due first, each to one of those who take', async () => {
      const { store, passTime } = await openNew()
      const late = await acceptOrder(store, { dueInMs: 2 * minute })
      const early = await acceptOrder(store, { dueInMs: minute })
      const assisted = await acceptOrder(store, { dueInMs: null, awaits: 'officer' })
      const elsewhere = await acceptOrder(store, { upstream: 'oss' })
      expect(await take(store)).toEqual([])
      await passTime(3 * minute)
      const [one, ...none] = await take(store, 1)
      expect(none).toEqual([])
      expect(one).toMatchObject({ id: early.id, revision: 2, state: 'queued', attempts: 0 })
      expect(Buffer.from(one!.sealed!)).toEqual(testSealed('2026', 'content'))
      expect(idsOf(await take(store))).toEqual([late.id])
      expect(await take(store)).toEqual([])
      expect(await store.takeSubmissions([], 10, minute)).toEqual([])
      expect(idsOf(await store.takeSubmissions(['polri', 'oss'], 10, minute))).toEqual([elsewhere.id])
      expect(await refresh(store, assisted)).toMatchObject({ revision: 1, dueAt: null })
    })

    it('gives a taken one again when its lease is over, and only the last taker may change it', async () => {
      const { store, passTime } = await openNew()
      await acceptOrder(store)
      const [first] = await take(store)
      await passTime(minute)
      const [second] = await take(store)
      expect(second).toMatchObject({ id: first!.id, revision: first!.revision + 1 })
      const change = { state: 'sending', attempts: 1 } as const
      expect(await store.moveSubmission(first!.id, first!.revision, change, [testEvent('sending')])).toBe(
        undefined,
      )
      expect(await refresh(store, second!)).toEqual(second)
      expect(await store.readSubmissionEvents(first!.id)).toHaveLength(1)
      const moved = await store.moveSubmission(second!.id, second!.revision, change, [testEvent('sending')])
      expect(moved).toMatchObject({ state: 'sending', attempts: 1, revision: 4, dueAt: second!.dueAt })
      expect(await refresh(store, second!)).toEqual(moved)
    })

    it('never gives one to two who take at once', async () => {
      const { store } = await openNew()
      const orders = await Promise.all(Array.from({ length: 60 }, () => acceptOrder(store)))
      const taken: string[] = []
      while (taken.length < orders.length)
        taken.push(...idsOf((await Promise.all([1, 2, 3].map(() => take(store, 7)))).flat()))
      expect(taken.toSorted()).toEqual(idsOf(orders).toSorted())
    })

    it.each(blockingStates)('puts off what is behind one that is %s, until that leaves it', async state => {
      const { store, passTime } = await openNew()
      const ahead = await acceptOrder(store, { orderKey: 'permit', dueInMs: null })
      const behind = await acceptOrder(store, { orderKey: 'permit' })
      const last = await acceptOrder(store, { orderKey: 'permit' })
      await acceptOrder(store, { orderKey: 'permit', upstream: 'oss' })
      const free = await acceptOrder(store, { orderKey: 'another permit' })
      const blocking = await moveTo(store, ahead, state)
      expect(idsOf(await take(store))).toEqual([free.id])
      const putOff = await refresh(store, behind)
      expect(putOff.dueAt! - behind.dueAt!).toBeGreaterThanOrEqual(putOffMs)
      expect(putOff.revision).toBe(1)
      await passTime(putOffMs)
      expect(idsOf(await take(store))).not.toContain(behind.id)
      expect(await store.findSubmissionAhead(behind.id)).toMatchObject({ member: 'polres', state })

      await moveTo(store, blocking, 'accepted')
      expect(idsOf(await take(store))).toEqual([behind.id])
      expect(await store.findSubmissionAhead(behind.id)).toBeUndefined()
      await moveTo(store, await refresh(store, behind), 'cancelled')
      expect(idsOf(await take(store))).toEqual([last.id])
    })

    it('follows one that was brought to the agency whatever is ahead of it', async () => {
      const { store } = await openNew()
      const ahead = await acceptOrder(store, { orderKey: 'permit', dueInMs: null })
      const behind = await acceptOrder(store, { orderKey: 'permit', dueInMs: null })
      await moveTo(store, ahead, 'dead')
      await store.moveSubmission(behind.id, 1, { state: 'accepted', awaits: 'agency', dueInMs: 0 }, [])
      expect(idsOf(await take(store))).toEqual([behind.id])
    })

    it.each([
      ['one', () => 'permit'],
      ['one each', (number: number) => `permit ${number}`],
    ])(
      'gets through to the others however many wait behind %s, looked at once',
      async (_, keyOf) => {
        const { store } = await openNew()
        const accept = (changes: { dueInMs?: null } = {}) =>
          Promise.all(
            Array.from({ length: 500 }, (__, number) =>
              acceptOrder(store, { orderKey: keyOf(number), ...changes }),
            ),
          )
        const ahead = await accept({ dueInMs: null })
        const behind = await accept()
        const free = await acceptOrder(store)
        expect(idsOf(await take(store, 4))).toEqual([free.id])
        for (const row of behind)
          expect((await refresh(store, row)).dueAt! - row.dueAt!).toBeGreaterThanOrEqual(putOffMs)

        for (const row of ahead) await moveTo(store, row, 'confirmed')
        const next = new Set(behind.map(({ orderKey }) => orderKey))
        expect(await take(store, 1_000)).toHaveLength(next.size)
      },
      60_000,
    )

    it('comes to the end of every line, whoever accepts, takes and moves at once', async () => {
      const { store } = await openNew()
      const moved = new Map<string, number[]>()
      let count = 0
      async function work(): Promise<void> {
        while (count < 200) {
          for (const row of await take(store, 3)) {
            moved.getOrInsertComputed(row.orderKey!, () => []).push(row.sequence)
            await moveTo(store, row, 'confirmed')
            count += 1
          }
        }
      }
      const accepting = Array.from({ length: 8 }, async (_, key) => {
        for (let number = 0; number < 25; number++) await acceptOrder(store, { orderKey: `permit ${key}` })
      })
      await Promise.all([...accepting, work(), work(), work()])
      for (const line of moved.values()) expect(line).toEqual(line.toSorted((one, other) => one - other))
    }, 60_000)

    it('gives what was being sent when its lease is over, and nothing else, to who asks only for that', async () => {
      const { store, passTime } = await openNew()
      const send = async (changes: Partial<Parameters<typeof testOrder>[0]>, dueInMs: number | null) => {
        const { id } = await acceptOrder(store, changes)
        return (await store.moveSubmission(id, 1, { state: 'sending', attempts: 1, dueInMs }, []))!
      }
      const lapsed = await send({}, minute)
      await send({}, 5 * minute)
      await send({ awaits: 'officer' }, null)
      await send({ upstream: 'oss' }, minute)
      await acceptOrder(store)
      const lapsedToo = () => store.takeLapsedSubmissions('polri', 10, minute)
      expect(await lapsedToo()).toEqual([])
      await passTime(minute)
      expect(await store.takeLapsedSubmissions('polri', 0, minute)).toEqual([])
      const [taken, ...none] = await lapsedToo()
      expect(none).toEqual([])
      expect(taken).toMatchObject({ id: lapsed.id, state: 'sending', revision: lapsed.revision + 1 })
      expect(await lapsedToo()).toEqual([])
      expect(idsOf(await take(store))).not.toContain(lapsed.id)
    })

    it('makes due at once what waits for the agency about somebody', async () => {
      const { store } = await openNew()
      const hour = 60 * minute
      const move = async (row: SubmissionRow, state: SubmissionState, awaits: SubmissionRow['awaits']) =>
        store.moveSubmission(row.id, row.revision, { state, awaits, dueInMs: hour }, [])
      const accepted = await acceptOrder(store, { subjects: ['a', 'b'] })
      const uncertain = await acceptOrder(store, { subjects: ['c'] })
      const byHand = await acceptOrder(store, { subjects: ['a'], dueInMs: null })
      const queued = await acceptOrder(store, { subjects: ['a'], dueInMs: hour })
      const others = await acceptOrder(store, { subjects: ['d'] })
      const elsewhere = await acceptOrder(store, { subjects: ['a'], upstream: 'oss' })
      await move(accepted, 'accepted', 'agency')
      await move(uncertain, 'uncertain', 'gateway')
      await store.moveSubmission(byHand.id, 1, { state: 'accepted', awaits: 'officer' }, [])
      await move(others, 'accepted', 'agency')
      await move(elsewhere, 'accepted', 'agency')
      expect(await store.wakeSubmissions('polri', ['a', 'b', 'c'])).toBe(2)
      expect(await store.wakeSubmissions('polri', ['nobody'])).toBe(0)
      expect(await store.wakeSubmissions('polri', [])).toBe(0)
      expect((await refresh(store, accepted)).revision).toBe(2)
      expect(idsOf(await take(store)).toSorted()).toEqual([accepted.id, uncertain.id].toSorted())
      expect((await refresh(store, queued)).revision).toBe(1)
    })
  })

  describe(`${name}: changing orders`, () => {
    it('changes what is named, and since when only with the state', async () => {
      const { store, passTime } = await openNew()
      const { id } = await acceptOrder(store)
      await passTime(minute)
      const row = (await store.findSubmission(id))!
      const taken = (await store.moveSubmission(
        row.id,
        1,
        { takenBy: 'officer 1', awaits: 'officer', dueInMs: null },
        [],
      ))!
      expect(taken).toEqual({
        ...row,
        revision: 2,
        takenBy: 'officer 1',
        awaits: 'officer',
        dueAt: null,
      })
      const sealed = testSealed('2027', 'more')
      const moved = (await store.moveSubmission(
        row.id,
        2,
        { state: 'accepted', takenBy: null, awaits: null, attempts: 3, sealed },
        [testEvent('accepted'), testEvent('accepted')],
      ))!
      expect(moved).toMatchObject({
        state: 'accepted',
        takenBy: null,
        awaits: null,
        attempts: 3,
        revision: 3,
      })
      expect(Buffer.from(moved.sealed!)).toEqual(sealed)
      expect(moved.since - taken.since).toBeGreaterThanOrEqual(minute)
      expect(await store.readSubmissionEvents(row.id)).toHaveLength(3)
      expect(await store.moveSubmission('unknown', 1, {}, [])).toBeUndefined()
    })

    it('changes nothing where an event cannot be logged', async () => {
      const { store } = await openNew()
      const row = await acceptOrder(store)
      const [logged] = await store.readSubmissionEvents(row.id)
      const move = store.moveSubmission(row.id, 1, { state: 'dead' }, [
        testEvent('dead'),
        { ...testEvent('dead'), id: logged!.id },
      ])
      await expect(move).rejects.toThrow(StoreRefused)
      expect(await refresh(store, row)).toEqual(row)
      expect(await store.readSubmissionEvents(row.id)).toHaveLength(1)
    })

    it('lets one of those who saw the same revision change it', async () => {
      const { store } = await openNew()
      const row = await acceptOrder(store)
      const moves = await Promise.all(
        Array.from({ length: 20 }, () =>
          store.moveSubmission(row.id, 1, { state: 'sending' }, [testEvent('sending')]),
        ),
      )
      expect(moves.filter(Boolean)).toHaveLength(1)
      expect(await store.readSubmissionEvents(row.id)).toHaveLength(2)
    })
  })

  describe(`${name}: listing orders`, () => {
    it('finds by every filter, page by page, newest first, exactly what fits', async () => {
      const { store, passTime } = await openNew()
      const states = ['queued', 'dead', 'accepted', 'confirmed', 'uncertain', 'rejected'] as const
      const awaited = [null, 'officer', 'agency', 'operator', 'gateway'] as const
      for (let number = 0; number < 40; number++) {
        const row = await acceptOrder(store, {
          member: `member ${number % 2}`,
          case: `case ${number % 3}`,
          upstream: `upstream ${number % 4}`,
          capability: `capability ${number % 5}`,
        })
        const change = { state: states[number % 6]!, awaits: awaited[number % 5]! }
        await store.moveSubmission(row.id, 1, change, [])
        if (number === 19) await passTime(minute)
      }
      const all = await store.listSubmissions({}, newest, 100)
      expect(all.map(({ sequence }) => sequence)).toEqual(
        all.map(({ sequence }) => sequence).toSorted((one, other) => other - one),
      )
      const filters: SubmissionFilter[] = [
        { member: 'member 1' },
        { case: 'case 2' },
        { case: 'case 2', member: 'member 0', states: ['queued', 'accepted'] },
        { upstreams: ['upstream 1', 'upstream 3'] },
        { upstreams: [] },
        { capability: 'capability 4' },
        { states: ['dead', 'uncertain'] },
        { states: ['dead', 'confirmed'] },
        { states: [] },
        { awaits: 'officer' },
        { awaits: 'agency' },
        { awaits: 'operator', upstreams: ['upstream 2', 'upstream 3'], states: ['confirmed', 'dead'] },
        { member: 'member 0', awaits: 'officer' },
        { sinceBefore: all[19]!.since },
        { states: ['queued', 'dead'], sinceBefore: all[20]!.since + 1, capability: 'capability 1' },
      ]
      for (const filter of filters) {
        const fitting = all.filter(
          row =>
            (filter.member ?? row.member) === row.member &&
            (filter.case ?? row.case) === row.case &&
            (filter.capability ?? row.capability) === row.capability &&
            (filter.awaits ?? row.awaits) === row.awaits &&
            (filter.upstreams ?? [row.upstream]).includes(row.upstream) &&
            (filter.states ?? [row.state]).includes(row.state) &&
            row.since < (filter.sinceBefore ?? Infinity),
        )
        const paged: SubmissionRow[] = []
        for (;;) {
          const page = await store.listSubmissions(filter, paged.at(-1)?.sequence ?? newest, 3)
          paged.push(...page)
          if (page.length < 3) break
        }
        expect(idsOf(paged), JSON.stringify(filter)).toEqual(idsOf(fitting))
        const forwards: SubmissionRow[] = []
        for (;;) {
          const after = forwards.at(-1)?.sequence ?? 0
          const page = await store.listSubmissions({ ...filter, oldestFirst: true }, after, 3)
          forwards.push(...page)
          if (page.length < 3) break
        }
        expect(idsOf(forwards), JSON.stringify(filter)).toEqual(idsOf(fitting).toReversed())
      }
    })

    it('counts those that are not final, by upstream and state', async () => {
      const { store, passTime } = await openNew()
      expect(await store.countSubmissions()).toEqual([])
      await moveTo(store, await acceptOrder(store), 'dead')
      await passTime(minute)
      await moveTo(store, await acceptOrder(store), 'dead')
      await moveTo(store, await acceptOrder(store), 'confirmed')
      await acceptOrder(store, { upstream: 'oss' })
      const counts = await store.countSubmissions()
      const oldest = (await store.listSubmissions({ states: ['dead'] }, newest, 10)).at(-1)!
      expect(counts).toHaveLength(2)
      expect(counts).toContainEqual({ upstream: 'polri', state: 'dead', count: 2, oldestSince: oldest.since })
      expect(counts).toContainEqual(expect.objectContaining({ upstream: 'oss', state: 'queued', count: 1 }))
    })
  })

  describe(`${name}: events`, () => {
    it('are read in order, of all or of one member, from any position on', async () => {
      const { store } = await openNew()
      expect(await store.lastEventPosition()).toBe(0)
      const rows = [
        await acceptOrder(store, { member: 'a' }),
        await acceptOrder(store, { member: 'b' }),
        await acceptOrder(store, { member: 'a' }),
      ]
      for (const row of rows.toReversed()) await moveTo(store, row, 'dead')
      const all = await store.readEvents(0, 100)
      expect(all.map(({ submission, type }) => [submission, type])).toEqual([
        ...rows.map(({ id }) => [id, 'submission.queued']),
        ...rows.toReversed().map(({ id }) => [id, 'submission.dead']),
      ])
      expect(all.map(({ position }) => position)).toEqual(
        all.map(({ position }) => position).toSorted((one, other) => one - other),
      )
      expect(await store.lastEventPosition()).toBe(all.at(-1)!.position)
      expect(await store.readEvents(all[1]!.position, 2)).toEqual(all.slice(2, 4))
      expect(await store.readEvents(all[0]!.position, 2, 'a')).toEqual([all[2], all[3]])
      expect(await store.findEventPosition(all[4]!.id)).toBe(all[4]!.position)
      expect(await store.findEventPosition('unknown')).toBeUndefined()
      const { position: _position, ...event } = all[5]!
      expect((await store.readSubmissionEvents(rows[0]!.id)).at(-1)).toEqual(event)
    })

    it('are skipped by no reader, nor read twice, while more are logged', async () => {
      const { store } = await openNew()
      const logging = Promise.all(
        Array.from({ length: 40 }, async () => {
          const row = await acceptOrder(store)
          return moveTo(store, await moveTo(store, row, 'sending'), 'confirmed')
        }),
      )
      const read: string[] = []
      let after = 0
      while (read.length < 120) {
        for (const { position, submission, type } of await store.readEvents(after, 7)) {
          expect(position).toBeGreaterThan(after)
          after = position
          read.push(`${submission} ${type}`)
        }
      }
      for (const { id } of await logging)
        expect(read.filter(told => told.startsWith(id))).toEqual(
          ['queued', 'sending', 'confirmed'].map(state => `${id} submission.${state}`),
        )
      expect(await store.readEvents(after, 7)).toEqual([])
    })

    it('and keys are forgotten in time, a few at once; positions go on', async () => {
      const { store, passTime } = await openNew()
      for (const [number, at] of [3_000, 1_000, 2_000, 4_000].entries())
        await store.acceptSubmission(
          testOrder(),
          testKey({ key: `key ${number}`, lastsMs: (number + 1) * minute }),
          testEvent('queued', at),
        )
      const last = await store.lastEventPosition()
      await passTime(2 * minute)
      expect(await store.forgetSubmissionTraces(0, 1)).toBe(1)
      expect(await store.forgetSubmissionTraces(4_000, 2)).toBe(3)
      expect((await store.readEvents(0, 10)).map(({ at }) => at)).toEqual([3_000, 4_000])
      expect(await store.forgetSubmissionTraces(5_000, 10)).toBe(2)
      expect(await store.findIdempotencyKey('key 2')).toMatchObject({ fingerprint: 'a fingerprint' })
      expect(await store.readEvents(0, 10)).toEqual([])
      expect(await store.lastEventPosition()).toBe(last)
      await acceptOrder(store)
      expect(await store.lastEventPosition()).toBeGreaterThan(last)
    })
  })

  describe(`${name}: attachments`, () => {
    it('are found by their member, and destroyed when no order has named them in time', async () => {
      const { store, passTime } = await openNew()
      const [used, unused, young] = [testAttachment(), testAttachment(), testAttachment()]
      await store.keepAttachment(used, plenty)
      await store.keepAttachment(unused, plenty)
      await expect(store.keepAttachment(used, plenty)).rejects.toThrow(StoreRefused)
      const found = await store.findAttachments('polres', [used.id, 'att_unknown'])
      expect(found.map(row => ({ ...row, sealed: Buffer.from(row.sealed) }))).toEqual([used])
      expect(await store.findAttachments('dukcapil', [used.id])).toEqual([])
      await acceptOrder(store, { attachments: [used.id, used.id] })
      await passTime(minute)
      await store.keepAttachment(young, plenty)
      expect(await store.destroyUnusedAttachments(minute, 10)).toBe(1)
      expect(await store.destroyUnusedAttachments(minute, 10)).toBe(0)
      expect(idsOf(await store.findAttachments('polres', [used.id, unused.id, young.id])).toSorted()).toEqual(
        [used.id, young.id].toSorted(),
      )
    })

    it('may be named in time, or while another order names them; their sizes are told without them', async () => {
      const { store, passTime } = await openNew()
      const [used, unused] = [testAttachment({ bytes: 7 }), testAttachment()]
      for (const attachment of [used, unused]) await store.keepAttachment(attachment, plenty)
      await acceptOrder(store, { attachments: [used.id] })
      const usable = async (member = 'polres') =>
        (await store.findUsableAttachments(member, [used.id, unused.id, 'att_unknown'], minute)).toSorted(
          (one, other) => other.bytes - one.bytes,
        )
      expect(await usable()).toEqual([
        { id: used.id, bytes: 7 },
        { id: unused.id, bytes: 5 },
      ])
      expect(await usable('dukcapil')).toEqual([])
      await passTime(minute)
      expect(await usable()).toEqual([{ id: used.id, bytes: 7 }])
    })

    it('are kept up to so many and so large a sum that no order names, for each member', async () => {
      const { store } = await openNew()
      const few = { count: 2, bytes: 10 }
      const named = testAttachment()
      expect(await store.keepAttachment(named, few)).toBe(true)
      await acceptOrder(store, { attachments: [named.id] })
      expect(await store.keepAttachment(testAttachment(), few)).toBe(true)
      const large = testAttachment({ bytes: 6 })
      expect(await store.keepAttachment(large, few)).toBe(false)
      expect(await store.keepAttachment(testAttachment(), few)).toBe(true)
      expect(await store.keepAttachment(testAttachment({ bytes: 0 }), few)).toBe(false)
      expect(await store.keepAttachment(testAttachment({ member: 'dukcapil' }), few)).toBe(true)
      expect(await store.readSealedAttachments(0, 10)).toHaveLength(4)
    })

    it('go with the last order that names them', async () => {
      const { store } = await openNew()
      const [shared, alone] = [testAttachment(), testAttachment()]
      await store.keepAttachment(shared, plenty)
      await store.keepAttachment(alone, plenty)
      const one = await acceptOrder(store, { subjects: ['one'], attachments: [shared.id, alone.id] })
      const other = await acceptOrder(store, { subjects: ['other'], attachments: [shared.id] })
      await moveTo(store, one, 'confirmed')
      await moveTo(store, other, 'confirmed')
      expect(await store.eraseSubmissions('one')).toEqual({ destroyed: 1, open: 0 })
      expect(idsOf(await store.findAttachments('polres', [shared.id, alone.id]))).toEqual([shared.id])
      expect(await store.destroyUnusedAttachments(0, 10)).toBe(0)
      await store.eraseSubmissions('other')
      expect(await store.findAttachments('polres', [shared.id, alone.id])).toEqual([])
      expect(await store.readSealedAttachments(0, 10)).toEqual([])
      await expect(acceptOrder(store, { attachments: [shared.id] })).rejects.toThrow(StoreRefused)
    })
  })

  describe(`${name}: the end of orders`, () => {
    it('destroys the content of what has been final for long, oldest first', async () => {
      const { store, passTime } = await openNew()
      const rows = [await acceptOrder(store), await acceptOrder(store), await acceptOrder(store)]
      const open = await acceptOrder(store)
      await moveTo(store, rows[2]!, 'confirmed')
      await passTime(minute)
      await moveTo(store, rows[1]!, 'rejected')
      await passTime(minute)
      await moveTo(store, rows[0]!, 'cancelled')
      expect(await store.destroySubmissions(minute, 1)).toBe(1)
      expect((await refresh(store, rows[2]!)).sealed).toBeNull()
      expect(await store.destroySubmissions(minute, 10)).toBe(1)
      expect(await store.destroySubmissions(minute, 10)).toBe(0)
      expect(await refresh(store, rows[1]!)).toMatchObject({ sealed: null, subjects: [], state: 'rejected' })
      expect((await refresh(store, rows[0]!)).sealed).not.toBeNull()
      expect((await refresh(store, open)).sealed).not.toBeNull()
    })

    it('destroys what final ones hold about somebody at once, and of others at their end', async () => {
      const { store } = await openNew()
      const attachment = testAttachment()
      await store.keepAttachment(attachment, plenty)
      const final = await moveTo(store, await acceptOrder(store, { subjects: ['one', 'two'] }), 'confirmed')
      const open = await acceptOrder(store, { subjects: ['one', 'two'], attachments: [attachment.id] })
      const other = await moveTo(store, await acceptOrder(store, { subjects: ['two'] }), 'confirmed')
      expect(await store.eraseSubmissions('one')).toEqual({ destroyed: 1, open: 1 })
      expect(await refresh(store, final)).toEqual({ ...final, sealed: null, subjects: [] })
      expect(await refresh(store, open)).toEqual(open)
      expect(await store.eraseSubmissions('one')).toEqual({ destroyed: 0, open: 1 })

      const sending = await store.moveSubmission(open.id, 1, { state: 'sending' }, [testEvent('sending')])
      expect(sending!.sealed).not.toBeNull()
      const change = { state: 'confirmed', sealed: testSealed('2026', 'result') } as const
      const ended = await store.moveSubmission(open.id, 2, change, [testEvent('confirmed')])
      expect(ended).toMatchObject({ state: 'confirmed', sealed: null, subjects: [], revision: 3 })
      expect(await refresh(store, open)).toEqual(ended)
      expect(await store.findAttachments('polres', [attachment.id])).toEqual([])
      expect(await store.readSubmissionEvents(open.id)).toHaveLength(3)
      expect(await store.eraseSubmissions('one')).toEqual({ destroyed: 0, open: 0 })
      expect((await refresh(store, other)).sealed).not.toBeNull()
      expect(await store.eraseSubmissions('two')).toEqual({ destroyed: 1, open: 0 })
    })

    it('keeps what was destroyed empty, whatever comes afterwards', async () => {
      const { store } = await openNew()
      const row = await moveTo(store, await acceptOrder(store), 'confirmed')
      await store.destroySubmissions(0, 10)
      const late = await store.moveSubmission(row.id, row.revision, { sealed: testSealed('2026', 'x') }, [])
      expect(late!.sealed).toBeNull()
    })
  })

  describe(`${name}: sealing orders anew`, () => {
    it('puts the same in its place, unless it has changed meanwhile, and names the keys', async () => {
      const { store } = await openNew()
      const paper = testAttachment({ sealed: testSealed('old', 'paper') })
      await store.keepAttachment(paper, plenty)
      await store.keepAttachment(testAttachment({ sealed: testSealed('young', 'paper') }), plenty)
      const rows = [
        await acceptOrder(store, { sealed: testSealed('old', 'a'), attachments: [paper.id] }),
        await acceptOrder(store, { sealed: testSealed('old', 'b') }),
        await acceptOrder(store, { sealed: testSealed('young', 'c') }),
      ]
      expect((await store.sealedSubmissionKeyIds()).toSorted()).toEqual(['old', 'young'])
      expect((await store.sealedAttachmentKeyIds()).toSorted()).toEqual(['old', 'young'])
      const sealed = await store.readSealedSubmissions(0, 10)
      expect(idsOf(sealed)).toEqual(idsOf(rows))
      expect(idsOf(await store.readSealedSubmissions(sealed[0]!.sequence, 1))).toEqual([rows[1]!.id])

      expect(await store.resealSubmission(sealed[0]!, testSealed('young', 'a'))).toBe(true)
      expect(await store.resealSubmission(sealed[0]!, testSealed('younger', 'a'))).toBe(false)
      expect((await refresh(store, rows[0]!)).revision).toBe(1)
      await store.moveSubmission(rows[1]!.id, 1, { sealed: testSealed('young', 'more') }, [])
      expect(await store.resealSubmission(sealed[1]!, testSealed('young', 'b'))).toBe(false)
      expect(await store.sealedSubmissionKeyIds()).toEqual(['young'])

      const [first, ...more] = await store.readSealedAttachments(0, 10)
      expect(first).toMatchObject({ id: paper.id, member: 'polres' })
      expect(more).toHaveLength(1)
      expect(await store.resealAttachment(first!, testSealed('young', 'paper'))).toBe(true)
      expect(await store.resealAttachment(first!, testSealed('younger', 'paper'))).toBe(false)
      expect(await store.sealedAttachmentKeyIds()).toEqual(['young'])
      expect(idsOf(await store.readSealedAttachments(first!.sequence, 10))).toEqual(idsOf(more))
    })
  })

  describe(`${name}: webhooks`, () => {
    it('are told from their beginning on, by one teller at a time', async () => {
      const { store, passTime } = await openNew()
      await acceptOrder(store)
      const position = await store.lastEventPosition()
      expect(await store.readWebhook('w')).toBeUndefined()
      const [taken, ...others] = (
        await Promise.all(Array.from({ length: 5 }, () => store.takeWebhook('w', minute)))
      ).filter(row => row !== undefined)
      expect(others).toEqual([])
      expect(taken).toMatchObject({ id: 'w', position, failures: 0 })
      expect(await store.readWebhook('w')).toEqual(taken)
      await acceptOrder(store)
      await passTime(minute)
      const again = await store.takeWebhook('w', minute)
      expect(again).toMatchObject({ position, revision: taken!.revision + 1 })
      expect(await store.moveWebhook('w', taken!.revision, { position: 9_000, dueInMs: 0 })).toBe(false)
      expect(await store.moveWebhook('w', again!.revision, { position: position + 1, dueInMs: 0 })).toBe(true)
      expect(await store.takeWebhook('w', minute)).toMatchObject({
        position: position + 1,
        revision: again!.revision + 2,
      })
      expect(await store.takeWebhook('another', minute)).toMatchObject({ position: position + 1 })
    })

    it('wait after a failure, and keep what was given up', async () => {
      const { store, passTime } = await openNew()
      const { revision } = (await store.takeWebhook('w', minute))!
      expect(await store.moveWebhook('w', revision, { failures: 3, dueInMs: 5 * minute })).toBe(true)
      await passTime(4 * minute)
      expect(await store.takeWebhook('w', minute)).toBeUndefined()
      await passTime(minute)
      const row = (await store.takeWebhook('w', minute))!
      expect(row.failures).toBe(3)
      const dead = { webhook: 'w', position: 7, at: 1_000, reason: 'HTTP 410' }
      const change = { position: 7, failures: 0, dueInMs: 0 }
      expect(await store.moveWebhook('w', revision, change, { ...dead, position: 6 })).toBe(false)
      expect(await store.moveWebhook('w', row.revision, change, dead)).toBe(true)
      const next = (await store.takeWebhook('w', minute))!
      expect(next).toMatchObject({ position: 7, failures: 0 })
      const later = { ...dead, position: 8, at: 2_000 }
      await store.moveWebhook('w', next.revision, { dueInMs: 0 }, later)
      expect(await store.readDeadEvents('w', 10)).toEqual([later, dead])
      expect(await store.readDeadEvents('w', 1)).toEqual([later])
      expect(await store.readDeadEvents('another', 10)).toEqual([])
      await store.forgetSubmissionTraces(2_000, 10)
      expect(await store.readDeadEvents('w', 10)).toEqual([later])
    })
  })
}
