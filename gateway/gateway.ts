/** The house, put together: every room is made once, here, and handed to those who need it. */
import { dirname } from 'node:path'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { type App, createApp } from './app.ts'
import { createCases } from './access/cases.ts'
import { createAgreementRegister, versionOf } from './access/agreement-register.ts'
import { type Choose, createChoose } from './access/choose.ts'
import { createBoard } from './board/board.ts'
import { createDoor } from './access/door.ts'
import { createExpiry } from './access/expiry.ts'
import { createReload, keepVersions, type Reload } from './access/reload.ts'
import { createDelivery, type DeliverySettings } from './delivery/delivery.ts'
import { createOperators } from './delivery/operators.ts'
import { createPace } from './delivery/pace.ts'
import { refusalOf } from './delivery/refusal.ts'
import { createShow } from './delivery/show.ts'
import { createStranded } from './delivery/stranded.ts'
import { sweep } from './delivery/sweep.ts'
import { createWaiting } from './delivery/waiting.ts'
import { createWorkList } from './delivery/work-list.ts'
import { createEraseSubject } from './data-at-rest/erase-subject.ts'
import { sealedPlaces } from './data-at-rest/sealed-places.ts'
import { createAccessLog } from './ledger/access-log.ts'
import { createAffected } from './ledger/affected.ts'
import { createAnchoring } from './ledger/anchoring.ts'
import { createEvidence } from './ledger/evidence.ts'
import { createNames } from './ledger/names.ts'
import { createRetention } from './ledger/retention.ts'
import { usageReport } from './ledger/usage.ts'
import { addressList } from './http/client-address.ts'
import { createInbound } from './inbound/inbound.ts'
import { createMailbox } from './inbound/mailbox.ts'
import { faultOf, type Log } from './log.ts'
import { type Alarms, severityOf } from './ops/alarms/alarm.ts'
import { type AlarmsHouse, createAlarms, type HouseAlarms } from './ops/alarms/alarms.ts'
import type { ReadDisk } from './ops/alarms/disks.ts'
import { createDrift } from './ops/alarms/drift.ts'
import { countOverdue } from './ops/alarms/overdue.ts'
import { createWatch, type WatchSettings } from './ops/alarms/watch.ts'
import { type GatewayView, viewOf } from './ops/gateway-view.ts'
import { createHeartbeat, type Heartbeat, type HeartbeatSettings } from './ops/heartbeat.ts'
import { createMetrics, type Metrics } from './ops/metrics.ts'
import { createOpenSubmissions } from './ops/open-submissions.ts'
import { createProber, type ProberSettings } from './ops/prober.ts'
import { createSteering } from './ops/steering.ts'
import { noTracing, type Tracing } from './ops/tracing.ts'
import { createPseudonyms } from './pseudonym.ts'
import { createQuery } from './query.ts'
import { createAgreedQuotas } from './quotas/agreed-quotas.ts'
import { createToday } from './quotas/day.ts'
import { createQuotas } from './quotas/quotas.ts'
import { createUpstreamQuota, leftToday, type UpstreamQuota } from './quotas/upstream-quota.ts'
import { createSealer } from './sealing.ts'
import { createCalendar } from './services/calendar.ts'
import { createOrderView } from './services/order-view.ts'
import { standardOf } from './services/service.ts'
import { unnamedPurposes } from './services/unnamed-purposes.ts'
import type { Settings } from './settings/settings.ts'
import type { RedisClient } from './shared-data/redis.ts'
import { createSharedData } from './shared-data/shared-data.ts'
import type { LedgerEntry, Store } from './store/store.ts'
import type { SubmissionRow } from './store/submissions.ts'
import { createSubmit } from './submission.ts'
import { createTelling } from './telling/telling.ts'
import { readLags, readStates } from './telling/webhook-states.ts'
import { createRouting } from './upstream/routing.ts'
import { type Attempt, createUpstream, type Upstream } from './upstream/upstream.ts'

