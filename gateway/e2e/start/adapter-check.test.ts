import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startDukcapil } from '../../../mocks/dukcapil/server.ts'
import { defaultAgency, initTrial, run } from './processes.ts'

const check = (args: readonly string[], environment: Record<string, string> = {}) =>
  run(['gateway/start.js', 'adapter-check', ...args], environment)

describe('npm run adapter-check', () => {
  it('finds nothing wrong with what init writes, and needs neither a store nor Redis', async () => {
    const agency = await startDukcapil()
    onTestFinished(() => agency.close())
    const { folder } = await initTrial(agency.url)
    const before = readdirSync(folder)
    const checked = check(['dukcapil'], { MPP_CONFIG: folder, REDIS_URL: 'redis://127.0.0.1:1' })
    expect(await checked.ended).toBe(0)
    expect(checked.printed).toMatch(/^configuration +ok +\d+ ms {2}Population registry at http:/)
    expect(checked.printed).toMatch(/^TCP +ok/m)
    expect(readdirSync(folder)).toEqual(before)
  })

  it('ends with 1 when a step failed', async () => {
    const { folder } = await initTrial('https://nobody.invalid')
    const checked = check(['dukcapil'], { MPP_CONFIG: folder })
    expect(await checked.ended).toBe(1)
    expect(checked.printed).toMatch(/^DNS +failed/m)
  })

  it('lists the upstreams that there are', async () => {
    const { folder } = await initTrial(defaultAgency)
    const checked = check(['dukcapl'], { MPP_CONFIG: folder })
    expect(await checked.ended).toBe(1)
    expect(checked.printed).toMatch(
      /^configuration +failed +\d+ ms {2}it has no upstream dukcapl: expected one of dukcapil\b/,
    )
  })

  it('tells every problem of the configuration', async () => {
    const { folder } = await initTrial('ftp://127.0.0.1')
    const checked = check(['dukcapil'], { MPP_CONFIG: join(folder, 'gateway.yaml') })
    expect(await checked.ended).toBe(1)
    expect(checked.printed).toMatch(/^configuration +failed/)
    expect(checked.printed).toContain(
      '  gateway.yaml: upstreams.dukcapil.baseUrl\n    expected an http:// or https:// address\n',
    )
  })

  it('says how it is used when no upstream is named', async () => {
    const checked = check([])
    expect(await checked.ended).toBe(1)
    expect(checked.printed).toContain('MPP_CONFIG=<folder> npm run adapter-check <upstream>')
  })
})
