/** The doctor's words: plain text for a terminal. */
import type { Text } from '#contracts/text.ts'
import type { Severity } from '#gateway/ops/alarms/codes.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { Examination, Finding } from './examine.ts'

const severityWords: Readonly<Record<Severity, Text>> = {
  critical: { id: 'KRITIS', en: 'CRITICAL' },
  warning: { id: 'AWAS', en: 'WARNING' },
  notice: { id: 'CATATAN', en: 'NOTICE' },
}

const dayMs = 24 * 60 * 60_000
/** Agreements that end within so long are listed. */
const soonMs = 60 * dayMs

export function report(
  { at, findings, gateways, orders, agreements, ledger }: Examination,
  timeZone: string,
  language: Language,
): string {
  const say = (id: string, en: string): string => ({ id, en })[language]
  const clock = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium', timeZone })
  const ending = agreements.filter(({ leftMs }) => leftMs < soonMs)

  const finding = (one: Finding): string[] => [
    `[${severityWords[one.severity][language]}] ${one.title[language]}: ${one.source}`,
    ...[
      ...(one.since === undefined
        ? []
        : [`${say('sejak', 'since')} ${clock.format(one.since)} (${ago(at - one.since)})`]),
      ...factsOf(one),
      one.meaning[language],
      `→ ${one.action[language]}`,
      ...(one.acknowledged === undefined
        ? []
        : [`${say('Sudah dilihat', 'Acknowledged')}: ${one.acknowledged}`]),
      ...(one.runbook === undefined ? [] : [one.runbook]),
    ].map(line => `    ${line}`),
    '',
  ]
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map(line => `    ${line}`), '']
  const ago = (ms: number): string => {
    const minutes = Math.floor(ms / 60_000)
    if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1_000))} ${say('detik', 's')}`
    if (minutes < 120) return `${minutes} ${say('menit', 'min')}`
    return minutes < 2_880
      ? `${Math.floor(minutes / 60)} ${say('jam', 'h')}`
      : `${Math.floor(minutes / 1_440)} ${say('hari', 'd')}`
  }

  return [
    findings.length === 0
      ? say('Semuanya baik.', 'All is well.')
      : say(
          `${findings.length} hal perlu dilihat:`,
          `Look at ${findings.length === 1 ? 'this' : `these ${findings.length}`}:`,
        ),
    '',
    ...findings.flatMap(finding),
    ...section(
      say('Gerbang', 'Gateways'),
      gateways.map(
        ({ gateway, ageMs, clockAheadMs, isSilent }) =>
          `${gateway}: ${isSilent ? say('diam', 'silent') : say('berjalan', 'running')}, ${say('terakhir bersuara', 'last heard')} ${ago(ageMs)}, ${say('jam', 'clock')} ${clockAheadMs >= 0 ? '+' : ''}${(clockAheadMs / 1_000).toFixed(1)} s`,
      ),
    ),
    ...section(
      say('Instansi', 'Agencies'),
      gateways
        .filter(({ isSilent }) => !isSilent)
        .flatMap(({ gateway, view }) =>
          view.upstreams.map(
            ({ id, state, circuit, attempts, faults }) =>
              `${id}: ${state}${circuit === 'closed' ? '' : `, circuit ${circuit}`}, ${faults}/${attempts} ${say('gagal', 'failed')} (${gateway})`,
          ),
        )
        .toSorted(),
    ),
    ...section(
      say('Permohonan', 'Orders'),
      orders.map(
        ({ upstream, state, count, oldestSeconds }) =>
          `${upstream}: ${count} ${state}, ${say('tertua', 'oldest')} ${ago(oldestSeconds * 1_000)}`,
      ),
    ),
    ...section(
      say('Perjanjian', 'Agreements'),
      ending.map(({ id, leftMs }) =>
        leftMs <= 0
          ? `${id}: ${say('sudah berakhir', 'has ended')}`
          : `${id}: ${say('berakhir dalam', 'ends in')} ${Math.ceil(leftMs / dayMs)} ${say('hari', 'd')}`,
      ),
    ),
    ...section(say('Buku akses', 'Ledger'), [
      `${ledger.rows} ${say('baris', 'rows')}, ${
        ledger.anchored === undefined
          ? say('tidak dijangkarkan', 'anchored nowhere')
          : `${say('dijangkarkan sampai', 'anchored up to')} ${ledger.anchored}`
      }`,
    ]),
  ].join('\n')
}

const factsOf = ({ facts = {} }: Finding): string[] => {
  const all = Object.entries(facts).map(([name, value]) => `${name} ${value}`)
  return all.length === 0 ? [] : [all.join(', ')]
}

/** Indonesian, unless the terminal speaks English. */
export const terminalLanguage = ({
  LC_ALL = '',
  LC_MESSAGES = '',
  LANG = '',
}: Readonly<Record<string, string | undefined>>): Language =>
  (LC_ALL || LC_MESSAGES || LANG).startsWith('en') ? 'en' : 'id'
