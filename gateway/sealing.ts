/** Sealing of everything stored that holds personal values, and the keys made from the one configured master key. */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomFillSync } from 'node:crypto'

export interface Sealer {
  /** Of the key that seals. */
  readonly keyId: string
  /** `context` says what the record is and where it belongs; only the same context opens it again. */
  seal(plain: string | Buffer, context: string): Buffer
  /** Throws `SealBroken`; never gives back anything but what was sealed. */
  open(sealed: Buffer, context: string): Buffer
}

export interface SealingKey {
  /** Stands readable in every record sealed with the key. */
  readonly id: string
  /** 32 bytes. */
  readonly key: Buffer
}

/** The record was altered, cut, moved to another context, or sealed with a key that is not configured. */
export class SealBroken extends Error {
  override name = 'SealBroken'
}

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const formatVersion = 1

/**
 * AES-256-GCM. The first key seals, all of them open, so keys rotate without downtime.
 * Record: version (1 byte), length of the key id (1), key id, nonce (12), ciphertext, tag (16).
 * Nonces are random: a key is good for 2^32 records (NIST SP 800-38D), 50 days at a thousand a second.
 */
export function createSealer(keys: readonly SealingKey[]): Sealer {
  const [first] = keys
  if (first === undefined) throw new Error('Sealing needs at least one key')
  const opening = new Map(keys.map(({ id, key }) => [id, secretKey(id, key)]))
  if (opening.size !== keys.length) throw new Error('Two sealing keys have the same id')
  const sealing = secretKey(first.id, first.key)
  const header = headerFor(first.id)

  return {
    keyId: first.id,

    seal(plain, context) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce, { authTagLength: tagBytes })
      cipher.setAAD(additionalData(header, context))
      const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
      cipher.final() // a stream cipher: nothing is left over
      return Buffer.concat([header, nonce, body, cipher.getAuthTag()])
    },

    open(sealed, context) {
      const headerEnd = 2 + (sealed[1] ?? 0)
      const bodyStart = headerEnd + nonceBytes
      const bodyEnd = sealed.length - tagBytes
      if (sealed[0] !== formatVersion || bodyEnd < bodyStart) throw new SealBroken('Not a sealed record')
      const key = opening.get(sealed.toString('utf8', 2, headerEnd))
      if (key === undefined) throw new SealBroken('Sealed with a key that is not configured')

      const nonce = sealed.subarray(headerEnd, bodyStart)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(additionalData(sealed.subarray(0, headerEnd), context))
      decipher.setAuthTag(sealed.subarray(bodyEnd))
      const plain = decipher.update(sealed.subarray(bodyStart, bodyEnd))
      try {
        decipher.final()
      } catch {
        throw new SealBroken('Altered, or moved to another context')
      }
      return plain
    },
  }
}

/** The id of the key that a record is sealed with. */
export const keyIdOf = (sealed: Uint8Array): string =>
  Buffer.from(sealed.subarray(2, 2 + (sealed[1] ?? 0))).toString()

/**
 * A 32-byte key for one use (`'cache-key'`, `'sealing'`, `'subject-hash'`…), by HKDF-SHA-256 from the configured
 * master key, so that one secret is kept and no key serves two purposes.
 */
export function deriveKey(master: Buffer, use: string): Buffer {
  if (master.length < keyBytes) throw new Error(`The master key needs at least ${keyBytes} bytes`)
  return Buffer.from(hkdfSync('sha256', master, '', `mpp-gateway/${use}`, keyBytes))
}

function secretKey(id: string, key: Buffer) {
  if (key.length !== keyBytes) throw new Error(`Sealing key "${id}" needs ${keyBytes} bytes`)
  return createSecretKey(key)
}

function headerFor(id: string): Buffer {
  const name = Buffer.from(id)
  if (name.length === 0 || name.length > 255) throw new Error('The id of a sealing key needs 1 to 255 bytes')
  return Buffer.concat([Buffer.of(formatVersion, name.length), name])
}

/** The header says its own length, so header and context cannot be shifted into each other. */
function additionalData(header: Buffer, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context)])
}

// One call for random bytes costs 2 µs, however few: nonces are cut from a pool.
const pool = Buffer.alloc(nonceBytes * 256)
let poolUsed = pool.length

function nextNonce(): Buffer {
  if (poolUsed === pool.length) {
    randomFillSync(pool)
    poolUsed = 0
  }
  poolUsed += nonceBytes
  return pool.subarray(poolUsed - nonceBytes, poolUsed)
}
