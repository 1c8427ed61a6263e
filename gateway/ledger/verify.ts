/** Is the ledger what it was? The chain, the content, and the anchors outside the store, page by page. */
import type { KeyObject } from 'node:crypto'
import type { LedgerRow, Store } from '#gateway/store/store.ts'
import { type Anchor, isSigned, parseAnchor } from './anchor.ts'
import { linesOf } from './anchor-file.ts'
import { type ChainHead, genesis, verifyChain } from './chain.ts'
import { DestructionAccount, type UnendedRun } from './destructions.ts'

export interface VerifyOptions {
  readonly store: Pick<Store, 'readLedger'>
  readonly ledgerKey: Buffer
  /** Paths; each file is a chain of anchors of its own. */
  readonly anchorFiles: readonly string[]
  /** Of those who sign and have signed. */
  readonly publicKeys: readonly KeyObject[]
  /** A tail that is not anchored spans no longer than this while anchoring works. */
  readonly longestTailMs: number
}

/** Something is not as it was recorded. */
export interface Finding {
  readonly where: string
  readonly what: string
}

export interface LedgerVerdict {
  readonly findings: readonly Finding[]
  /** Rows that verify, from the first one on. */
  readonly rows: number
  /** Of them, rows whose content was destroyed. */
  readonly destroyed: number
  /** Runs of retention that have not said how much they destroyed: until then that is not checked. */
  readonly unended: readonly UnendedRun[]
  /** The last anchor that the chain bears out. */
  readonly anchored: Pick<Anchor, 'sequence' | 'at'> | undefined
  /** Rows after it. */
  readonly unanchored: number
}

const pageRows = 1_000

export async function verifyLedger({
  store,
  ledgerKey,
  anchorFiles,
  publicKeys,
  longestTailMs,
}: VerifyOptions): Promise<LedgerVerdict> {
  // Before the chain: an anchor that is written meanwhile is of a row that may not be read any more.
  const witnesses = await Promise.all(anchorFiles.map(path => openWitness(path, publicKeys)))
  const destruction = new DestructionAccount()
  let head: ChainHead = genesis
  let broken: Finding | undefined
  let tail: { readonly from: number; readonly until: number } | undefined

  while (!broken) {
    const rows = await store.readLedger(head.sequence, pageRows)
    if (rows.length === 0) break
    const verdict = verifyChain(ledgerKey, rows, head)
    const sound = verdict.ok ? rows : rows.slice(0, verdict.sequence - head.sequence - 1)
    destruction.read(sound)
    for (const witness of witnesses) await witness.hear(sound)
    const anchored = Math.max(0, ...witnesses.map(({ borneOut }) => borneOut?.sequence ?? 0))
    const open = sound.filter(({ sequence }) => sequence > anchored).map(({ at }) => at)
    if (sound.some(({ sequence }) => sequence === anchored)) tail = undefined
    if (open.length > 0) tail = { from: tail?.from ?? open[0]!, until: open.at(-1)! }
    head = sound.at(-1) ?? head
    if (!verdict.ok) broken = { where: `row ${verdict.sequence}`, what: brokenWords[verdict.broken] }
  }

  for (const witness of witnesses) await witness.end(head.sequence, broken !== undefined)
  const [anchored] = witnesses
    .flatMap(({ borneOut }) => borneOut ?? [])
    .toSorted((one, other) => other.sequence - one.sequence)
  const findings = [
    ...(broken ? [broken] : []),
    ...witnesses.flatMap(({ finding }) => finding ?? []),
    ...unaccounted(destruction),
  ]
  if (anchorFiles.length > 0 && findings.length === 0 && tail && tail.until - tail.from > longestTailMs)
    findings.push({
      where: `rows from ${(anchored?.sequence ?? 0) + 1} on`,
      what: 'no anchor vouches for them, although they span more time than anchoring leaves open: anchors were cut off, or anchoring fails',
    })
  return {
    findings,
    rows: head.sequence,
    destroyed: destruction.destroyed,
    unended: destruction.unended,
    anchored,
    unanchored: head.sequence - (anchored?.sequence ?? 0),
  }
}

const brokenWords = {
  sequence: 'it is missing, or another row stands in its place',
  content: 'its content is not what was recorded',
  row: 'its id, time, digest or hash is not what was recorded, or a row before it was replaced',
}

/** A file of anchors, heard in step with the chain. */
interface Witness {
  /** The first thing wrong with the file, or with the chain according to it. */
  readonly finding: Finding | undefined
  /** Its last anchor that the chain bears out. */
  readonly borneOut: Anchor | undefined
  /** Compares the next rows with what was anchored. */
  hear(rows: readonly LedgerRow[]): Promise<void>
  /** The chain ends here; or it is broken and nothing is known of the rest. */
  end(sequence: number, isBroken: boolean): Promise<void>
}

async function openWitness(path: string, publicKeys: readonly KeyObject[]): Promise<Witness> {
  const lines = linesOf(path)
  let number = 0
  let before: Anchor | undefined
  let borneOut: Anchor | undefined
  let finding: Finding | undefined
  let next = await advance()

  /** The next sound anchor; a file with something wrong in it is heard no further. */
  async function advance(): Promise<Anchor | undefined> {
    const line = await lines.next()
    if (line.done || finding) return undefined
    number += 1
    const anchor = parseAnchor(line.value.text)
    const wrong = wrongWith(anchor, before)
    if (wrong !== undefined) finding = { where: `${path} line ${number}`, what: wrong }
    else before = anchor
    return finding ? undefined : anchor
  }

  function wrongWith(anchor: Anchor | undefined, before: Anchor | undefined): string | undefined {
    if (!anchor) return 'this is no anchor'
    if (!isSigned(anchor, publicKeys)) return 'its signature is not ours: it was edited or forged'
    if (anchor.previous !== (before?.signature ?? '') || anchor.sequence <= (before?.sequence ?? 0))
      return 'it does not follow the line before: anchors were removed, moved or put in'
    return undefined
  }

  async function hear(rows: readonly LedgerRow[]): Promise<void> {
    const [first] = rows
    if (!first) return
    while (next && next.sequence < first.sequence + rows.length) {
      const row = rows[next.sequence - first.sequence]
      if (row?.hash !== next.hash) {
        finding ??= {
          where: rangeOf(borneOut, next),
          what: `the chain was made anew: row ${next.sequence} is not the one anchored at ${iso(next.at)}`,
        }
        next = undefined
        return
      }
      borneOut = next
      next = await advance()
    }
  }

  return {
    hear,
    async end(sequence, isBroken) {
      if (next && !isBroken)
        finding ??= {
          where: `rows from ${sequence + 1} on`,
          what: `they were cut off: row ${next.sequence} was anchored at ${iso(next.at)}`,
        }
      while (next) next = await advance() // the rest of the file must be sound as well
    },
    get finding() {
      return finding
    },
    get borneOut() {
      return borneOut
    },
  }
}

const rangeOf = (before: Anchor | undefined, next: Anchor): string =>
  `rows ${(before?.sequence ?? 0) + 1} to ${next.sequence}`

const iso = (at: number): string => new Date(at).toISOString()

const unaccounted = ({ isWhole, first, destroyed, accounted }: DestructionAccount): readonly Finding[] =>
  isWhole
    ? []
    : [
        {
          where: `row ${first!.sequence} or a later one`,
          what: `content was destroyed (${destroyed} rows) that no retention accounts for (${accounted} rows)`,
        },
      ]
