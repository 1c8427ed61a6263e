import { createHmac } from 'node:crypto'
import type { Subject } from '#contracts/capability.ts'
import { deriveKey } from './sealing.ts'

/** Keyed hashes in place of personal values: who cannot be read back, but can be found again by those who hold the key. */
export interface Pseudonyms {
  /** A person or family, as evidence names them. */
  subject(subject: Subject): string
  /** The key of a shared answer or of a question in flight. */
  sharing(parts: readonly unknown[]): string
  /** What an agency sent, to know it again. */
  fingerprint(parts: readonly string[]): string
}

export function createPseudonyms(master: Buffer): Pseudonyms {
  const subjectKey = deriveKey(master, 'subject')
  const sharingKey = deriveKey(master, 'sharing')
  const fingerprintKey = deriveKey(master, 'fingerprint')
  const keyed = (key: Buffer, text: string): string =>
    createHmac('sha256', key).update(text).digest('base64url')
  return {
    subject: ({ type, value }) => keyed(subjectKey, `${type}:${value}`),
    sharing: parts => keyed(sharingKey, JSON.stringify(parts)),
    fingerprint: parts => keyed(fingerprintKey, JSON.stringify(parts)),
  }
}
