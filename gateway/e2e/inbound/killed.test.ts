import { expect, it, onTestFinished } from 'vitest'
import { startOss } from '../../../mocks/oss/server.ts'
import { addressOf, initTrial, start } from '../start/processes.ts'

it('has what it answered for after it was killed in that moment, once', { timeout: 60_000 }, async () => {
  const agency = await startOss()
  onTestFinished(() => agency.close())
  const trial = await initTrial('http://127.0.0.1:9')
  const told: string[] = []

  for (const nib of ['9999900000001', '9999900000002', '9999900000003']) {
    const gateway = start({ MPP_CONFIG: trial.folder })
    const url = `${await addressOf(gateway)}/inbound/oss/receiveNIB`
    for (const known of [...told, nib]) {
      const { body } = await agency.push(url, { nib: known })
      expect(body).toMatchObject({ responreceiveNIB: { status: '1' } })
    }
    gateway.child.kill('SIGKILL')
    told.push(nib)
    expect(await gateway.ended).toBe('SIGKILL')
  }

  const gateway = start({ MPP_CONFIG: trial.folder })
  const response = await fetch(`${await addressOf(gateway)}/v1/notices`, {
    headers: { authorization: `Bearer ${trial.apiKey}` },
  })
  const { notices } = (await response.json()) as {
    notices: readonly { readonly data: { readonly nib: string } }[]
  }
  expect(notices.map(({ data }) => data.nib)).toEqual(told)
  expect(gateway.printed).not.toMatch(/osspass|USAHA/)
})
