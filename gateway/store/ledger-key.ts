import { keyCheck } from '#gateway/ledger/chain.ts'

/** The name of the check that is kept beside a ledger. */
export const ledgerKeyCheck = 'ledger key check'

/** Throws when the check that a store has kept is another key's: its chain would break at the next row. */
export function checkLedgerKey(ledgerKey: Buffer, kept: string): void {
  if (kept !== keyCheck(ledgerKey)) throw new Error('its ledger was made with another ledger key')
}
