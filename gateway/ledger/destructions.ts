/** What the ledger itself says of the content that was destroyed in it. */
import type { LedgerRow } from '#gateway/store/store.ts'
import { contentOf, type Destruction, isOfLedger } from './evidence.ts'

/** The note of a run of retention, if a row is one. Cheap for all others. */
export function destructionIn(row: LedgerRow): Destruction | undefined {
  if (!row.content?.startsWith('{"kind":"destruction"')) return undefined
  return contentOf(row) as Destruction
}

/** A run of retention that has begun and not said that it is done: it is under way, or it was interrupted. */
export interface UnendedRun {
  readonly class: Destruction['class']
  /** Everything recorded before this instant. */
  readonly until: number
  readonly begunAt: number
}

/** Content is destroyed at the end of its retention only, and the ledger says so itself. Reads all rows, in order. */
export class DestructionAccount {
  /** Rows without content. */
  destroyed = 0
  /** The first of them. */
  first: LedgerRow | undefined
  /** Rows that runs of retention say they destroyed. */
  accounted = 0
  readonly #unended = new Map<string, UnendedRun>()
  #latestAt = -Infinity
  #accountedUntil = -Infinity

  read(rows: readonly LedgerRow[]): void {
    for (const row of rows) {
      if (row.content === null) {
        this.destroyed += 1
        this.first ??= row
        this.#latestAt = Math.max(this.#latestAt, row.at)
        continue
      }
      const note = destructionIn(row)
      if (note && isOfLedger(note.class)) this.#account(note, row.at)
    }
  }

  #account({ class: name, until, state, count = 0, recovered }: Destruction, at: number): void {
    this.#accountedUntil = Math.max(this.#accountedUntil, until)
    const run = `${name} ${until}`
    if (state === 'begun') {
      this.#unended.set(run, { class: name, until, begunAt: at })
      return
    }
    this.accounted += count + (recovered ?? 0)
    if (recovered === undefined) this.#unended.delete(run)
    else this.#unended.clear()
  }

  /** Of what they destroyed, nobody knows yet how much it was. */
  get unended(): readonly UnendedRun[] {
    return [...this.#unended.values()]
  }

  /** Every row without content is older than what retention says it destroyed, and there are no more than it says, if all was said. */
  get isWhole(): boolean {
    const isCounted = this.#unended.size > 0 || this.destroyed <= this.accounted
    return this.destroyed === 0 || (this.#latestAt < this.#accountedUntil && isCounted)
  }
}
