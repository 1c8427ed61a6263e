import { expect, it } from 'vitest'
import type { Role } from '#gateway/access/members.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, startHouse } from '#gateway/testing/house.ts'

interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly Role[]>>[]
}

const callers = {
  member: 'front-office',
  operator: 'operations',
  auditor: 'inspection',
  monitor: 'monitoring',
} as const

it('lets through at each route whom the documentation says, and puts on record whom it refused', async () => {
  await using house = await startHouse()
  const { paths } = JSON.parse((await house.get('/openapi.json', {})).text) as {
    paths: Record<string, Record<string, Operation>>
  }
  let guarded = 0
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(operations)) {
      const needed = security?.[0]?.['apiKey'] ?? []
      for (const [role, caller] of needed.length === 0 ? [] : Object.entries(callers)) {
        guarded += 1
        const { status, body } =
          method === 'get' ? await house.get(path, as(caller)) : await house.ask(path, '[]', as(caller))
        const place = `${role} at ${method} ${path}`
        if (needed.includes(role as Role)) {
          expect(body.reason, place).not.toBe('ROLE_MISSING')
          continue
        }
        expect(status, place).toBe(403)
        expect(body, place).toMatchObject({ code: 'NOT_GRANTED', reason: 'ROLE_MISSING', sent: 'no' })
        const row = (await house.store.readLedger(0, 1_000)).find(({ id }) => id === body.auditId)
        expect(JSON.parse(row!.content!), place).toEqual({
          kind: 'role-refusal',
          outcome: 'NOT_GRANTED',
          reason: 'ROLE_MISSING',
          member: caller,
          key: 'test',
          ...(method !== 'get' && { officer: 'o-7f3a', identity: 'asserted' }),
          route: path.replaceAll(/\{(\w+)\}/g, ':$1'),
          needed,
        })
      }
    }
  }
  expect(guarded).toBeGreaterThanOrEqual(15)
  expect(house.dukcapil.calls).toEqual({})
})

it('shows the health of agencies to every known caller', async () => {
  await using house = await startHouse()
  for (const caller of Object.values(callers))
    for (const path of ['/health/upstreams', '/health/upstreams/dukcapil'])
      expect((await house.get(path, as(caller))).status, `${caller} ${path}`).toBe(200)
})

it('names members and their agreements to nobody but overseers', async () => {
  const agreements = [agreement(), agreement({ member: 'health-desk', validUntil: 0 })]
  await using house = await startHouse({ agreements })
  await house.ask('/v1/residents/lookup', { nik: '9999011501900001' })
  const names = /health-desk|operations|inspection|monitoring|pks-/
  for (const headers of [{}, as('front-office')])
    for (const path of ['/health/ready', '/health/upstreams', '/health/upstreams/dukcapil', '/metrics'])
      expect((await house.get(path, headers)).text, path).not.toMatch(names)
  for (const overseer of ['monitoring', 'operations', 'inspection'] as const)
    expect((await house.get('/metrics', as(overseer))).text).toContain(
      'mpp_agreement_valid_seconds{agreement="pks-health-desk-dukcapil"}',
    )
})

it('counts strangers, and keeps nothing of them', async () => {
  await using house = await startHouse()
  const before = (await house.store.readLedger(0, 100)).length
  for (let count = 0; count < 3; count += 1)
    await house.get('/v1/notices', { authorization: 'Bearer mpp_a_key_that_nobody_has' })
  expect((await house.get('/metrics')).text).toContain('mpp_unknown_callers_total{reason="UNKNOWN"} 3')
  expect(await house.store.readLedger(0, 100)).toHaveLength(before)
})
