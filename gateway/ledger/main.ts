/** `npm run ledger <command>`: proves the ledger, and answers from it. */
import { createPublicKey } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nik } from '#contracts/identifiers.ts'
import { exitWith } from '#gateway/exit.ts'
import { monthPattern } from '#gateway/http/reports.ts'
import type { Language } from '#gateway/http/problem.ts'
import { createLog } from '#gateway/log.ts'
import { createPseudonyms } from '#gateway/pseudonym.ts'
import { StartRefused } from '#gateway/server.ts'
import { loadSettings } from '#gateway/settings/load.ts'
import { type ProcessSettings, readProcessSettings } from '#gateway/settings/process.ts'
import type { Problem } from '#gateway/settings/read-yaml.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import { openStore } from '#gateway/store/open.ts'
import { type LedgerReader, openSqliteReader } from '#gateway/store/sqlite-reader.ts'
import type { Store } from '#gateway/store/store.ts'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { type Access, accessLogCsv, createAccessLog, type Position } from './access-log.ts'
import { affectedCsvHead, affectedCsvLine, createAffected } from './affected.ts'
import { publicKeyPem } from './anchor.ts'
import { createAnchoring } from './anchoring.ts'
import { dueAt } from './clock.ts'
import { type Actor, createEvidence } from './evidence.ts'
import { createNames } from './names.ts'
import { createRetention } from './retention.ts'
import { usageCsv, usageReport } from './usage.ts'
import { verifyLedger } from './verify.ts'

const commands: Readonly<Record<string, { readonly does: string; readonly run: () => Promise<void> }>> = {
  verify: {
    does: '[further anchors files]: is the ledger what it was? Also while the gateway runs',
    run: verify,
  },
  anchor: { does: 'anchors the ledger as it stands', run: anchor },
  'public-key': { does: 'the key that anchors are checked with', run: publicKey },
  usage: { does: '<YYYY-MM> [--json]: how agreements were used', run: usage },
  'access-log': {
    does: '--officer <id> --reference <number> --received <instant> [--language id|en] [--json]: who looked at the person whose NIK stands on the input',
    run: accessLog,
  },
  affected: {
    does: '--officer <id> --reference <number> --discovered <instant> [--member <id> [--key <id>]] [--from <instant>] [--until <instant>] [--json]: whom a breach concerns, by keyed hash',
    run: affected,
  },
  retain: { does: 'destroys what is kept longer than its class allows', run: retain },
}

const { values: options, positionals } = readArguments()

const pageSize = 1_000
/** Answers go to stdout. */
const log = createLog({ write: line => void process.stderr.write(line) })
/** However often anchors are made, an unanchored tail of ten minutes says nothing yet. */
const shortestTailMs = 10 * 60_000

const command = commands[process.argv[3] ?? '']
if (!command) {
  const lines = Object.entries(commands).map(([name, { does }]) => `  ${name} ${does}`)
  console.error(`MPP_CONFIG=<folder> npm run ledger -- <command>\n\n${lines.join('\n')}`)
  process.exit(1)
}
await command.run().catch((error: unknown) => {
  if (!(error instanceof StartRefused)) exitWith(error)
  console.error(`${error.message}.`)
  process.exit(1)
})

async function verify(): Promise<void> {
  const { settings, process: where } = await readSettings()
  const { anchors, keys } = settings
  const store = await openReader(settings, where)
  const verdict = await verifyLedger({
    store,
    ledgerKey: keys.ledger,
    anchorFiles: [...(anchors ? [anchors.file] : []), ...positionals],
    publicKeys: anchors ? [createPublicKey(anchors.signingKey), ...anchors.formerKeys] : [],
    longestTailMs: Math.max(shortestTailMs, 10_000 * (anchors?.everySeconds ?? 0)),
  }).finally(() => store.close())

  const { findings, rows, destroyed, anchored, unanchored } = verdict
  for (const { where, what } of findings) console.error(`${where}: ${what}`)
  console.log(
    [
      findings.length === 0
        ? `The ledger verifies: ${rows} rows`
        : `The ledger does not verify beyond what is said above; ${rows} rows follow one another`,
      ...(destroyed > 0 ? [`the content of ${destroyed} was destroyed at the end of its retention`] : []),
      anchored
        ? `anchored up to row ${anchored.sequence} at ${new Date(anchored.at).toISOString()}, ${unanchored} not yet`
        : findings.length > 0
          ? 'no anchor covers them'
          : 'nothing is anchored: whoever holds the ledger key could have made all of it anew',
    ].join('; '),
  )
  if (findings.length > 0) process.exitCode = 1
}

