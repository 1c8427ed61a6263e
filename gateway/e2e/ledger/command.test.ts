/** `npm run ledger`, as an operator and an auditor run it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openSqliteStore } from '#gateway/store/sqlite.ts'
import { addressOf, defaultAgency, initTrial, root, run, start } from '../start/processes.ts'

/** Runs a command of the ledger; what it prints where, and its exit code. */
async function ledger(folder: string, args: readonly string[], input = '') {
  const child = spawn(process.execPath, ['gateway/start.js', 'ledger', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], MPP_CONFIG: folder },
  })
  child.stdin.end(input)
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { out, errors, code: code as number }
}

const nik = '9999011501900001'

/** What is complained of. */
const problemsIn = (errors: string): readonly string[] =>
  errors
    .trimEnd()
    .split('\n')
    .map(line => line.slice(0, line.indexOf(':')))
    .toSorted()

const stop = async (gateway: ReturnType<typeof run>) => {
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
}

it('verifies beside a gateway that runs, anchors at its end, and finds what was altered', async () => {
  const { folder, apiKey } = await initTrial(defaultAgency)
  const gateway = start({ MPP_CONFIG: folder })
  const url = await addressOf(gateway)
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'mpp-purpose': 'nothing.agreed',
    'mpp-counter': 'A-03',
    'mpp-officer': 'o-7f3a',
  }
  const opened = await fetch(`${url}/v1/cases`, { method: 'POST', headers, body: '{}' })
  const { id } = (await opened.json()) as { id: string }
  for (let time = 0; time < 3; time += 1) {
    const refused = await fetch(`${url}/v1/residents/lookup`, {
      method: 'POST',
      headers: { ...headers, 'mpp-case': id },
      body: JSON.stringify({ nik: '9999011501900001' }),
    })
    expect(refused.status).toBe(403)
    await refused.text()
  }
  const running = await ledger(folder, ['verify'])
  expect(running).toMatchObject({ code: 0, errors: '' })
  expect(running.out).toContain('The ledger verifies: 3 rows')
  const busy = await ledger(folder, ['retain'])
  expect(busy.code).toBe(1)
  expect(busy.errors).toContain('in use by another gateway')
  await stop(gateway)

  const stopped = await ledger(folder, ['verify'])
  expect(stopped).toMatchObject({
    code: 0,
    out: expect.stringMatching(/anchored up to row 3 at .*, 0 not yet/),
  })
  const { out: pem } = await ledger(folder, ['public-key'])
  expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
  expect(await ledger(folder, ['anchor'])).toMatchObject({ code: 0, out: expect.stringContaining('nothing') })

  const month = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' }).format().slice(0, 7)
  const usage = await ledger(folder, ['usage', month])
  expect(usage.out.split('\r\n')[1]).toBe(
    `${month},dukcapil-front-office,front-office,nothing.agreed,resident.lookup,,NOT_GRANTED,PURPOSE_NOT_GRANTED,,3`,
  )

  const database = new DatabaseSync(join(folder, 'data/gateway.db'))
  database.exec(`UPDATE ledger SET content = replace(content, 'o-7f3a', 'o-0000') WHERE sequence = 2`)
  database.close()
  const altered = await ledger(folder, ['verify'])
  expect(altered).toMatchObject({ code: 1, errors: 'row 2: its content is not what was recorded\n' })
})

it('answers a person and finds whom a breach concerns, and both are on record and anchored', async () => {
  const { folder } = await initTrial(defaultAgency)
  await stop(await started(folder))
  const who = ['--officer', 'inspector-1', '--reference', 'PDP/2026/0007']
  const log = await ledger(
    folder,
    ['access-log', ...who, '--received', '2026-01-05T08:00:00+07:00', '--language', 'en'],
    '9999011501900001\n',
  )
  expect(log.code).toBe(0)
  expect(log.out).toContain('Time,Organisation,Purpose')
  expect(log.out).toContain('may be left out')
  expect(log.errors).toContain('Due at 2026-01-08T01:00:00.000Z')
  const affected = await ledger(folder, [
    'affected',
    ...who,
    '--discovered',
    '2026-01-05T08:00:00+07:00',
    '--member',
    'front-office',
  ])
  expect(affected).toMatchObject({
    code: 0,
    out: 'subject,firstAt,lastAt,accesses,elements,lastAuditId,exempt\r\n',
  })
  expect(affected.errors).toContain('Notify by 2026-01-08T01:00:00.000Z')
  expect((await ledger(folder, ['verify'])).out).toMatch(/2 rows; anchored up to row 2 .* 0 not yet/)
})

