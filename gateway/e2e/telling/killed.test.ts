/** Killed while it tells: it is told again, with the same id, and nothing is left out. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startReceiver } from '#gateway/testing/webhook-receiver.ts'
import { newFolder, type Process, root, run } from '../start/processes.ts'

/** A teller on a store of its own; with `orders`, it accepts and finishes so many first. */
const program = (folder: string, url: string, orders: number) => `
  import { acceptOrder, moveTo } from '${root}/gateway/store/test-order.ts'
  import { openStore } from '${root}/gateway/store/open.ts'
  import { createTeller } from '${root}/gateway/telling/teller.ts'
  const store = await openStore({ dataFolder: '${folder}' }, { ledgerKey: Buffer.alloc(32, 'ledger') })
  if (${orders} > 0) await store.moveWebhook('hook', (await store.takeWebhook('hook', 0)).revision, { dueInMs: 0 })
  for (let count = 0; count < ${orders}; count += 1) await moveTo(store, await acceptOrder(store), 'confirmed')
  createTeller(
    { id: 'hook', member: 'polres', url: '${url}', secrets: [Buffer.alloc(32)] },
    {
      store,
      log: console,
      metrics: { webhook() {} },
      now: Date.now,
      settings: { lookMs: 20, timeoutMs: 200, leaseMarginMs: 200 },
    },
  )`

it(
  'is told again with the same id, and in order, after kill -9 in the middle of telling',
  { timeout: 60_000 },
  async () => {
    const killedAt = [1, 4, 5, 9]
    let telling: Process | undefined
    const { url, told, hears } = await startReceiver(async (_, attempt) => {
      if (!killedAt.includes(attempt)) return 204
      telling!.child.kill('SIGKILL') // it was told, and will never know
      await telling!.ended
      return 204
    })
    const folder = newFolder()
    const file = join(folder, 'tell.mjs')
    for (const [index] of [...killedAt, 'last'].entries()) {
      writeFileSync(file, program(folder, url, index === 0 ? 5 : 0))
      telling = run([file])
      const reached = killedAt[index] ?? 10 + killedAt.length
      await hears(reached)
      if (index < killedAt.length) expect(await telling.ended).toBe('SIGKILL')
    }

    const ids = told.map(({ event }) => event.id)
    const once = ids.filter((id, index) => ids.indexOf(id) === index)
    expect(once).toHaveLength(10)
    for (const attempt of killedAt) expect(ids[attempt]).toBe(ids[attempt - 1])
    expect(ids.filter((id, index) => id !== ids[index - 1])).toEqual(once) // repeated at once, never out of order
  },
)
