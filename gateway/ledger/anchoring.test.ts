import { createPublicKey } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createLog } from '#gateway/log.ts'
import type { Store } from '#gateway/store/store.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { testEntry } from '#gateway/store/test-entry.ts'
import { type Anchor, isSigned, publicKeyPem, readPublicKey, readSigningKey } from './anchor.ts'
import { type AnchorSettings, createAnchoring } from './anchoring.ts'
import { createEvidence } from './evidence.ts'

const signingKey = readSigningKey(Buffer.alloc(32, 'signing').toString('base64'))

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mpp-anchors-'))
  file = join(folder, 'ledger.jsonl')
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

function start(changes: Partial<AnchorSettings> = {}, store: Store = createMemoryStore(Buffer.alloc(32))) {
  const clock = createClock()
  const attempts: string[] = []
  const log: string[] = []
  const anchoring = createAnchoring(
    { file, everyRows: 1_000, everySeconds: 3_600, signingKey, formerKeys: [], ...changes },
    {
      store,
      log: createLog({ write: line => log.push(line) }),
      metrics: { anchored: ({ place, outcome }) => attempts.push(`${place} ${outcome}`) },
      now: clock.now,
    },
  )
  const evidence = createEvidence(store, anchoring.recorded)
  const record = () => {
    const { id, at } = testEntry(1)
    return evidence.record({ id, at, content: { kind: 'act', act: 'test', member: 'gateway', key: 'test' } })
  }
  onTestFinished(() => anchoring.close())
  return { anchoring, store, clock, attempts, log, record }
}

const anchors = (): Anchor[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Anchor)

describe('anchoring', () => {
  it('signs the head, once for each place that the chain stands at, and the log tells too', async () => {
    const { anchoring, store, record, log, attempts } = start()
    await anchoring.anchor()
    expect(anchors()).toEqual([]) // there is nothing yet
    await record()
    await record()
    await anchoring.anchor()
    await anchoring.anchor()
    await record()
    await anchoring.close()

    const rows = await store.readLedger(0, 10)
    expect(anchors().map(({ sequence, hash }) => ({ sequence, hash }))).toEqual(
      [rows[1]!, rows[2]!].map(({ sequence, hash }) => ({ sequence, hash })),
    )
    const [first, second] = anchors()
    expect([first!.previous, second!.previous]).toEqual(['', first!.signature])
    expect(anchors().every(anchor => isSigned(anchor, [createPublicKey(signingKey)]))).toBe(true)
    expect(log.filter(line => line.includes(second!.signature))).toHaveLength(1)
    expect(attempts).toEqual(['file ok', 'file ok'])
  })

  it('comes after so many rows', async () => {
    const { record } = start({ everyRows: 3 })
    for (let row = 0; row < 3; row += 1) await record()
    await expect.poll(() => anchors().map(({ sequence }) => sequence)).toEqual([3])
  })

  it('comes after so many seconds', async () => {
    const { record } = start({ everySeconds: 1 })
    await record()
    await expect.poll(() => anchors().map(({ sequence }) => sequence), { timeout: 10_000 }).toEqual([1])
  })

  it('goes on where it stood after a start', async () => {
    const before = start()
    await before.record()
    await before.anchoring.close()
    const after = start({}, before.store)
    await after.record()
    await after.anchoring.close()
    expect(anchors()[1]!.previous).toBe(anchors()[0]!.signature)
  })

  it('is done by one of those who share a file, and taken over by another', async () => {
    const one = start()
    await one.record()
    await one.anchoring.anchor()
    const other = start({}, one.store)
    await other.record()
    await other.anchoring.anchor()
    expect(anchors()).toHaveLength(1)
    expect(other.anchoring.warning).toBeUndefined()
    await one.anchoring.close() // its last anchor
    await other.record()
    await other.anchoring.anchor()
    expect(anchors().map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  })

  it('warns while it fails, and recovers by itself', async () => {
    mkdirSync(file) // where the file should be
    const { anchoring, record, attempts } = start()
    await record()
    await anchoring.anchor()
    expect(anchoring.warning).toContain('cannot be written')
    expect(attempts).toEqual(['file failed'])
    rmdirSync(file)
    await anchoring.anchor()
    expect(anchoring.warning).toBeUndefined()
    expect(anchors()).toHaveLength(1)
  })

  it('warns while it is late', async () => {
    const { anchoring, record, clock } = start({ everySeconds: 60 })
    await record()
    clock.leap(170_000)
    expect(anchoring.warning).toBeUndefined()
    clock.leap(20_000)
    expect(anchoring.warning).toContain('late')
    await anchoring.anchor()
    expect(anchoring.warning).toBeUndefined()
  })

  it('warns of a ledger that ends before its last anchor, and anchors it no further', async () => {
    const before = start()
    await before.record()
    await before.anchoring.close()
    const cut = start()
    await cut.anchoring.anchor()
    expect(cut.anchoring.warning).toContain('ends before its last anchor')
    expect(anchors()).toHaveLength(1)
  })

  it('sends each to a witness; one who is away or redirects is told to metrics alone', async () => {
    const received: unknown[] = []
    let status = 204
    const witness = createServer(async (request, response) => {
      received.push(JSON.parse(await text(request)))
      response.writeHead(status, { location: '/elsewhere' }).end()
    }).listen(0, '127.0.0.1')
    await once(witness, 'listening')
    const { port } = witness.address() as AddressInfo
    const { anchoring, record, attempts } = start({ url: `http://127.0.0.1:${port}/anchors` })
    await record()
    await anchoring.anchor()
    await expect.poll(() => attempts).toEqual(['file ok', 'url ok'])
    status = 307
    await record()
    await anchoring.anchor()
    await expect.poll(() => attempts).toEqual(['file ok', 'url ok', 'file ok', 'url failed'])
    expect(received).toEqual(anchors())
    witness.closeAllConnections()
    witness.close()
    await record()
    await anchoring.anchor()
    await expect.poll(() => attempts.at(-1)).toBe('url failed')
    expect(anchoring.warning).toBeUndefined()
    expect(anchors()).toHaveLength(3)
  })
})

describe('a signing key', () => {
  it('is read from its bytes and from PEM alike', () => {
    const pem = signingKey.export({ type: 'pkcs8', format: 'pem' })
    expect(readSigningKey(pem).equals(signingKey)).toBe(true)
    expect(readPublicKey(publicKeyPem(signingKey)).equals(createPublicKey(signingKey))).toBe(true)
  })

  it.each(['', 'AAAA', Buffer.alloc(31).toString('base64'), '-----BEGIN PRIVATE KEY-----'])(
    'is not made of %j',
    text => expect(() => readSigningKey(text)).toThrow(),
  )
})
