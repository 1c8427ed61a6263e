import { hash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memberOf, startHouse } from '#gateway/testing/house.ts'
import { addressOf, defaultAgency, initTrial, run, start } from '../start/processes.ts'

const [old, next] = ['mpp_test_the_old_key_of_the_office', 'mpp_test_the_next_key_of_the_office']
const frontOffice = memberOf('front-office', ['member', 'operator'])
const dayMs = 24 * 60 * 60_000
const now = Date.parse('2026-09-21T09:00:00+07:00') // where the house's clock begins

const key = (id: string, apiKey: string, changes: object = {}) => ({
  ...frontOffice.keys[0]!,
  id,
  sha256: hash('sha256', apiKey),
  ...changes,
})
const by = (apiKey: string) => ({ authorization: `Bearer ${apiKey}` })

describe('API keys', () => {
  it('of one member are valid side by side, until the old one ends; its end is told before', async () => {
    const keys = [key('old', old, { expiresAt: now + 31 * dayMs }), key('next', next)]
    await using house = await startHouse({
      settings: { members: [{ ...frontOffice, keys }, memberOf('monitoring', ['monitor'])] },
    })
    const statusOf = async (apiKey: string) => (await house.get('/v1/notices', by(apiKey))).status
    const warnings = () =>
      house.log.filter(line => line.includes('expires soon')).map(line => JSON.parse(line) as object)

    expect([await statusOf(old), await statusOf(next)]).toEqual([200, 200])
    expect(warnings()).toEqual([])
    house.clock.leap(dayMs)
    await statusOf(old)
    await statusOf(old)
    expect(warnings()).toMatchObject([{ member: 'front-office', keyId: 'old', days: 30 }])

    house.clock.leap(30 * dayMs - 1)
    expect(await statusOf(old)).toBe(200)
    expect(warnings()).toHaveLength(2)
    house.clock.leap(1)
    const { status, body } = await house.get('/v1/notices', by(old))
    expect(status).toBe(401)
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'KEY_EXPIRED' })
    expect(await statusOf(next)).toBe(200)
    expect((await house.get('/metrics')).text).toContain('mpp_unknown_callers_total{reason="KEY_EXPIRED"} 1')
    expect(house.log.join('')).not.toMatch(/mpp_test_the/)
  })

  it('may have fewer roles than their member', async () => {
    const keys = [key('whole', old), key('narrow', next, { roles: ['operator'] })]
    await using house = await startHouse({ settings: { members: [{ ...frontOffice, keys }] } })
    expect((await house.get('/v1/notices', by(old))).status).toBe(200)
    expect((await house.get('/v1/notices', by(next))).body).toMatchObject({ reason: 'ROLE_MISSING' })
  })
})

describe('npm run keys', () => {
  it('makes a key that works once its line is in the configuration, beside the first one', async () => {
    const { folder, apiKey } = await initTrial(defaultAgency)
    const file = join(folder, 'gateway.yaml')
    const before = readFileSync(file, 'utf8')
    const made = run(['gateway/start.js', 'keys', folder, 'front-office'])
    expect(await made.ended).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(before) // it writes nothing
    const [newKey] = /mpp_[\w-]{43}/.exec(made.printed)!
    const [line] = /^ +- \{ id: key-\d{4}-\d\d-\d\d, sha256: [0-9a-f]{64} \}$/m.exec(made.printed)!

    const firstKey = /^ +- \{ id: first, sha256: .*$/m
    writeFileSync(
      file,
      before.replace(firstKey, text => `${text}\n${line}`),
    )
    const url = await addressOf(start({ MPP_CONFIG: folder }))
    for (const shown of [apiKey, newKey])
      expect((await fetch(`${url}/health/upstreams`, { headers: by(shown) })).status).toBe(200)

    const again = run(['gateway/start.js', 'keys', file, 'front-office'])
    expect(await again.ended).toBe(0)
    expect(again.printed).toMatch(/- \{ id: key-\d{4}-\d\d-\d\d-2, /) // today's id is taken
    expect(again.printed).not.toContain(newKey)
  })

  it.each([
    [[], 'npm run keys <folder> <member>'],
    [['FOLDER'], 'npm run keys <folder> <member>'],
    [['FOLDER', 'nobody'], 'gateway.yaml has no member nobody: one of front-office'],
    [['nowhere', 'front-office'], 'gateway.yaml: expected a readable file'],
  ])('says what is wrong: %j', async (args, message) => {
    const { folder } = await initTrial(defaultAgency)
    const made = run(['gateway/start.js', 'keys', ...args.map(arg => arg.replace('FOLDER', folder))])
    expect(await made.ended).toBe(1)
    expect(made.printed).toContain(message)
  })
})
