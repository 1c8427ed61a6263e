import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLog } from '#gateway/log.ts'
import { openSqliteStore } from '#gateway/store/sqlite.ts'
import { openSqliteReader } from '#gateway/store/sqlite-reader.ts'
import { type LedgerRow, type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { testEntry } from '#gateway/store/test-entry.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { tamperings } from '#gateway/testing/tampering.ts'
import { type Anchor, signAnchor } from './anchor.ts'
import { createAnchoring } from './anchoring.ts'
import { type ChainHead, genesis, nextRow } from './chain.ts'
import { createEvidence, type LedgerContent } from './evidence.ts'
import { createRetention } from './retention.ts'
import { verifyLedger } from './verify.ts'

const ledgerKey = Buffer.alloc(32, 'ledger')
const { privateKey: signingKey, publicKey } = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const dayMs = 24 * 60 * 60_000

interface Place {
  readonly folder: string
  readonly anchorsFile: string
}

/** Twelve rows, anchored after the fourth, the eighth and, unless told, the last one. */
async function newLedger(anchoredAfter: readonly number[] = [4, 8, 12]): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const anchorsFile = join(folder, 'anchors', 'ledger.jsonl')
  const store = await openSqliteStore({ folder, ledgerKey })
  const anchoring = anchoringOf(anchorsFile, store)
  for (let number = 1; number <= 12; number += 1) {
    await store.appendLedger(testEntry(number))
    if (anchoredAfter.includes(number)) await anchoring.anchor()
  }
  await store.close() // the last anchor is not made: the store is gone
  await anchoring.close()
  return { folder, anchorsFile }
}

const anchoringOf = (file: string, store: Parameters<typeof createAnchoring>[1]['store']) =>
  createAnchoring(
    { file, everyRows: 1_000, everySeconds: 3_600, signingKey, formerKeys: [] },
    { store, log: createLog({ write: () => {} }), metrics: { anchored: () => {} }, now: Date.now },
  )

async function verify({ folder, anchorsFile }: Place, publicKeys: readonly KeyObject[] = [publicKey]) {
  const store = openSqliteReader(folder, ledgerKey)
  const options = { store, ledgerKey, anchorFiles: [anchorsFile], publicKeys, longestTailMs: 600_000 }
  return verifyLedger(options).finally(() => store.close())
}

function alter({ folder }: Place, ...statements: readonly string[]): void {
  const database = new DatabaseSync(join(folder, 'gateway.db'))
  for (const statement of statements) database.exec(statement)
  database.close()
}

const linesOf = ({ anchorsFile }: Place): string[] => readFileSync(anchorsFile, 'utf8').trimEnd().split('\n')
const writeLines = ({ anchorsFile }: Place, lines: readonly string[]): void =>
  writeFileSync(anchorsFile, lines.map(line => `${line}\n`).join(''))
const anchorsOf = (place: Place): Anchor[] => linesOf(place).map(line => JSON.parse(line) as Anchor)

/** What somebody does who holds the ledger key: writes all rows anew as if the third had never been. */
function makeAnew({ folder }: Place): void {
  const database = new DatabaseSync(join(folder, 'gateway.db'))
  const rows = database.prepare('SELECT * FROM ledger ORDER BY sequence').all() as unknown as LedgerRow[]
  let head: ChainHead = genesis
  for (const { id, at, content, sequence } of rows) {
    const row = nextRow(ledgerKey, head, id, at, sequence === 3 ? '{"kind":"query"}' : content!)
    database
      .prepare('UPDATE ledger SET content = ?, digest = ?, hash = ? WHERE sequence = ?')
      .run(row.content, row.digest, row.hash, row.sequence)
    head = row
  }
  database.close()
}

