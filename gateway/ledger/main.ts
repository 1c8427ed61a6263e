/** `npm run ledger <command>`: proves the ledger, and answers from it. */
import { createPublicKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { exitWith } from '#gateway/exit.ts'
import { monthPattern } from '#gateway/http/reports.ts'
import { createLog } from '#gateway/log.ts'
import { createPseudonyms } from '#gateway/pseudonym.ts'
import { StartRefused } from '#gateway/server.ts'
import type { ProcessSettings } from '#gateway/settings/process.ts'
import { readSettings } from '#gateway/settings/read.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import { openReader, openStore } from '#gateway/store/open.ts'
import type { LedgerReader } from '#gateway/store/sqlite-reader.ts'
import type { Store } from '#gateway/store/store.ts'
import { type Access, accessLogCsv, createAccessLog, type Position } from './access-log.ts'
import { affectedCsvHead, affectedCsvLine, createAffected } from './affected.ts'
import { publicKeyPem } from './anchor.ts'
import { createAnchoring } from './anchoring.ts'
import { dueAt } from './clock.ts'
import { type Actor, createEvidence } from './evidence.ts'
import { accessLogFields, affectedFields, affectedRules, type InputRules, officer } from './input.ts'
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
    does: '--officer <id> --reference <number> --discovered <instant> [--member <id> [--key <id>]] [--from <instant>] [--until <instant>] [--language id|en] [--json]: whom a breach concerns, by keyed hash',
    run: affected,
  },
  retain: { does: 'destroys what is kept longer than its class allows', run: retain },
}

const { values: options, positionals } = readArguments()

const pageSize = 1_000
const language = z.enum(['id', 'en'], { error: 'id or en' })
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
  // A witness that is not there would bear out anything.
  for (const path of positionals) if (!existsSync(path)) throw new StartRefused(`there is no ${path}`)
  const { settings, process: where } = await readSettings(process.env)
  const { anchors, keys } = settings
  const store = await openToRead(settings, where)
  const verdict = await verifyLedger({
    store,
    ledgerKey: keys.ledger,
    anchorFiles: [...(anchors ? [anchors.file] : []), ...positionals],
    publicKeys: anchors ? [createPublicKey(anchors.signingKey), ...anchors.formerKeys] : [],
    longestTailMs: Math.max(shortestTailMs, 10_000 * (anchors?.everySeconds ?? 0)),
  }).finally(() => store.close())

  const { findings, rows, destroyed, unended, anchored, unanchored } = verdict
  for (const { where, what } of findings) console.error(`${where}: ${what}`)
  console.log(
    [
      findings.length === 0
        ? `The ledger verifies: ${rows} rows`
        : `The ledger does not verify beyond what is said above; ${rows} rows follow one another`,
      ...(destroyed > 0 ? [`the content of ${destroyed} was destroyed at the end of its retention`] : []),
      ...unended.map(
        run =>
          `retention of ${run.class}, begun at ${new Date(run.begunAt).toISOString()}, has not ended: how many rows it destroyed is not checked until a later run has said so`,
      ),
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
  const { settings, process: where } = await readSettings(process.env)
  if (!settings.anchors) throw new StartRefused('ledger.anchors is not configured')
  const store = await openToRead(settings, where)
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
  const { anchors } = (await readSettings(process.env)).settings
  if (!anchors) throw new StartRefused('ledger.anchors is not configured')
  console.log(publicKeyPem(anchors.signingKey).trim())
}

async function usage(): Promise<void> {
  const [month = ''] = positionals
  if (!monthPattern.test(month)) throw new StartRefused('which month? expected YYYY-MM')
  const { settings, process: where } = await readSettings(process.env)
  const store = await openToRead(settings, where)
  const report = await usageReport(store, month, settings.mall.timeZone).finally(() => store.close())
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : usageCsv(report))
}

async function accessLog(): Promise<void> {
  const house = await readSettings(process.env)
  const given = readOptions(
    {
      officer: options.officer,
      nik: (await text(process.stdin)).trim(),
      request: { reference: options.reference, receivedAt: options.received },
      language: options.language,
    },
    z.strictObject({ officer, language, ...accessLogFields(rulesOf(house)) }),
  )
  const { nik, request } = given

  await writing(house, async ({ settings, store, evidence, names }) => {
    const pseudonyms = createPseudonyms(settings.keys.pseudonyms)
    const read = createAccessLog({ store, evidence, names, pseudonyms, now: Date.now })
    const accesses: Access[] = []
    let position: Position | undefined
    do {
      const by = auditor(given.officer)
      const page = await read({ by, nik, ...request, language: given.language, position, limit: pageSize })
      accesses.push(...page.accesses)
      position = page.next
    } while (position)
    process.stdout.write(
      options.json ? `${JSON.stringify(accesses, null, 2)}\n` : accessLogCsv(accesses, given.language),
    )
  })
  console.error(`Due at ${dueAt(request.receivedAt)}.`)
}