export interface GatewayOptions {
  readonly settings: Settings
  readonly store: Store
  readonly log: Log
  readonly redis?: RedisClient | undefined
  readonly tracing?: Tracing
  readonly now?: () => number
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed?: () => number
  /** Where the store is, when that is on a disk of this machine. */
  readonly dataFolder?: string | undefined
  readonly delivery?: Partial<DeliverySettings>
  readonly heartbeat?: Partial<HeartbeatSettings>
  readonly probing?: Partial<ProberSettings>
  readonly operations?: OperationsSettings
}

/** How often the gateway looks at what operators are told of, and how patiently it tells of it. */
export interface OperationsSettings {
  readonly watch?: Partial<WatchSettings>
  readonly alarms?: AlarmsHouse['settings']
  readonly readDisk?: ReadDisk
}

export interface Gateway {
  readonly app: App
  readonly upstreams: readonly Upstream[]
  /** Until then, it does not know what operators switched before its start. */
  readonly opened: Promise<void>
  readonly alarms: Alarms
  /** Looks at itself now, and tells the others, as it does every few seconds. */
  beat(): Promise<void>
  /** Reads the agreements anew. */
  readonly reload: Reload
  /** Tells log and metrics of a request that did not reach the app, or fell through it with a fault. */
  onRefused(code: FailureCode, fault?: unknown): void
  /** From now on `/health/ready` sends callers elsewhere, and streams end. */
  drain(): void
  /** Closes what the gateway opened; store and Redis belong to whoever opened them. */
  close(): Promise<void>
}

