/**
 * What somebody can do who can write to the store: SQL for a ledger of twelve rows, where it is found and a word of what is said.
 */
export const tamperings: readonly (readonly [name: string, sql: string, where: string, what: string])[] = [
  [
    'a flipped byte of content',
    `UPDATE ledger SET content = replace(content, '{', '{ ') WHERE sequence = 6`,
    'row 6',
    'content',
  ],
  [
    'a flipped byte of a hash',
    `UPDATE ledger SET hash = '!' || substr(hash, 2) WHERE sequence = 6`,
    'row 6',
    'hash',
  ],
  [
    'a flipped byte of a digest',
    `UPDATE ledger SET digest = '!' || substr(digest, 2) WHERE sequence = 6`,
    'row 6',
    'digest',
  ],
  ['another id', `UPDATE ledger SET id = 'x' || substr(id, 2) WHERE sequence = 6`, 'row 6', 'id'],
  ['another time', `UPDATE ledger SET at = at + 1 WHERE sequence = 6`, 'row 6', 'time'],
  ['a removed row', `DELETE FROM ledger WHERE sequence = 6`, 'row 6', 'missing'],
  [
    'a removed row, the others numbered anew',
    `DELETE FROM ledger WHERE sequence = 6; UPDATE ledger SET sequence = sequence - 1 WHERE sequence > 6`,
    'row 6',
    'a row before it was replaced',
  ],
  [
    'two rows that changed places',
    `UPDATE ledger SET sequence = -6 WHERE sequence = 6; UPDATE ledger SET sequence = 6 WHERE sequence = 7;
       UPDATE ledger SET sequence = 7 WHERE sequence = -6`,
    'row 6',
    'hash',
  ],
  ['a tail that was cut off', `DELETE FROM ledger WHERE sequence > 10`, 'rows from 11 on', 'cut off'],
  ['a ledger that was emptied', `DELETE FROM ledger`, 'rows from 1 on', 'cut off'],
  [
    'content destroyed by hand',
    `UPDATE ledger SET content = NULL WHERE sequence = 6`,
    'row 6 or a later one',
    'no retention accounts for',
  ],
]
