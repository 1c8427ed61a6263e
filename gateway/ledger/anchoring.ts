import type { KeyObject } from 'node:crypto'
import type { Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Store } from '#gateway/store/store.ts'
import { type Anchor, signAnchor } from './anchor.ts'
import { type AnchorFile, openAnchorFile } from './anchor-file.ts'
import { genesis } from './chain.ts'

export interface AnchorSettings {
  readonly file: string
  readonly everyRows: number
  readonly everySeconds: number
  readonly signingKey: KeyObject
  /** Public keys of earlier signing keys: what they have signed stays proven. */
  readonly formerKeys: readonly KeyObject[]
  /** Anchors are sent here too. */
  readonly url?: string | undefined
}

export interface Anchoring {
  /** Told of every row. */
  recorded(): void
  /** Anchors where the chain stands now, unless it stands anchored already. Whatever fails is told to log and metrics. */
  anchor(): Promise<void>
  /** Undefined where there is none yet, or another gateway anchors. */
  readonly last: Anchor | undefined
  /** What is wrong: rows that were anchored are gone, the file cannot be written, or rows wait for long. */
  readonly problem: keyof typeof warnings | undefined
  /** The same, in words for the operators. */
  readonly warning: string | undefined
  /** Anchors a last time, and ends. */
  close(): Promise<void>
}

export interface AnchoringHouse {
  readonly store: Pick<Store, 'readLedgerHead'>
  readonly log: Log
  readonly metrics: Pick<Metrics, 'anchored'>
  readonly now: () => number
}

/** Rows that were anchored are gone. */
class LedgerCut extends Error {
  override readonly name = 'LedgerCut'
}

const sendMs = 10_000

const warnings = {
  CUT: 'the ledger ends before its last anchor: run "ledger verify"',
  UNWRITABLE: 'the ledger is not anchored: the anchors file cannot be written',
  LATE: 'the ledger is anchored late: rows wait for longer than three periods',
} as const

/** Anchors the ledger every so many rows or seconds. Where several gateways share an anchors file, one of them does it. */
export function createAnchoring(
  { file: path, everyRows, everySeconds, signingKey, url }: AnchorSettings,
  { store, log, metrics, now }: AnchoringHouse,
): Anchoring {
  let file: AnchorFile | undefined
  let rows = 0
  /** Of the first row that is not anchored. */
  let waitingSince: number | undefined
  let failure: unknown
  let latest: Promise<void> | undefined
  let isClosed = false

  const timer = setInterval(anchorUnlessUnderWay, everySeconds * 1_000)
  timer.unref()

  function recorded(): void {
    waitingSince ??= now()
    rows += 1
    if (rows >= everyRows) anchorUnlessUnderWay()
  }

  function anchorUnlessUnderWay(): void {
    if (!latest) void anchor()
  }

  /** One after the other: who asks while one is under way gets the one after it. */
  function anchor(): Promise<void> {
    const mine = (latest ?? Promise.resolve()).then(attempt).finally(() => {
      if (latest === mine) latest = undefined
    })
    latest = mine
    return mine
  }

  async function attempt(): Promise<void> {
    if (isClosed) return
    const [rowsBefore, waitingBefore] = [rows, waitingSince]
    rows = 0
    waitingSince = undefined
    try {
      file ??= await openAnchorFile(path)
      if (file) await append(file)
      failure = undefined
    } catch (error) {
      rows += rowsBefore
      waitingSince = waitingBefore ?? waitingSince
      failure = error
      if (!(error instanceof LedgerCut)) {
        // What of the last anchor has reached the disk, only the file can tell: it is read anew.
        await file?.close().catch(() => {})
        file = undefined
      }
      metrics.anchored({ place: 'file', outcome: 'failed' })
      log.warn(
        { reason: (error as NodeJS.ErrnoException).code ?? (error as Error).name },
        'ledger not anchored',
      )
    }
  }

  async function append(file: AnchorFile): Promise<void> {
    const { sequence, hash } = (await store.readLedgerHead()) ?? genesis
    const { last } = file
    if (sequence < (last?.sequence ?? 0)) throw new LedgerCut('the ledger ends before its last anchor')
    if (sequence === (last?.sequence ?? 0)) return
    const anchor = signAnchor({ sequence, hash, at: now() }, last?.signature ?? '', signingKey)
    await file.append(anchor)
    metrics.anchored({ place: 'file', outcome: 'ok' })
    log.info({ anchor }, 'ledger anchored')
    if (url !== undefined) void send(url, anchor)
  }

  /** To a witness, who may be away: the next anchor names this one. */
  async function send(url: string, anchor: Anchor): Promise<void> {
    let outcome: 'ok' | 'failed' = 'failed'
    try {
      const { ok } = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(anchor),
        redirect: 'error',
        signal: AbortSignal.timeout(sendMs),
      })
      if (ok) outcome = 'ok'
    } catch {
      // counted below
    }
    metrics.anchored({ place: 'url', outcome })
    if (outcome === 'failed') log.warn({}, 'anchor not sent')
  }

  function problem(): keyof typeof warnings | undefined {
    if (failure instanceof LedgerCut) return 'CUT'
    if (failure !== undefined) return 'UNWRITABLE'
    return waitingSince !== undefined && now() - waitingSince > 3 * everySeconds * 1_000 ? 'LATE' : undefined
  }

  return {
    recorded,
    anchor,
    get last() {
      return file?.last
    },
    get problem() {
      return problem()
    },
    get warning() {
      const wrong = problem()
      return wrong && warnings[wrong]
    },
    async close() {
      clearInterval(timer)
      await anchor()
      isClosed = true
      await file?.close()
    },
  }
}