export function createGateway({
  settings,
  store,
  log,
  redis,
  tracing = noTracing,
  now = Date.now,
  elapsed = () => performance.now(),
  dataFolder,
  delivery: deliverySettings = {},
  heartbeat: heartbeatSettings = {},
  probing = {},
  operations = {},
}: GatewayOptions): Gateway {
  const upstreams: Upstream[] = []
  const openSubmissions = createOpenSubmissions(store, now)
  const agreements = createAgreementRegister(settings.agreements)
  const metrics: Metrics = createMetrics(
    upstreams,
    () => expiry.validities(),
    () => readLags({ store, webhooks: telling.webhooks, now }),
    () => openSubmissions(),
    tracing,
    () => alarms.open.map(alarm => ({ code: alarm.code, severity: severityOf(alarm) })),
  )
  const drift = createDrift(elapsed)
  const expiry = createExpiry(agreements, settings.mall.timeZone, { log, now })
  const quotas = createQuotas(store, now)
  const anchoring = settings.anchors && createAnchoring(settings.anchors, { store, log, metrics, now })
  const pace = createPace()
  const appendLedger = (entry: LedgerEntry): Promise<void> => pace.onAppend(store.appendLedger(entry))
  const evidence = createEvidence({ appendLedger }, anchoring?.recorded, tracing)
  const steering = createSteering({ store, upstreams: settings.upstreams, evidence, log, now })
  const onAttempt = (attempt: Attempt): void => {
    metrics.attempt(attempt)
    const { upstream, capability, outcome, unknownCodes, brokenAt } = attempt
    if (outcome === 'UPSTREAM_INVALID') {
      drift.code(upstream)
      log.warn({ upstream, capability, code: outcome, at: brokenAt }, 'an answer breaks the contract')
    }
    drift.texts(upstream, unknownCodes.length)
    if (outcome !== 'ok' && failures[outcome].circuit === 'holds')
      log.warn({ upstream, code: outcome }, 'held: the agency refuses our access')
  }
  const upstreamQuotas = new Map<string, UpstreamQuota>()
  for (const upstream of settings.upstreams) {
    const { id, quota: agreed, timeZone } = upstream
    const quota = agreed && createUpstreamQuota(quotas, { id, timeZone, ...agreed })
    if (quota) upstreamQuotas.set(id, quota)
    upstreams.push(
      createUpstream(upstream, {
        now,
        onAttempt,
        steered: steering.steered(id),
        tracing,
        ...(quota && { quota }),
      }),
    )
  }
  const capabilities = [
    ...new Map(
      upstreams.flatMap(({ operations }) => [...operations].map(([id, { capability }]) => [id, capability])),
    ).values(),
  ]

  const cases = createCases({ store, now, timeZone: settings.mall.timeZone, dayEnds: settings.mall.dayEnds })
  const sealer = createSealer(settings.keys.sealing)
  const pseudonyms = createPseudonyms(settings.keys.pseudonyms)
  const sharedData = createSharedData({
    sealer,
    store,
    now,
    onFault: metrics.sharedDataFault,
    ...(redis && { redis }),
  })
  const chooses = createChoose(createRouting(upstreams, settings.routes), agreements, now)
  const choose: Choose = asking =>
    tracing.within('choose', { capability: asking.capability }, () => {
      const choice = chooses(asking)
      tracing.note({ candidates: choice.chosen.length })
      return choice
    })
  const agreedQuotas = createAgreedQuotas(quotas, settings.mall.timeZone)
  const dayOf = createToday(now)
  const today = (): string => dayOf(settings.mall.timeZone).name
  const query = createQuery({
    identities: settings.identities,
    today,
    cases,
    agreements,
    choose,
    quotas: agreedQuotas,
    sharedData,
    evidence,
    pseudonyms,
    tracing,
    now,
    onAnswer(answer) {
      pace.onRequest()
      metrics.answer(answer)
    },
  })
  const waiting = createWaiting(store)
  const telling = createTelling({ store, members: settings.members, log, metrics, now })
  function onMove(row: SubmissionRow): void {
    waiting.onMove(row)
    telling.nudge()
  }
  const delivery = createDelivery({
    store,
    upstreams,
    sealer,
    evidence,
    refusalOf: row => refusalOf(row, agreements, now()),
    log,
    metrics: {
      ...metrics,
      submissionUnlisted(of) {
        metrics.submissionUnlisted(of)
        drift.code(of.upstream)
      },
    },
    onMove,
    pace,
    tracing,
    now,
    settings: deliverySettings,
  })
  const submit = createSubmit({
    identities: settings.identities,
    today,
    cases,
    agreements,
    choose,
    quotas: agreedQuotas,
    evidence,
    pseudonyms,
    sealer,
    store,
    tracing,
    standardOf: purpose => standardOf(settings.services, purpose),
    now,
    onAccepted() {
      pace.onRequest()
      delivery.nudge()
      telling.nudge()
    },
  })
  const calendar = createCalendar(settings.calendar)
  const orderView = createOrderView(calendar, now)
  const show = createShow({
    store,
    upstreams,
    agreements,
    cases,
    sealer,
    evidence,
    serviceView: orderView,
    now,
  })
  void steering.opened.then(delivery.start) // nothing is sent that was held before the start
  const ordering = upstreams.filter(({ operations }) =>
    operations.values().some(({ capability }) => capability.kind === 'submission'),
  )
  const stranded = createStranded({ store, upstreams: new Set(ordering.map(({ id }) => id)), log })
  const byHand = {
    store,
    upstreams: new Map(upstreams.map(upstream => [upstream.id, upstream])),
    sealer,
    evidence,
    serviceView: orderView,
    onMove(row: SubmissionRow) {
      onMove(row)
      delivery.nudge()
    },
    now,
  }
  const workList = createWorkList({
    ...byHand,
    agreements,
    assistedBy: new Map(settings.upstreams.map(({ id, assistedBy = new Set() }) => [id, assistedBy])),
    refusalOf: row => refusalOf(row, agreements, now()),
  })
  const owners = settings.upstreams.flatMap(({ id, owner }) =>
    owner === undefined ? [] : [[id, owner] as const],
  )
  const operators = createOperators({ ...byHand, owners: new Map(owners) })
  let swept: Promise<void> = stranded.look()
  const sweeping = setInterval(() => {
    swept = swept
      .then(() => sweep({ store, log, retentionDays: settings.retention.submissions, now }))
      .then(stranded.look)
  }, 60 * 60_000).unref()
  /** What an agency says unasked may be about an order. It is asked in its time anyway. */
  function onNotice(upstream: string, subjects: readonly string[]): void {
    store.wakeSubmissions(upstream, subjects).then(delivery.nudge, () => {})
  }
  const inbound = createInbound(settings.upstreams, {
    identities: settings.identities,
    store,
    sealer,
    pseudonyms,
    log,
    metrics,
    onNotice,
    now,
  })
  const readMailbox = createMailbox({
    sources: inbound,
    agreements,
    quotas: agreedQuotas,
    store,
    sealer,
    evidence,
    log,
    metrics,
    now,
  })

  const reload = createReload({
    register: agreements,
    read: settings.readAgreements,
    store,
    evidence,
    log,
    now,
    onReload() {
      expiry.tell()
      tellUnnamedPurposes()
    },
  })
  const versions = settings.agreements.map(versionOf)
  const kept = keepVersions(store, versions, now()).catch(error =>
    log.warn({ fault: faultOf(error) }, 'the versions of the agreements could not be put on record'),
  )
  function tellUnnamedPurposes(): void {
    const purposes = unnamedPurposes(agreements.all, settings.services)
    if (purposes.length > 0) log.warn({ purposes }, 'agreements name purposes that no service has')
  }
  tellUnnamedPurposes()
  expiry.tell()
  const hourly = setInterval(expiry.tellDaily, 60 * 60_000).unref()

  function quotaLeft(id: string, timeZone: string): Promise<number | undefined> {
    const { quotaLeft: told } = upstreams.find(upstream => upstream.id === id)!.health()
    return leftToday(upstreamQuotas.get(id), told, dayOf(timeZone))
  }
  const watch = createWatch({
    upstreams,
    configured: settings.upstreams,
    calendar,
    quotaLeft,
    agreements,
    agreedQuotas,
    drift,
    store,
    countOverdue: () => countOverdue({ store, sealer, serviceView: orderView }),
    evidence,
    anchoring,
    sharedData,
    disks: [
      ...(dataFolder === undefined ? [] : [{ name: 'data', path: dataFolder }]),
      ...(settings.anchors ? [{ name: 'anchors', path: dirname(settings.anchors.file) }] : []),
    ],
    ...(operations.readDisk && { readDisk: operations.readDisk }),
    heartbeat: () => heartbeat,
    webhookLags: () => readLags({ store, webhooks: telling.webhooks, now }),
    thresholds: settings.alarms,
    log,
    now,
    elapsed,
    ...(operations.watch && { settings: operations.watch }),
  })
  const alarms: HouseAlarms = createAlarms({
    store,
    evidence,
    heard: () => heartbeat.heard,
    own: watch.conditions,
    webhooks: settings.alarms.webhooks,
    mall: settings.mall.name,
    log,
    metrics,
    now,
    elapsed,
    settings: {
      register: operations.alarms?.register ?? {},
      teller: { repeatMs: settings.alarms.repeatMinutes * 60_000, ...operations.alarms?.teller },
    },
  })
  const { retention, mall } = settings
  const endRetention = createRetention(retention, { store, evidence, log, metrics, ...mall, now }).start()
  const names = createNames(settings)

  function anchorWarnings(): readonly string[] {
    if (anchoring) return anchoring.warning === undefined ? [] : [anchoring.warning]
    return settings.identities === 'real' ? ['the ledger is anchored nowhere: set ledger.anchors'] : []
  }

  const prober = createProber(upstreams, now, probing)
  const heartbeat: Heartbeat<GatewayView> = createHeartbeat<GatewayView>({
    store,
    async view() {
      await watch.look()
      return {
        upstreams: upstreams.map(upstream => viewOf(upstream.health())),
        conditions: watch.conditions(false),
      }
    },
    onBeat: alarms.look,
    log,
    now,
    settings: heartbeatSettings,
  })
  void steering.opened.then(heartbeat.beat)

  const door = createDoor(settings, { evidence, log, metrics, now })
  const events = {
    stream: telling.stream,
    identify: door.identify,
    store,
    webhooks: telling.webhooks,
    evidence,
    retry: telling.retry,
    now,
  }
  const proxies = addressList(settings.trustedProxies)
  const board =
    settings.board &&
    createBoard({
      settings: settings.board,
      mall,
      members: settings.members,
      issuers: settings.issuers,
      trustedProxies: proxies,
      door,
      sealer,
      formKey: settings.keys.sealing[0]!.key,
      upstreams,
      configured: settings.upstreams,
      quotaLeft,
      capabilityTitles: new Map(capabilities.map(({ id, title }) => [id, title])),
      steering,
      alarms,
      heartbeats: heartbeat,
      operators,
      workList,
      webhooks: events,
      readWebhooks: () => readStates(events),
      openSubmissions,
      agreements,
      agreedQuotas,
      ledger: { ledgerKey: settings.keys.ledger, anchoring },
      shared: { sharedData, answers: metrics.answers },
      store,
      log,
      metrics,
      now,
    })

  let draining = false
  const app = createApp({
    capabilities,
    health: {
      upstreams,
      readiness: () => ({
        state: draining ? 'draining' : 'ready',
        warnings: [
          ...(evidence.isKept ? [] : ['the store keeps no evidence: personal data is not released']),
          ...(sharedData.state === 'redis-away' ? ['Redis is away: shared data is kept in memory only'] : []),
          ...(settings.identities === 'synthetic'
            ? ['on trial: this gateway asks about synthetic people only']
            : []),
          ...expiry.warnings(),
          ...stranded.warnings(),
          ...anchorWarnings(),
        ],
      }),
      heartbeats: heartbeat,
      now,
    },
    sources: { upstreams: settings.upstreams, routes: settings.routes },
    services: settings.services,
    door,
    cases: { cases, memberIds: new Set(settings.members.map(({ id }) => id)), evidence, now },
    query,
    submissions: {
      submit,
      capabilities: new Set(capabilities.filter(({ kind }) => kind === 'submission').map(({ id }) => id)),
      show,
      store,
      evidence,
      whenSettled: waiting.whenSettled,
      onCancelled: onMove,
      now,
    },
    attachments: { store, sealer, now },
    workList,
    operators,
    steering,
    alarms,
    events,
    rights: { capabilities, notices: inbound, agreements, choose, quotas: agreedQuotas, now },
    reload,
    inbound,
    trustedProxies: proxies,
    readMailbox,
    ledger: {
      identities: settings.identities,
      readAccessLog: createAccessLog({ store, evidence, pseudonyms, names, now }),
      findAffected: createAffected({ store, evidence, names, now }),
      usage: month => usageReport(store, month, mall.timeZone),
      now,
    },
    erase: createEraseSubject({ sharedData, places: sealedPlaces(store), evidence, pseudonyms, now }),
    board,
    log,
    metrics,
    tracing,
    now,
  })
  return {
    app,
    upstreams,
    opened: steering.opened,
    alarms,
    beat: heartbeat.beat,
    reload,
    onRefused(code, fault) {
      metrics.request({ route: '', capability: '', member: '', code }, 0)
      const { status } = failures[code]
      if (fault === undefined) log.info({ code, status }, 'refused unread')
      else log.error({ code, status, fault: faultOf(fault) }, 'fault')
    },
    drain() {
      draining = true
      telling.drain() // first: a stream would stay in flight for ever
      board?.drain()
      waiting.end()
    },
    async close() {
      prober.close()
      await delivery.close()
      await telling.close()
      await heartbeat.close()
      await alarms.close()
      await steering.close()
      pace.close()
      await endRetention()
      clearInterval(hourly)
      clearInterval(sweeping)
      await swept
      await kept
      await quotas.close()
      await sharedData.close()
      await Promise.all(upstreams.map(upstream => upstream.close()))
      await anchoring?.close()
    },
  }
}
