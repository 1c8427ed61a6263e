/**
 * kill -9 in the middle of questions: whoever was answered stands in the ledger, and the chain verifies.
 * `KILL_ROUNDS=2` kills less often.
 */
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadSettings } from '#gateway/settings/load.ts'
import { openStore, type StorePlace } from '#gateway/store/open.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { verifyChain } from '#gateway/ledger/chain.ts'
import { startDukcapil } from '../../../mocks/dukcapil/server.ts'
import { addressOf, initTrial, root, start, type Trial } from '../start/processes.ts'

const rounds = Number(process.env['KILL_ROUNDS'] ?? 20)
const timeout = 20_000 + rounds * 10_000

/** Asks until the gateway is gone, which `kill` does after so many answers; the audit ids of all that was answered. */
async function askAndKill(
  url: string,
  { apiKey }: Trial,
  answers: number,
  kill: () => void,
): Promise<string[]> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const post = (path: string, body: object, more: object = {}) =>
    fetch(url + path, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) })
  const told: string[] = []
  const counter = async (index: number) => {
    try {
      const { id } = (await (await post('/v1/cases', {})).json()) as { id: string }
      const context = {
        'mpp-case': id,
        'mpp-purpose': 'skck.new',
        'mpp-counter': `A-${index}`,
        'mpp-officer': 'o-1',
      }
      for (let serial = 1; ; serial += 1) {
        const nik = `999901150190${String((index * 500 + serial) % 9_000).padStart(4, '0')}`
        const answer = await post('/v1/residents/lookup', { nik }, context)
        const { auditId } = (await answer.json()) as { auditId?: string | null }
        if (auditId && told.push(auditId) === answers) kill()
      }
    } catch {
      // it is gone
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, index) => counter(index)))
  return told
}

/** Every row of the ledger, once its chain has verified. */
async function readLedger(place: StorePlace, ledgerKey: Buffer): Promise<ReadonlySet<string>> {
  const store = await openStore(place, { ledgerKey })
  const ids = new Set<string>()
  try {
    let head: Parameters<typeof verifyChain>[2]
    for (;;) {
      const rows = await store.readLedger(head?.sequence ?? 0, 1_000)
      if (rows.length === 0) return ids
      const verdict = verifyChain(ledgerKey, rows, head)
      if (!verdict.ok) throw new Error(`broken at ${verdict.sequence}: ${verdict.broken}`)
      head = verdict.head
      for (const { id } of rows) ids.add(id)
    }
  } finally {
    await store.close()
  }
}

async function killAgainAndAgain(databaseUrl: string | undefined): Promise<void> {
  const agency = await startDukcapil()
  onTestFinished(() => agency.close())
  const trial = await initTrial(agency.url)
  const environment = {
    MPP_CONFIG: trial.folder,
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  }
  const { adapters } = await discoverAdapters(`${root}/adapters`)
  const { keys } = loadSettings({ path: trial.folder, environment: {}, adapters })
  const place = { databaseUrl, dataFolder: `${trial.folder}/data` }

  const told: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const gateway = start(environment)
    const answers = Math.ceil(300 * Math.random())
    const kill = () => gateway.child.kill('SIGKILL')
    told.push(...(await askAndKill(await addressOf(gateway), trial, answers, kill)))
    expect(await gateway.ended).toBe('SIGKILL')
  }
  expect(told.length).toBeGreaterThanOrEqual(rounds)
  const kept = await readLedger(place, keys.ledger)
  expect(told.filter(id => !kept.has(id))).toEqual([])
}

describe('killed under load', () => {
  it('with SQLite: every answer is on record', { timeout }, () => killAgainAndAgain(undefined))
})

await describeWithPostgres('killed under load, with PostgreSQL', postgres => {
  it('every answer is on record', { timeout }, () => killAgainAndAgain(postgres.newPlace()))
})