it('destroys what is kept too long, and still verifies', async () => {
  const { folder } = await initTrial(defaultAgency, yaml => `${yaml}\nretention: { acts: 30 }\n`)
  await stop(await started(folder))
  expect(await ledger(folder, ['retain'])).toMatchObject({ code: 0, out: 'acts: 0 destroyed\n' })
  expect((await ledger(folder, ['verify'])).code).toBe(0)

  const ledgerKey = Buffer.from(readFileSync(join(folder, 'keys/ledger'), 'utf8'), 'base64')
  const store = await openSqliteStore({ folder: join(folder, 'data'), ledgerKey })
  const at = Date.now()
  const content = { kind: 'destruction', class: 'acts', until: 0, state: 'begun' }
  await store.appendLedger({ id: '01990000-0000-7000-8000-000000000001', at, content })
  await store.close()
  const interrupted = await ledger(folder, ['verify'])
  expect(interrupted.code).toBe(0)
  expect(interrupted.out).toContain(
    `retention of acts, begun at ${new Date(at).toISOString()}, has not ended`,
  )
  expect((await ledger(folder, ['retain'])).out).toContain('acts: not now')
})

it('names every option that does not fit at once, as the API would', async () => {
  const { folder } = await initTrial(defaultAgency)
  const log = await ledger(
    folder,
    ['access-log', '--officer', nik, '--reference', `Perkara ${nik}`, '--language', 'de', '--member', 'x'],
    '3204011501900001\n',
  )
  expect(log).toMatchObject({ code: 1, out: '' })
  expect(problemsIn(log.errors)).toEqual([
    '--language',
    '--member',
    '--officer',
    '--received',
    '--reference',
    'the input',
  ])
  expect(log.errors).toContain('--received: it is missing')
  expect(log.errors).not.toMatch(/\d{16}/)

  const who = ['affected', '--officer', 'inspector-1', '--reference', 'INS/2026/3']
  const future = '2099-01-05T08:00:00+07:00'
  const what = ['--key', 'test', '--from', future, '--until', '2026-01-05T08:00:00']
  const affected = await ledger(folder, [...who, '--discovered', future, ...what])
  expect(affected.code).toBe(1)
  expect(problemsIn(affected.errors)).toEqual(['--discovered', '--from', '--member', '--until'])
  const bare = await ledger(folder, [...who, '--discovered', '2026-01-05T08:00:00+07:00'])
  expect(problemsIn(bare.errors)).toEqual(['--member'])
})

it('says what is wrong with a command, and never the NIK', async () => {
  const { folder } = await initTrial(defaultAgency)
  expect(await ledger(folder, [])).toMatchObject({ code: 1, errors: expect.stringContaining('verify') })
  const verify = await ledger(folder, ['verify'])
  expect(verify).toMatchObject({ code: 1, errors: expect.stringContaining('there is no store in') })
  const misspelled = await ledger(folder, ['verify', 'witnes.jsonl'])
  expect(misspelled).toMatchObject({ code: 1, errors: 'there is no witnes.jsonl.\n' })
  const wrong = [
    'access-log',
    '--officer',
    'a',
    '--reference',
    'b',
    '--received',
    '2026-01-05T08:00:00+07:00',
  ]
  const { code, errors } = await ledger(folder, wrong, '1234567890123456')
  expect(code).toBe(1)
  expect(errors).toContain('the input: NIK digits')
  expect(errors).not.toContain('1234567890123456')

  const file = join(folder, 'gateway.yaml')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('signingKey: { file: keys/anchors }', 'signingKey: abc'),
  )
  const key = await ledger(folder, ['public-key'])
  expect(key.errors).toContain('gateway.yaml: ledger.anchors.signingKey')
})

async function started(folder: string) {
  const gateway = start({ MPP_CONFIG: folder })
  await fetch(`${await addressOf(gateway)}/health/live`) // once it answers, it minds signals
  return gateway
}
