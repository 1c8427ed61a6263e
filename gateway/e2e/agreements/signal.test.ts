import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startDukcapil } from '../../../mocks/dukcapil/server.ts'
import { addressOf, initTrial, start } from '../start/processes.ts'

it('SIGHUP reads the agreement files anew; a bad one leaves those from before in force', async () => {
  const agency = await startDukcapil()
  onTestFinished(() => agency.close())
  const { folder, apiKey } = await initTrial(agency.url)
  const gateway = start({ MPP_CONFIG: folder })
  const url = await addressOf(gateway)
  const file = join(folder, 'agreements/dukcapil-front-office.yaml')
  const written = readFileSync(file, 'utf8')
  const ask = async (purpose: string): Promise<boolean> => {
    const response = await fetch(`${url}/v1/decide`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ capability: 'resident.match', purpose }),
    })
    return ((await response.json()) as { allowed: boolean }).allowed
  }
  expect([await ask('driving-licence.renewal'), await ask('tax.check')]).toEqual([true, false])

  writeFileSync(file, written.replace('[driving-licence.renewal]', '[driving-licence.renewal, tax.check]'))
  gateway.child.kill('SIGHUP')
  await gateway.prints(/"changed":\["dukcapil-front-office"\]/)
  expect([await ask('driving-licence.renewal'), await ask('tax.check')]).toEqual([true, true])

  writeFileSync(file, written.replace('until: 2035-12-31', 'until: tomorrow'))
  gateway.child.kill('SIGHUP')
  await gateway.prints(/"at":"agreements\/dukcapil-front-office.yaml: valid.until","expected":"a day/)
  await gateway.prints(/"code":"AGREEMENTS_INVALID"/)
  expect(await ask('tax.check')).toBe(true)

  rmSync(join(folder, 'agreements'), { recursive: true })
  gateway.child.kill('SIGHUP')
  await gateway.prints(/"at":"agreements","expected":"at least one file/)
  expect(await ask('tax.check')).toBe(true)

  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
})
