import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { InboundOutcome } from '#contracts/adapter.ts'
import type { FailureCode } from '#contracts/failures.ts'
import type { Attempt, Upstream } from '#gateway/upstream/upstream.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { OpenSubmissions } from './open-submissions.ts'
import { createTally, type Tally } from './tally.ts'
import type { Tracing } from './tracing.ts'

export interface Metrics {
  request(labels: { route: string; capability: string; member: string; code: string }, seconds: number): void
  /** A caller that nobody knows; `reason` where it showed something that we or an issuer gave out. */
  unknownCaller(reason: string | undefined): void
  /** Somebody was refused at the board. */
  boardRefusal(reason: string): void
  /** So many pages of the board are open. */
  boards(open: number): void
  /** An identity provider's keys could not be read. */
  identityFault(issuer: string): void
  attempt(attempt: Attempt): void
  answer(answer: { upstream: string; capability: string; mode: string }): void
  /** How many answers came from where, since the start. */
  answers(): readonly AnswerCount[]
  sharedDataFault(fault: string): void
  inbound(call: { upstream: string; notice: string; outcome: InboundOutcome }): void
  noticeUnopened(notice: { upstream: string; notice: string }): void
  anchored(attempt: { place: 'file' | 'url'; outcome: 'ok' | 'failed' }): void
  destroyed(of: { class: string }, count: number): void
  /** An event that a member's endpoint was told, was not told, or that was given up. */
  webhook(attempt: { webhook: string; outcome: 'ok' | 'failed' | 'dead' }): void
  /** A webhook of the operators was told of alarms, or was not. */
  alarmWebhook(attempt: { webhook: string; outcome: 'ok' | 'failed' }): void
  /** So many streams of a member are open. */
  streams(member: string, open: number): void
  /** An order was sent, or nobody knows whether it was: `ATTEMPT_LOST`. */
  submissionAttempt(attempt: { upstream: string; outcome: 'ok' | 'ATTEMPT_LOST' | FailureCode }): void
  /** An agency said something of an order that no table has. */
  submissionUnlisted(of: { upstream: string }): void
  readonly contentType: string
  /** Prometheus text. */
  text(): Promise<string>
}

export interface AnswerCount {
  readonly upstream: string
  readonly capability: string
  readonly mode: string
  readonly count: number
}

/** How long an agreement is still valid; negative once it has ended. */
export interface Validity {
  readonly agreement: string
  readonly seconds: number
}

/** Something that operators are told of. */
export interface OpenAlarm {
  readonly code: string
  readonly severity: string
}

