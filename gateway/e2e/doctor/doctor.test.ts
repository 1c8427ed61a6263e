/** `npm run doctor`, as an operator runs it: beside a gateway, and where none runs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { startDukcapil } from '../../../mocks/dukcapil/server.ts'
import { addressOf, defaultAgency, initTrial, run, start } from '../start/processes.ts'

async function consult(environment: Record<string, string>) {
  const doctor = run(['gateway/start.js', 'doctor'], { LANG: 'en_GB.UTF-8', ...environment })
  const code = await doctor.ended
  return { code, said: doctor.printed }
}

const restless = { timeout: 60_000 }

/** Everything that a trial says of itself is well, but for what a test makes of it. */
async function startTrial(edit: (yaml: string) => string = yaml => yaml) {
  const agency = await startDukcapil()
  const { folder } = await initTrial(agency.url, edit)
  return { agency, folder, environment: { MPP_CONFIG: folder } }
}

it('finds all well beside a gateway that is', restless, async () => {
  const { environment, agency } = await startTrial()
  await addressOf(start(environment))
  const { code, said } = await consult(environment)
  expect(said).toMatch(/^All is well\.$/m)
  expect(said).toMatch(/^Gateways\n {4}\S+-[0-9a-f]{4}: running, last heard \d s, clock \+?-?\d+\.\d s$/m)
  expect(said).toMatch(/^ {4}dukcapil: unknown, 0\/0 failed/m)
  expect(code).toBe(0)
  await agency.close()
})

it('says that no gateway runs, in the language of the terminal', restless, async () => {
  const { environment, agency } = await startTrial()
  const gateway = start(environment)
  await fetch(`${await addressOf(gateway)}/health/live`) // by now it hears signals
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
  const english = await consult(environment)
  expect(english.said).toContain('[CRITICAL] No gateway is running: gateway')
  expect(english.code).toBe(1)
  const indonesian = await consult({ ...environment, LANG: 'id_ID.UTF-8' })
  expect(indonesian.said).toContain('[KRITIS] Tidak ada gerbang yang berjalan: gateway')
  expect(indonesian.said).toContain('→ Jalankan dengan npm start')
  await agency.close()
})

it('shows what is wrong, most urgent first, each with what it means and what to do', restless, async () => {
  const { folder, environment, agency } = await startTrial()
  const file = join(folder, 'agreements/dukcapil-front-office.yaml')
  const soon = new Date(Date.now() + 5 * 24 * 60 * 60_000).toISOString().slice(0, 10)
  const yaml = readFileSync(file, 'utf8')
  const edited = yaml.replace(/until: [^\s,}]+/, `until: ${soon}`)
  expect(edited).not.toBe(yaml)
  writeFileSync(file, edited)
  await addressOf(start(environment))
  const { code, said } = await consult(environment)
  expect(said).toMatch(/^\[NOTICE\] An agreement ends soon: \S+$/m)
  expect(said).toContain('→ Begin the renewal: signatures take time.')
  expect(said).toContain('docs/operators.md#agreement-ending')
  expect(said).toMatch(/^Agreements\n {4}\S+: ends in [56] d$/m)
  expect(code).toBe(1)
  await agency.close()
})

it('cannot look where there is no store, or no sound configuration, and says why', restless, async () => {
  const { folder } = await initTrial(defaultAgency)
  const nowhere = await consult({ MPP_CONFIG: folder })
  expect(nowhere.said).toMatch(/^Cannot look\.\n\nThe store cannot be read: there is no store in /m)
  expect(nowhere.code).toBe(2)
  const file = join(folder, 'gateway.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nweather: fine\n`)
  const wrong = await consult({ MPP_CONFIG: folder })
  expect(wrong.said).toMatch(/gateway\.yaml: weather\n {4}expected one of the keys/)
  expect(wrong.code).toBe(2)
})

await describeWithPostgres('on PostgreSQL', postgres => {
  it('looks beside several gateways, and says when the database is away', restless, async () => {
    const { environment, agency } = await startTrial()
    const DATABASE_URL = postgres.newPlace()
    const gateways = [start({ ...environment, DATABASE_URL }), start({ ...environment, DATABASE_URL })]
    for (const gateway of gateways) await addressOf(gateway)
    const { code, said } = await consult({ ...environment, DATABASE_URL })
    expect(said.match(/: running, last heard/g)).toHaveLength(2)
    expect(code).toBe(0)
    const away = await consult({
      ...environment,
      DATABASE_URL: 'postgres://gateway:a-password@127.0.0.1:1/mall',
    })
    expect(away.said).toMatch(/The store cannot be read: .*127\.0\.0\.1:1\/mall/)
    expect(away.said).not.toContain('a-password')
    expect(away.code).toBe(2)
    await agency.close()
  })
})