async function anchor(): Promise<void> {
  const { settings, process: where } = await readSettings()
  if (!settings.anchors) throw new StartRefused('ledger.anchors is not configured')
  const store = await openReader(settings, where)
  let outcome = 'nothing to anchor, or the running gateway anchors'
  const anchoring = createAnchoring(settings.anchors, {
    store,
    log,
    metrics: { anchored: attempt => (outcome = `${attempt.place}: ${attempt.outcome}`) },
    now: Date.now,
  })
  await anchoring.anchor()
  if (anchoring.warning !== undefined) process.exitCode = 1
  console.log(anchoring.warning ?? outcome)
  await anchoring.close()
  await store.close()
}

async function publicKey(): Promise<void> {
  const { anchors } = (await readSettings()).settings
  if (!anchors) throw new StartRefused('ledger.anchors is not configured')
  console.log(publicKeyPem(anchors.signingKey).trim())
}

async function usage(): Promise<void> {
  const [month = ''] = positionals
  if (!monthPattern.test(month)) throw new StartRefused('which month? expected YYYY-MM')
  const { settings, process: where } = await readSettings()
  const store = await openReader(settings, where)
  const report = await usageReport(store, month, settings.mall.timeZone).finally(() => store.close())
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : usageCsv(report))
}

async function accessLog(): Promise<void> {
  const by = auditor()
  const reference = required('reference')
  const receivedAt = instant('received')
  const language: Language = options.language === 'en' ? 'en' : 'id'
  const subject = nik.safeParse((await text(process.stdin)).trim())
  if (!subject.success)
    throw new StartRefused('the input is no NIK: printf %s "$nik" | npm run ledger access-log …')

  await writing(async ({ settings, store, evidence, names }) => {
    const read = createAccessLog({
      store,
      evidence,
      names,
      pseudonyms: createPseudonyms(settings.keys.pseudonyms),
      isExempt: id => settings.agreements.some(one => one.id === id && one.exemptFromAccessLog),
      now: Date.now,
    })
    const accesses: Access[] = []
    let position: Position | undefined
    do {
      const question = { by, nik: subject.data, reference, receivedAt, language, position, limit: pageSize }
      const page = await read(question)
      accesses.push(...page.accesses)
      position = page.next
    } while (position)
    process.stdout.write(
      options.json ? `${JSON.stringify(accesses, null, 2)}\n` : accessLogCsv(accesses, language),
    )
  })
  console.error(`Due at ${dueAt(receivedAt)}.`)
}

async function affected(): Promise<void> {
  const by = auditor()
  const reference = required('reference')
  const discoveredAt = instant('discovered')
  const exposure = {
    member: options.member,
    key: options.key,
    from: options.from === undefined ? undefined : instant('from'),
    until: options.until === undefined ? undefined : instant('until'),
  }
  if (Object.values(exposure).every(part => part === undefined))
    throw new StartRefused('whom does it concern? give --member, --from or --until')

  await writing(async ({ store, evidence, names }) => {
    const find = createAffected({ store, evidence, names, now: Date.now })
    const language: Language = options.language === 'en' ? 'en' : 'id'
    if (!options.json) process.stdout.write(affectedCsvHead)
    let position: Position | undefined
    do {
      const page = await find({ by, reference, discoveredAt, exposure, language, position, limit: pageSize })
      for (const one of page.subjects)
        process.stdout.write(options.json ? `${JSON.stringify(one)}\n` : affectedCsvLine(one))
      position = page.next
    } while (position)
  })
  console.error(`Notify by ${dueAt(discoveredAt)}.`)
}