/** How long the oldest event waits that a webhook has not been told; 0: it has been told all. */
export interface Lag {
  readonly webhook: string
  readonly seconds: number
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const circuitFigure = { closed: 0, 'half-open': 0.5, open: 1 }

/** Bounded labels only: routes, members, upstreams, capabilities, notices, codes and contract paths are all declared sets. */
export function createMetrics(
  upstreams: readonly Upstream[],
  validities: () => readonly Validity[] = () => [],
  webhookLags: () => Promise<readonly Lag[]> = async () => [],
  openSubmissions: () => Promise<readonly OpenSubmissions[]> = async () => [],
  { exported: spans }: Pick<Tracing, 'exported'> = { exported: { ok: 0, failed: 0 } },
  openAlarms: () => readonly OpenAlarm[] = () => [],
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  /** A counter of what comes with every request: it is tallied, and the counter told when it is read. */
  function tallied(name: string, help: string, ...labelNames: string[]): Tally {
    const tally = createTally()
    const counter = new Counter({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        counter.reset()
        for (const { labels, count } of tally.entries())
          counter.inc(Object.fromEntries(labelNames.map((label, index) => [label, labels[index]!])), count)
      },
    })
    registry.registerMetric(counter)
    return tally
  }
  const requests = tallied(
    'mpp_requests_total',
    'Requests answered, by route (and the capability it is for), member and outcome',
    'route',
    'capability',
    'member',
    'code',
  )
  const requestSeconds = new Histogram({
    name: 'mpp_request_duration_seconds',
    help: 'How long requests took, by route and the capability it is for',
    labelNames: ['route', 'capability'],
    buckets: seconds,
    registers,
  })
  const memberSeconds = new Histogram({
    name: 'mpp_member_request_duration_seconds',
    help: 'How long requests took, by member',
    labelNames: ['member'],
    buckets: seconds,
    registers,
  })
  const unknownCallers = new Counter({
    name: 'mpp_unknown_callers_total',
    help: 'Requests refused because nobody knows who calls',
    labelNames: ['reason'],
    registers,
  })
  const boardRefusals = new Counter({
    name: 'mpp_board_refusals_total',
    help: 'Refused at the board: who signs in, sessions, forms, roles',
    labelNames: ['reason'],
    registers,
  })
  const openBoards = new Gauge({
    name: 'mpp_boards_open',
    help: 'Pages of the board that are open and live',
    registers,
  })
  const identityFaults = new Counter({
    name: 'mpp_identity_faults_total',
    help: "Attempts to read an identity provider's keys that failed",
    labelNames: ['issuer'],
    registers,
  })
  const attempt = new Histogram({
    name: 'mpp_upstream_attempt_duration_seconds',
    help: 'Attempts at an agency, by outcome',
    labelNames: ['upstream', 'capability', 'outcome'],
    buckets: seconds,
    registers,
  })
  const answers = tallied(
    'mpp_answers_total',
    'Answers with data, by where it came from: live, cached or stale',
    'upstream',
    'capability',
    'mode',
  )
  const unknownCodes = new Counter({
    name: 'mpp_unknown_codes_total',
    help: 'Texts of an agency that no code list knows, by element',
    labelNames: ['upstream', 'element'],
    registers,
  })
  const sharedDataFaults = new Counter({
    name: 'mpp_shared_data_faults_total',
    help: 'Shared data that Redis did not keep or that did not open',
    labelNames: ['fault'],
    registers,
  })
  const inboundCalls = new Counter({
    name: 'mpp_inbound_total',
    help: 'Calls of agencies to us, by what became of them',
    labelNames: ['upstream', 'notice', 'outcome'],
    registers,
  })
  const unopenedNotices = new Counter({
    name: 'mpp_notices_unopened_total',
    help: 'Notices left out of an answer because their seal did not open',
    labelNames: ['upstream', 'notice'],
    registers,
  })
  const anchors = new Counter({
    name: 'mpp_ledger_anchors_total',
    help: 'Attempts to anchor the ledger, by place and outcome',
    labelNames: ['place', 'outcome'],
    registers,
  })
  const destroyedRecords = new Counter({
    name: 'mpp_retention_destroyed_total',
    help: 'Records whose content was destroyed at the end of their retention, by class',
    labelNames: ['class'],
    registers,
  })
  const webhookAttempts = new Counter({
    name: 'mpp_webhook_attempts_total',
    help: 'Attempts to tell a webhook of an event, by outcome; dead: it was given up',
    labelNames: ['webhook', 'outcome'],
    registers,
  })
  const submissionAttempts = new Counter({
    name: 'mpp_submission_attempts_total',
    help: 'Attempts to bring an order to an agency, by outcome',
    labelNames: ['upstream', 'outcome'],
    registers,
  })
  const unlistedSteps = new Counter({
    name: 'mpp_submission_unlisted_total',
    help: 'What agencies said of an order that no table has',
    labelNames: ['upstream'],
    registers,
  })
  const openStreams = new Gauge({
    name: 'mpp_event_streams',
    help: 'Event streams that are open, by member',
    labelNames: ['member'],
    registers,
  })
  const alarmWebhookAttempts = new Counter({
    name: 'mpp_alarm_webhook_attempts_total',
    help: 'Attempts to tell a webhook of the operators of alarms, by outcome',
    labelNames: ['webhook', 'outcome'],
    registers,
  })
  const alarms = new Gauge({
    name: 'mpp_alarms',
    help: 'Open alarms, by code; what was never open is absent',
    labelNames: ['code', 'severity'],
    registers: [],
    collect() {
      for (const labels of everOpen.values()) alarms.set(labels, 0)
      for (const { code, severity } of openAlarms()) {
        everOpen.set(code, { code, severity })
        alarms.inc({ code, severity })
      }
    },
  })
  const everOpen = new Map<string, { code: string; severity: string }>()
  registry.registerMetric(alarms)
  const webhookLag = new Gauge({
    name: 'mpp_webhook_lag_seconds',
    help: 'How long the oldest event waits that the webhook has not been told',
    labelNames: ['webhook'],
    registers: [],
    async collect() {
      webhookLag.reset() // a figure from before would be a wrong one now
      for (const { webhook, seconds } of await webhookLags()) webhookLag.set({ webhook }, seconds)
    },
  })
  registry.registerMetric(webhookLag)
  /** One figure of the orders that are not over, by upstream and state, read when the metrics are. */
  const submissionGauge = (name: string, help: string, figure: (open: OpenSubmissions) => number): void => {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ['upstream', 'state'],
      registers: [],
      async collect() {
        const all = await openSubmissions()
        gauge.reset()
        for (const open of all) gauge.set({ upstream: open.upstream, state: open.state }, figure(open))
      },
    })
    registry.registerMetric(gauge)
  }
  submissionGauge('mpp_submissions', 'Orders that are not over, by state', ({ count }) => count)
  submissionGauge(
    'mpp_submissions_oldest_seconds',
    'How long the order is in its state that has been in it longest',
    ({ oldestSeconds }) => oldestSeconds,
  )
  /** The first one is read first, and fills the others: one look at each upstream tells them all. */
  const state = new Gauge({
    name: 'mpp_upstream_state',
    help: '1 for the state that the upstream is in: ok, degraded, down, maintenance, held or unknown',
    labelNames: ['upstream', 'state'],
    registers: [],
    collect() {
      state.reset() // the one from before
      reachable.reset()
      for (const upstream of upstreams) {
        const { id, ...health } = upstream.health()
        state.set({ upstream: id, state: health.state }, 1)
        circuitOpen.set({ upstream: id }, circuitFigure[health.circuit])
        held.set({ upstream: id }, health.state === 'held' ? 1 : 0)
        if (health.reachable) reachable.set({ upstream: id }, health.reachable.value ? 1 : 0)
        if (health.quotaLeft) quotaLeft.set({ upstream: id }, health.quotaLeft.value)
      }
    },
  })
  registry.registerMetric(state)
  const circuitOpen = new Gauge({
    name: 'mpp_upstream_circuit_open',
    help: '1 while the circuit is open, 0.5 half-open',
    labelNames: ['upstream'],
    registers,
  })
  const held = new Gauge({
    name: 'mpp_upstream_held',
    help: '1 while the upstream is held: by an operator, or because its agency refuses our access',
    labelNames: ['upstream'],
    registers,
  })
  const reachable = new Gauge({
    name: 'mpp_upstream_reachable',
    help: '1 while the upstream can be connected to, as tried while nobody asks; absent while it was not tried of late',
    labelNames: ['upstream'],
    registers,
  })
  const quotaLeft = new Gauge({
    name: 'mpp_upstream_quota_left',
    help: 'Questions left today, as the agency last said',
    labelNames: ['upstream'],
    registers,
  })

  const agreementValid = new Gauge({
    name: 'mpp_agreement_valid_seconds',
    help: 'How long the agreement is still valid; negative once it has ended',
    labelNames: ['agreement'],
    registers: [],
    collect() {
      agreementValid.reset() // one that is in force no longer
      for (const { agreement, seconds } of validities()) agreementValid.set({ agreement }, seconds)
    },
  })
  registry.registerMetric(agreementValid)

  const traceSpans = new Counter({
    name: 'mpp_trace_spans_total',
    help: 'Spans that the collector of traces took (ok), or that were lost (failed)',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      traceSpans.reset()
      for (const [outcome, count] of Object.entries(spans)) traceSpans.inc({ outcome }, count)
    },
  })
  registry.registerMetric(traceSpans)
  const buildInfo = new Gauge({
    name: 'mpp_build_info',
    help: '1, with the version that runs',
    labelNames: ['version'],
    registers,
  })
  buildInfo.set({ version: packageJson.version }, 1)
  const ofProcess = processMetrics()

  return {
    request({ route, capability, member, code }, duration) {
      requests.add(route, capability, member, code)
      requestSeconds.observe({ route, capability }, duration)
      memberSeconds.observe({ member }, duration)
    },
    unknownCaller: (reason = 'UNKNOWN') => unknownCallers.inc({ reason }),
    boardRefusal: reason => boardRefusals.inc({ reason }),
    boards: open => openBoards.set(open),
    identityFault: issuer => identityFaults.inc({ issuer }),
    attempt({ ms, unknownCodes: elements, brokenAt: _paths, ...labels }) {
      attempt.observe(labels, ms / 1_000)
      for (const element of elements) unknownCodes.inc({ upstream: labels.upstream, element })
    },
    answer: ({ upstream, capability, mode }) => answers.add(upstream, capability, mode),
    answers: () =>
      answers.entries().map(({ labels: [upstream = '', capability = '', mode = ''], count }) => ({
        upstream,
        capability,
        mode,
        count,
      })),
    sharedDataFault: fault => sharedDataFaults.inc({ fault }),
    inbound: labels => inboundCalls.inc(labels),
    noticeUnopened: labels => unopenedNotices.inc(labels),
    anchored: labels => anchors.inc(labels),
    destroyed: (labels, count) => destroyedRecords.inc(labels, count),
    webhook: labels => webhookAttempts.inc(labels),
    submissionAttempt: labels => submissionAttempts.inc(labels),
    submissionUnlisted: labels => unlistedSteps.inc(labels),
    alarmWebhook: labels => alarmWebhookAttempts.inc(labels),
    streams: (member, open) => openStreams.set({ member }, open),
    contentType: registry.contentType,
    text: async () => `${await registry.metrics()}\n${await ofProcess.metrics()}`,
  }
}

let processRegistry: Registry | undefined

/** CPU, memory, event loop and garbage: a process has them once, however many gateways are in it. */
function processMetrics(): Registry {
  if (processRegistry) return processRegistry
  processRegistry = new Registry()
  collectDefaultMetrics({ register: processRegistry })
  return processRegistry
}
