/**
 * Anchors: where the ledger's chain stood and when, signed, and kept where nobody who can write to the store can write.
 *
 *   signature = Ed25519 over `mpp-gateway anchor 1`, a line feed, and the JSON of [sequence, hash, at, previous]
 *
 * in base64url. `previous` is the signature of the anchor before it in the same file, so that none can be taken out, put in
 * or moved unnoticed; the first one has ''. Only the file's end can be cut off, and another copy of it (the log, a URL) tells.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'

/** A line of the anchors file. */
const anchor = z.strictObject({
  sequence: z.int().min(1),
  hash: z.string(),
  /** Epoch milliseconds. */
  at: z.int(),
  previous: z.string(),
  signature: z.string(),
})
export type Anchor = z.output<typeof anchor>

/** What an anchor vouches for. */
export type Anchored = Pick<Anchor, 'sequence' | 'hash' | 'at'>

export function signAnchor({ sequence, hash, at }: Anchored, previous: string, key: KeyObject): Anchor {
  const unsigned = { sequence, hash, at, previous }
  return { ...unsigned, signature: sign(null, signedBytes(unsigned), key).toString('base64url') }
}

/** One of these keys has signed it. */
export function isSigned({ signature, ...anchor }: Anchor, publicKeys: readonly KeyObject[]): boolean {
  const bytes = signedBytes(anchor)
  return publicKeys.some(key => verify(null, bytes, key, Buffer.from(signature, 'base64url')))
}

const signedBytes = ({ sequence, hash, at, previous }: Omit<Anchor, 'signature'>): Buffer =>
  Buffer.from(`mpp-gateway anchor 1\n${JSON.stringify([sequence, hash, at, previous])}`)

/** Undefined: the line is none. */
export function parseAnchor(line: string): Anchor | undefined {
  try {
    return anchor.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * An Ed25519 private key, from PEM or from its 32 bytes in base64.
 * @throws for anything else.
 */
export function readSigningKey(text: string): KeyObject {
  const key = text.startsWith('-----BEGIN ')
    ? createPrivateKey(text)
    : createPrivateKey({ key: Buffer.concat([pkcs8Head, seedOf(text)]), format: 'der', type: 'pkcs8' })
  return ed25519(key)
}

/**
 * An Ed25519 public key in PEM.
 * @throws for anything else.
 */
export const readPublicKey = (pem: string): KeyObject => ed25519(createPublicKey(pem))

export const publicKeyPem = (signingKey: KeyObject): string =>
  createPublicKey(signingKey).export({ type: 'spki', format: 'pem' })

function seedOf(text: string): Buffer {
  const seed = Buffer.from(text, 'base64')
  if (seed.length !== 32 || seed.toString('base64') !== text) throw new TypeError('not 32 bytes in base64')
  return seed
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key')
  return key
}