describe('a ledger that nobody touched', () => {
  it('verifies, and says up to where it is anchored', async () => {
    expect(await verify(await newLedger())).toEqual({
      findings: [],
      rows: 12,
      destroyed: 0,
      unended: [],
      anchored: expect.objectContaining({ sequence: 12 }),
      unanchored: 0,
    })
    expect(await verify(await newLedger([4, 8]))).toMatchObject({
      findings: [],
      anchored: { sequence: 8 },
      unanchored: 4,
    })
  })

  it('verifies while a gateway writes to it', async () => {
    const place = await newLedger()
    const store = await openSqliteStore({ folder: place.folder, ledgerKey })
    await store.appendLedger(testEntry(13))
    expect(await verify(place)).toMatchObject({ findings: [], rows: 13, unanchored: 1 })
    await store.close()
  })

  it('verifies with the public key of an earlier signing key', async () => {
    const place = await newLedger()
    expect(await verify(place, [stranger.publicKey, publicKey])).toMatchObject({ findings: [] })
  })

  it('minds no line of anchors that a crash cut short, and goes on after it', async () => {
    const place = await newLedger([4, 8])
    appendFileSync(place.anchorsFile, '{"sequence":12,"ha')
    expect(await verify(place)).toMatchObject({ findings: [], anchored: { sequence: 8 } })
    const store = openSqliteReader(place.folder, ledgerKey)
    await anchoringOf(place.anchorsFile, store).close()
    await store.close()
    expect(await verify(place)).toMatchObject({ findings: [], anchored: { sequence: 12 } })
  })

  it('verifies page by page, wherever the anchors lie', async () => {
    const { anchorsFile } = await newLedger([])
    const store = createMemoryStore(ledgerKey)
    const anchoring = anchoringOf(anchorsFile, store)
    for (let number = 1; number <= 2_500; number += 1) {
      await store.appendLedger({ id: `${number}`, at: number, content: {} })
      if ([1, 999, 1_000, 1_001, 2_400].includes(number)) await anchoring.anchor()
    }
    const options = { ledgerKey, anchorFiles: [anchorsFile], publicKeys: [publicKey], longestTailMs: 99 }
    expect(await verifyLedger({ ...options, store })).toEqual({
      findings: [],
      rows: 2_500,
      destroyed: 0,
      unended: [],
      anchored: expect.objectContaining({ sequence: 2_400 }),
      unanchored: 100,
    })
    const late = await verifyLedger({ ...options, store, longestTailMs: 98 })
    expect(late.findings).toMatchObject([{ where: 'rows from 2401 on' }])
    const cut = {
      readLedger: (after: number, limit: number) => store.readLedger(after, Math.min(limit, 2_399 - after)),
    }
    expect((await verifyLedger({ ...options, store: cut })).findings).toMatchObject([
      { where: 'rows from 2400 on' },
    ])
    const other = createMemoryStore(ledgerKey)
    for (let number = 1; number <= 2_500; number += 1)
      await other.appendLedger({
        id: `${number}`,
        at: number,
        content: number === 1_001 ? { made: 'anew' } : {},
      })
    expect((await verifyLedger({ ...options, store: other })).findings).toMatchObject([
      { where: 'rows 1001 to 1001' },
    ])
    await anchoring.close()
  })

  it('says what an interrupted retention leaves unchecked, until the next run accounts for it', async () => {
    const clock = createClock()
    const store = createMemoryStore(ledgerKey)
    const evidence = createEvidence(store)
    const append = (number: number) =>
      evidence.record({
        id: `01990000-0000-7000-8000-00000000000${number}`,
        at: clock.now() - 40 * dayMs,
        content: { kind: 'act', act: 'test', member: 'gateway', key: 'test' },
      })
    const retentionIn = (place: Store) =>
      createRetention(
        { acts: 30, refusals: 30, notices: 30 },
        {
          store: place,
          evidence,
          log: createLog({ write: () => {} }),
          metrics: { destroyed: () => {} },
          timeZone: 'Asia/Jakarta',
          now: clock.now,
        },
      )
    const verdict = () =>
      verifyLedger({ store, ledgerKey, anchorFiles: [], publicKeys: [], longestTailMs: 0 })
    for (const number of [1, 2, 3]) await append(number)

    const dying: Store = {
      ...store,
      async destroyLedgerContent(kinds, before) {
        await store.destroyLedgerContent(kinds, before, 2)
        throw new StoreUnavailable('killed')
      },
    }
    const begunAt = clock.now()
    await expect(retentionIn(dying).run()).rejects.toThrow('killed')
    const unended = ['acts', 'refusals'].map(name => ({ class: name, until: begunAt - 30 * dayMs, begunAt }))
    expect(await verdict()).toMatchObject({ findings: [], destroyed: 2, unended })

    clock.leap(10 * 60_000)
    expect(await retentionIn(store).run()).toEqual({ notices: 0 }) // the others may be under way elsewhere
    clock.leap(60 * 60_000)
    expect(await retentionIn(store).run()).toEqual({ acts: 1, refusals: 0, notices: 0 })
    expect(await verdict()).toMatchObject({ findings: [], destroyed: 3, unended: [] })
    const notes = async () =>
      (await store.readLedger(3, 100)).map(({ content }) => JSON.parse(content!) as object)
    expect((await notes()).filter(note => 'recovered' in note)).toMatchObject([
      { class: 'acts', state: 'done', count: 1, recovered: 2 },
      { class: 'refusals', state: 'done', count: 0, recovered: 0 },
    ])

    clock.leap(dayMs)
    await retentionIn(store).run()
    expect((await notes()).filter(note => 'recovered' in note)).toHaveLength(2) // recovered once
    await append(4)
    await store.destroyLedgerContent(['act'], clock.now(), 1) // by hand
    expect((await verdict()).findings).toEqual([
      { where: 'row 1 or a later one', what: expect.stringContaining('no retention accounts for (3 rows)') },
    ])
  })

  it('still verifies after retention, which accounts for what it destroyed', async () => {
    const place = await newLedger([])
    const store = await openSqliteStore({ folder: place.folder, ledgerKey })
    const now = () => 2_000_000_000_000
    const evidence = createEvidence(store)
    const act: LedgerContent = { kind: 'act', act: 'test', member: 'gateway', key: 'test' }
    for (const [index, at] of [0, 0, now() - dayMs].entries())
      await evidence.record({ id: `01990000-0000-7000-8000-00000000000${index}`, at, content: act })
    const retention = createRetention(
      { acts: 30, refusals: 30 },
      {
        store,
        evidence,
        log: createLog({ write: () => {} }),
        metrics: { destroyed: () => {} },
        timeZone: 'Asia/Jakarta',
        now,
      },
    )
    expect(await retention.run()).toEqual({ acts: 2, refusals: 0 })
    expect(await retention.run()).toEqual({ acts: 0, refusals: 0 })
    await anchoringOf(place.anchorsFile, store).close()
    await store.close()
    expect(await verify(place)).toMatchObject({ findings: [], destroyed: 2, unanchored: 0 })

    alter(place, 'UPDATE ledger SET content = NULL WHERE sequence = 2')
    expect((await verify(place)).findings).toEqual([
      { where: 'row 2 or a later one', what: expect.stringContaining('no retention accounts for') },
    ])
  })
})

