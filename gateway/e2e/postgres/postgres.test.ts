import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { verifyChain } from '#gateway/ledger/chain.ts'
import { testNotice } from '#gateway/store/test-entry.ts'
import { type House, ledgerKey, type Reply, startHouse } from '#gateway/testing/house.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { startTcpProxy } from '#gateway/testing/tcp-proxy.ts'
import { addressOf, defaultAgency, initTrial, start } from '../start/processes.ts'

const input = { nik: '9999011501900001' }

/** The ids of what is on record, after the chain has been verified. */
async function recorded({ store }: House): Promise<Set<string>> {
  const rows = await store.readLedger(0, 1_000_000)
  expect(verifyChain(ledgerKey, rows)).toMatchObject({ ok: true })
  return new Set(rows.map(({ id }) => id))
}

await describeWithPostgres('PostgreSQL', postgres => {
  describe('two gateways on one database', () => {
    it('keep one chain, and know each other’s cases', async () => {
      const databaseUrl = postgres.newPlace()
      await using one = await startHouse({ databaseUrl })
      await using other = await startHouse({ databaseUrl })
      const visit = await one.openCase({ members: ['health-desk'] })
      const asking = Array.from({ length: 40 }, (_, number) =>
        (number % 2 ? one : other).ask('/v1/residents/lookup', input, { 'mpp-case': visit }),
      )
      const replies = await Promise.all(asking)
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
      const told = replies.map(({ body }) => body.auditId!)
      for (const house of [one, other]) {
        const ids = await recorded(house)
        expect(told.filter(id => !ids.has(id))).toEqual([])
      }
    })
  })

  describe('a database that goes away under load', () => {
    it.each(['cut', 'freeze'] as const)(
      'by %s: nothing personal is released unrecorded, refusals are honest, and all is well when it is back',
      { timeout: 90_000 },
      async trouble => {
        const url = new URL(postgres.newPlace())
        const proxy = await startTcpProxy(url.hostname, Number(url.port || 5432))
        onTestFinished(() => proxy.close())
        const direct = url.href
        url.hostname = '127.0.0.1'
        url.port = String(proxy.port)
        await using house = await startHouse({ databaseUrl: url.href })
        const visit = await house.openCase()
        const replies: Reply[] = []
        const over = new AbortController()
        const load = Array.from({ length: 8 }, async () => {
          while (!over.signal.aborted)
            replies.push(await house.ask('/v1/residents/lookup', input, { 'mpp-case': visit }))
        })
        const answered = (status: number, after = 0) =>
          replies.slice(after).filter(reply => reply.status === status).length
        await expect.poll(() => answered(200), { timeout: 20_000 }).toBeGreaterThan(20)

        proxy[trouble]()
        await expect.poll(() => answered(503), { timeout: 20_000 }).toBeGreaterThan(20)
        const ready = await house.get('/health/ready', {})
        expect(ready.status).toBe(200)
        expect(ready.text).toContain('the store keeps no evidence')
        expect((await house.get('/health/live', {})).status).toBe(200)

        proxy.restore()
        const whenBack = replies.length
        await expect.poll(() => answered(200, whenBack), { timeout: 20_000 }).toBeGreaterThan(20)
        over.abort()
        await Promise.all(load)
        expect((await house.get('/health/ready', {})).text).not.toContain('the store keeps no evidence')

        const released = replies.filter(({ status }) => status === 200)
        const refused = replies.filter(({ status }) => status !== 200)
        for (const { status, body, text } of refused) {
          expect([status, body.code]).toEqual([503, 'STORE_UNAVAILABLE'])
          expect(text).not.toMatch(/CONTOH|9999011501900001/)
        }
        await using reader = await startHouse({ databaseUrl: direct })
        const ids = await recorded(reader)
        expect(released.filter(({ body }) => !ids.has(body.auditId!))).toEqual([])
      },
    )
  })

  describe('agencies whose notices must wait', () => {
    it('hold up no question', { timeout: 30_000 }, async () => {
      const databaseUrl = postgres.newPlace()
      await using house = await startHouse({ databaseUrl })
      await using other = await startHouse({ databaseUrl })
      const visit = await other.openCase()
      const elsewhere = await postgres.connect(databaseUrl)
      onTestFinished(() => elsewhere.end())
      await elsewhere.query('BEGIN; SELECT FROM arrivals FOR UPDATE')
      const notices = Array.from({ length: 30 }, (_, number) =>
        house.store.keepNotice(testNotice({ upstream: 'a', notice: 'permit.issued' }, String(number))),
      )
      const kept = Promise.allSettled(notices)
      const asking = Array.from({ length: 20 }, () =>
        house.ask('/v1/residents/lookup', input, { 'mpp-case': visit }),
      )
      const statuses = (await Promise.all(asking)).map(({ status }) => status)
      expect(new Set(statuses)).toEqual(new Set([200]))
      await elsewhere.query('ROLLBACK')
      await kept
    })
  })

  describe('npm start with DATABASE_URL', () => {
    it('says where it keeps things, without the password, and needs no data folder', async () => {
      const { folder } = await initTrial(defaultAgency)
      const url = new URL(postgres.newPlace())
      url.password ||= 'a-password-that-nobody-sees'
      const file = join(folder, 'database-url')
      writeFileSync(file, `${url.href}\n`)
      const given = { MPP_CONFIG: folder, MPP_DATA: '/dev/null/nowhere' }
      const gateways = [
        start({ ...given, DATABASE_URL: url.href }),
        start({ ...given, DATABASE_URL_FILE: file }),
      ]
      for (const gateway of gateways) {
        expect((await fetch(`${await addressOf(gateway)}/health/ready`)).status).toBe(200)
        await gateway.prints(new RegExp(`PostgreSQL at ${url.hostname}`))
        expect(gateway.printed).not.toContain(url.password)
      }
    })

    it('refuses to start with another ledger key, where nobody answers, and at no database at all', async () => {
      const url = postgres.newPlace()
      const [one, other] = [await initTrial(defaultAgency), await initTrial(defaultAgency)]
      await addressOf(start({ MPP_CONFIG: one.folder, DATABASE_URL: url }))
      const refusals = [
        [url, /PostgreSQL at .* cannot be opened: its ledger was made with another ledger key/],
        ['postgres://gateway:a-password@127.0.0.1:1/mall', /at 127\.0\.0\.1:1\/mall cannot be opened/],
        ['mysql://gateway:a-password@127.0.0.1/mall', /DATABASE_URL\n\s+expected postgres:\/\//],
        ['postgres://gateway:a-password@10.0.0.1/mall?sslmode=no-verify', /expected sslmode: verify-full/],
      ] as const
      for (const [databaseUrl, reason] of refusals) {
        const refused = start({ MPP_CONFIG: other.folder, DATABASE_URL: databaseUrl })
        expect(await refused.ended).toBe(1)
        expect(refused.printed).toMatch(reason)
        expect(refused.printed).not.toContain('a-password')
      }
    })
  })
})