async function affected(): Promise<void> {
  const house = await readSettings(process.env)
  const {
    incident,
    language: spoken,
    officer: by,
    ...exposure
  } = readOptions(
    {
      officer: options.officer,
      incident: { reference: options.reference, discoveredAt: options.discovered },
      member: options.member,
      key: options.key,
      from: options.from,
      until: options.until,
      language: options.language,
    },
    z.strictObject({ officer, language, ...affectedFields(rulesOf(house)) }).check(affectedRules),
  )

  await writing(house, async ({ store, evidence, names }) => {
    const find = createAffected({ store, evidence, names, now: Date.now })
    if (!options.json) process.stdout.write(affectedCsvHead)
    let position: Position | undefined
    do {
      const page = await find({
        by: auditor(by),
        ...incident,
        exposure,
        language: spoken,
        position,
        limit: pageSize,
      })
      for (const one of page.subjects)
        process.stdout.write(options.json ? `${JSON.stringify(one)}\n` : affectedCsvLine(one))
      position = page.next
    } while (position)
  })
  console.error(`Notify by ${dueAt(incident.discoveredAt)}.`)
}

async function retain(): Promise<void> {
  await writing(await readSettings(process.env), async ({ settings, store, evidence }) => {
    const { timeZone } = settings.mall
    const metrics = { destroyed: () => {} }
    const house = { store, evidence, log, metrics, timeZone, now: Date.now }
    const classes = Object.entries(settings.retention).filter(([, days]) => days !== undefined)
    const destroyed: Readonly<Record<string, number>> = await createRetention(settings.retention, house).run()
    for (const [name] of classes)
      console.log(
        name in destroyed
          ? `${name}: ${destroyed[name]} destroyed`
          : `${name}: not now, a run that began less than an hour ago has not ended and may be under way`,
      )
    if (classes.length === 0) console.log('retention is not configured: everything is kept for good')
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

function openToRead({ keys }: Settings, place: ProcessSettings): Promise<LedgerReader> {
  return openReader(place, keys.ledger).catch((cause: Error) => {
    throw new StartRefused(cause.message, { cause })
  })
}

interface WritingHouse {
  readonly settings: Settings
  readonly store: Store
  readonly evidence: ReturnType<typeof createEvidence>
  readonly names: ReturnType<typeof createNames>
}

/** For what is an entry of the ledger itself: as the only one at its store, and with an anchor at the end. */
async function writing(
  { settings, process: where }: House,
  work: (house: WritingHouse) => Promise<void>,
): Promise<void> {
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

function auditor(officer: string): Actor {
  return { member: 'gateway', key: 'command line', officer, identity: 'asserted' }
}

function rulesOf({ settings }: House): InputRules {
  return { identities: settings.identities, now: Date.now }
}

/** What the options say, checked as the API checks it; @throws StartRefused that names every one that does not fit. */
function readOptions<Schema extends z.ZodType>(given: object, schema: Schema): z.output<Schema> {
  const taken = optionsIn(given)
  const foreign = Object.keys(options).filter(name => name !== 'json' && !taken.includes(`--${name}`))
  const problems = foreign.map(name => `--${name}: ${process.argv[3]} does not take it`)
  const parsed = schema.safeParse(given)
  for (const { code, path, message } of parsed.error?.issues ?? []) {
    const value = path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown>)[key], given)
    const isMissing = code === 'invalid_type' && value === undefined
    problems.push(`${optionOf(String(path.at(-1)))}: ${isMissing ? 'it is missing' : message}`)
  }
  if (!parsed.success || problems.length > 0) throw new StartRefused(problems.join('\n'))
  return parsed.data
}

/** How a field of the API's body is given here. */
function optionOf(field: string): string {
  if (field === 'nik') return 'the input'
  return `--${field.replace(/At$/, '')}` // receivedAt, discoveredAt
}

function optionsIn(given: object): string[] {
  return Object.entries(given).flatMap(([field, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? optionsIn(value) : [optionOf(field)],
  )
}
