import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readSigningKey } from '#gateway/ledger/anchor.ts'
import { as, startHouse } from '#gateway/testing/house.ts'

const signingKey = readSigningKey(Buffer.alloc(32, 'signing').toString('base64'))

function anchorsAt(file: string) {
  return { file, everyRows: 2, everySeconds: 3_600, signingKey, formerKeys: [] }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-anchors-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const lookup = { nik: '9999011501900001' }

it('anchors what was answered, and once more at the end', async () => {
  const file = join(newFolder(), 'ledger.jsonl')
  const house = await startHouse({ settings: { anchors: anchorsAt(file) } })
  const anchored = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => (JSON.parse(line) as { sequence: number }).sequence)
  for (let row = 0; row < 2; row += 1) await house.ask('/v1/residents/lookup', lookup)
  await expect.poll(anchored).toEqual([2])
  await house.ask('/v1/residents/lookup', lookup)
  await house.close()
  expect(anchored()).toEqual([2, 3])
})

it('warns and counts while it cannot anchor, and answers on', async () => {
  const file = join(newFolder(), 'ledger.jsonl')
  mkdirSync(file) // where the file should be
  await using house = await startHouse({ settings: { anchors: anchorsAt(file) } })
  for (let row = 0; row < 2; row += 1)
    expect((await house.ask('/v1/residents/lookup', lookup)).status).toBe(200)
  await expect
    .poll(async () => (await house.get('/health/ready', {})).text)
    .toContain('the ledger is not anchored: the anchors file cannot be written')
  expect((await house.get('/metrics', as('operations'))).text).toContain(
    'mpp_ledger_anchors_total{place="file",outcome="failed"}',
  )
})

it('warns where citizens are served without anchors', async () => {
  await using real = await startHouse({ identities: 'real' })
  expect((await real.get('/health/ready', {})).text).toContain('set ledger.anchors')
  await using trial = await startHouse()
  expect((await trial.get('/health/ready', {})).text).not.toContain('ledger.anchors')
})
