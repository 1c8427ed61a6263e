/** What an operator should look at now, from what the configuration, the store and the disks say. */
import { openAt } from '#gateway/ops/open-submissions.ts'
import type { Text } from '#contracts/text.ts'
import { type Alarm, byUrgency, severityOf, subjectOf } from '#gateway/ops/alarms/alarm.ts'
import { alarmCodes, isAlarmCode, runbookOf, severities, type Severity } from '#gateway/ops/alarms/codes.ts'
import { allWell, conditionsOf, type Facts } from '#gateway/ops/alarms/conditions.ts'
import { readDisks } from '#gateway/ops/alarms/disks.ts'
import { alarmIn, alarmKind, isOpen } from '#gateway/ops/alarms/register.ts'
import type { Condition, GatewayView } from '#gateway/ops/gateway-view.ts'
import { type Heard, readHeartbeats } from '#gateway/ops/heartbeat.ts'
import { lastAnchorIn } from '#gateway/ledger/anchor-file.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import type { StoreReader } from '#gateway/store/sqlite-reader.ts'
import { dirname } from 'node:path'

export interface Finding {
  readonly severity: Severity
  readonly title: Text
  readonly source: string
  readonly meaning: Text
  readonly action: Text
  readonly runbook?: string
  readonly facts?: Readonly<Record<string, string | number>>
  /** Since when it has been so, where a gateway has seen it. */
  readonly since?: number
  readonly acknowledged?: string
}

export interface Examination {
  /** By the store's clock. */
  readonly at: number
  /** Most urgent first. */
  readonly findings: readonly Finding[]
  readonly gateways: readonly Heard<GatewayView>[]
  readonly orders: Facts['orders']
  readonly agreements: Facts['agreements']
  readonly ledger: { readonly rows: number; readonly anchored: number | undefined }
}

export async function examine(
  settings: Settings,
  store: StoreReader,
  dataFolder: string | undefined,
): Promise<Examination> {
  const [{ at, rows }, gateways, counts, head] = await Promise.all([
    store.readHouseState([alarmKind]),
    readHeartbeats<GatewayView>(store),
    store.countSubmissions(),
    store.readLedgerHead(),
  ])
  const anchor = settings.anchors && (await lastAnchorIn(settings.anchors.file))
  const isLate =
    settings.anchors !== undefined &&
    head !== undefined &&
    head.sequence > (anchor?.sequence ?? 0) &&
    at - head.at > 3_000 * settings.anchors.everySeconds
  const orders = openAt(counts, at)
  const agreements = settings.agreements.map(({ id, validUntil }) => ({ id, leftMs: validUntil - at }))
  // What only a running gateway can see is in the alarms that it left.
  const seenFromOutside: Facts = {
    ...allWell,
    agreements,
    orders,
    anchors: isLate ? 'LATE' : undefined,
    gateways,
    disks: await readDisks([
      ...(dataFolder === undefined ? [] : [{ name: 'data', path: dataFolder }]),
      ...(settings.anchors ? [{ name: 'anchors', path: dirname(settings.anchors.file) }] : []),
    ]),
  }
  const alarms = rows.map(alarmIn).filter(alarm => isOpen(alarm) && isAlarmCode(alarm.code))
  const known = new Set(alarms.map(subjectOf))
  const others = conditionsOf(seenFromOutside, settings.alarms).filter(one => !known.has(subjectOf(one)))
  const findings = [
    ...(gateways.some(({ isSilent }) => !isSilent) ? [] : [nobodyRuns]),
    ...alarms.toSorted(byUrgency).map(ofAlarm),
    ...others.flatMap(ofCondition),
  ]
  return {
    at,
    findings: findings.toSorted(
      (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity),
    ),
    gateways,
    orders,
    agreements,
    ledger: { rows: head?.sequence ?? 0, anchored: settings.anchors && (anchor?.sequence ?? 0) },
  }
}

const nobodyRuns: Finding = {
  severity: 'critical',
  source: 'gateway',
  title: { id: 'Tidak ada gerbang yang berjalan', en: 'No gateway is running' },
  meaning: {
    id: 'Tidak satu pun gerbang bersuara pada penyimpanan ini: loket tidak dilayani.',
    en: 'No gateway speaks at this store: counters are not served.',
  },
  action: {
    id: 'Jalankan dengan npm start, lalu lihat lognya.',
    en: 'Start one with npm start, and see its log.',
  },
}

const ofAlarm = (alarm: Alarm): Finding => ({
  ...wordsOf(alarm),
  facts: alarm.facts,
  since: alarm.since,
  ...(alarm.acknowledged && { acknowledged: alarm.acknowledged.reason }),
})

const ofCondition = ({ code, source, facts }: Condition): Finding[] =>
  isAlarmCode(code) ? [{ ...wordsOf({ code, source }), ...(facts && { facts }) }] : []

function wordsOf({ code, source }: Pick<Alarm, 'code' | 'source'>) {
  const { title, meaning, action } = alarmCodes[code]
  return { severity: severityOf({ code }), source, title, meaning, action, runbook: runbookOf(code) }
}