async function retain(): Promise<void> {
  await writing(async ({ settings, store, evidence }) => {
    const { timeZone } = settings.mall
    const metrics = { destroyed: () => {} }
    const house = { store, evidence, log, metrics, timeZone, now: Date.now }
    const destroyed = Object.entries(await createRetention(settings.retention, house).run())
    for (const [name, count] of destroyed) console.log(`${name}: ${count} destroyed`)
    if (destroyed.length === 0) console.log('retention is not configured: everything is kept for good')
  })
}

// -- What commands have in common ------------------------------------------------------------------------------------

interface House {
  readonly settings: Settings
  readonly process: ProcessSettings
}

function readArguments() {
  try {
    return parseArgs({
      args: process.argv.slice(4),
      allowPositionals: true,
      options: {
        officer: { type: 'string' },
        reference: { type: 'string' },
        received: { type: 'string' },
        discovered: { type: 'string' },
        member: { type: 'string' },
        key: { type: 'string' },
        from: { type: 'string' },
        until: { type: 'string' },
        language: { type: 'string', default: 'id' },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    console.error(`${(error as Error).message}.`)
    process.exit(1)
  }
}

/** As for `npm start`. */
async function readSettings(): Promise<House> {
  const problems: Problem[] = []
  const where = readProcessSettings(process.env, problems)
  const discovered = await discoverAdapters(join(import.meta.dirname, '../../adapters'))
  const settings = loadSettings({
    path: where.configPath,
    environment: process.env,
    adapters: discovered.adapters,
    earlierProblems: [...problems, ...discovered.problems],
  })
  return { settings, process: where }
}

/** In SQLite beside the gateway that works on it. */
async function openReader({ keys }: Settings, place: ProcessSettings): Promise<LedgerReader> {
  try {
    if (place.databaseUrl !== undefined) return await openStore(place, { ledgerKey: keys.ledger })
    return openSqliteReader(place.dataFolder, keys.ledger)
  } catch (cause) {
    throw new StartRefused((cause as Error).message, { cause })
  }
}

interface WritingHouse {
  readonly settings: Settings
  readonly store: Store
  readonly evidence: ReturnType<typeof createEvidence>
  readonly names: ReturnType<typeof createNames>
}

/** For what is an entry of the ledger itself: as the only one at its store, and with an anchor at the end. */
async function writing(work: (house: WritingHouse) => Promise<void>): Promise<void> {
  const { settings, process: where } = await readSettings()
  const opening = openStore(where, { ledgerKey: settings.keys.ledger })
  const store = await opening.catch((cause: Error) => {
    throw new StartRefused(`${cause.message}; while the gateway runs, ask it: see /docs`, { cause })
  })
  const evidence = createEvidence(store)
  const names = createNames(settings)
  const anchoring =
    settings.anchors &&
    createAnchoring(settings.anchors, {
      store,
      log,
      metrics: { anchored: () => {} },
      now: Date.now,
    })
  try {
    await work({ settings, store, evidence, names })
  } finally {
    await anchoring?.close()
    await store.close()
  }
}

function auditor(): Actor {
  return { member: 'gateway', key: 'command line', officer: required('officer'), identity: 'asserted' }
}

function required(name: 'officer' | 'reference' | 'received' | 'discovered' | 'from' | 'until'): string {
  const value = options[name]
  if (value === undefined || value === '') throw new StartRefused(`--${name} is missing`)
  return value
}

function instant(name: 'received' | 'discovered' | 'from' | 'until'): number {
  const at = Date.parse(required(name))
  if (Number.isNaN(at)) throw new StartRefused(`--${name} is no instant such as 2026-11-30T09:00:00+07:00`)
  return at
}