describe('tampering is found:', () => {
  const isWrong = (what: string) => expect.stringContaining(what)

  it.each(tamperings)('%s', async (_, statements, where, what) => {
    const place = await newLedger()
    alter(place, statements)
    expect((await verify(place)).findings).toEqual([{ where, what: isWrong(what) }])
  })

  it('a chain made anew with the ledger key', async () => {
    const place = await newLedger()
    makeAnew(place)
    expect((await verify(place)).findings).toEqual([{ where: 'rows 1 to 4', what: isWrong('made anew') }])
  })

  it.each<[string, (place: Place) => void, number, string]>([
    [
      'an edited anchor',
      place =>
        writeLines(place, linesOf(place).with(1, linesOf(place)[1]!.replace('"sequence":8', '"sequence":7'))),
      2,
      'signature',
    ],
    [
      'an anchor forged with another key',
      place => {
        const [first, second, third] = anchorsOf(place)
        const forged = signAnchor(second!, first!.signature, stranger.privateKey)
        writeLines(
          place,
          [first, forged, third].map(one => JSON.stringify(one)),
        )
      },
      2,
      'signature',
    ],
    ['a removed anchor', place => writeLines(place, linesOf(place).toSpliced(1, 1)), 2, 'does not follow'],
    ['a removed first anchor', place => writeLines(place, linesOf(place).slice(1)), 1, 'does not follow'],
    [
      'anchors that changed places',
      place => writeLines(place, linesOf(place).toReversed()),
      1,
      'does not follow',
    ],
    [
      'an anchor put in twice',
      place => appendFileSync(place.anchorsFile, `${linesOf(place)[2]}\n`),
      4,
      'does not follow',
    ],
    ['a line that is no anchor', place => writeLines(place, ['{}', ...linesOf(place)]), 1, 'no anchor'],
  ])('%s', async (_, tamper, line, what) => {
    const place = await newLedger()
    tamper(place)
    expect((await verify(place)).findings).toEqual([
      { where: `${place.anchorsFile} line ${line}`, what: isWrong(what) },
    ])
  })

  it('a chain made anew and the anchors cut off, by the time that no anchor vouches for and by a witness', async () => {
    const place = await newLedger()
    const witnessed = linesOf(place)
    const copy = join(place.folder, 'witness.jsonl')
    writeFileSync(copy, `${witnessed.join('\n')}\n`)
    makeAnew(place)
    writeFileSync(place.anchorsFile, '')
    const store = openSqliteReader(place.folder, ledgerKey)
    const options = { store, ledgerKey, publicKeys: [publicKey], longestTailMs: 0 }
    const alone = await verifyLedger({ ...options, anchorFiles: [place.anchorsFile] })
    expect(alone.findings).toEqual([{ where: 'rows from 1 on', what: isWrong('anchors were cut off') }])
    const witnessing = await verifyLedger({ ...options, anchorFiles: [place.anchorsFile, copy] })
    expect(witnessing.findings).toEqual([{ where: 'rows 1 to 4', what: isWrong('made anew') }])
    await store.close()
  })
})
