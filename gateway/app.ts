/** The API: middleware order and route table, nothing else. */
import { Hono } from 'hono'
import type { Capability } from '#contracts/capability.ts'
import type { Submission } from '#contracts/submission.ts'
import { actorOf } from './access/context.ts'
import type { Reload } from './access/reload.ts'
import type { Board } from './board/board.ts'
import type { Door } from './access/door.ts'
import type { Role } from './access/members.ts'
import type { Sources } from './catalogue/catalogue.ts'
import type { EraseSubject } from './data-at-rest/erase-subject.ts'
import { readBytes, readJson } from './http/body.ts'
import { type CasesHouse, openCase } from './http/cases.ts'
import { type AddressList, clientAddress } from './http/client-address.ts'
import { decideOnly } from './http/decide.ts'
import { documentation } from './http/documentation.ts'
import { eraseSubject } from './http/erasure.ts'
import { type EventsHouse, listWebhooks, resendWebhook, streamEvents } from './http/events.ts'
import { noticesAnswer, readPageRequest } from './http/notices.ts'
import { languageOf } from './http/problem.ts'
import { readParameters, refuseParameters } from './http/parameters.ts'
import { answerError, type Environment, identified, observed, unmatched } from './http/request.ts'
import { respond } from './http/respond.ts'
import { rightsOf, type RightsHouse } from './http/rights.ts'
import { serviceDirectory } from './http/services.ts'
import { everyAnswer } from './http/security-headers.ts'
import { accessLog } from './http/access-log.ts'
import { postAttachment } from './http/attachments.ts'
import { getUpstream, type HealthHouse, listUpstreams, live, ready } from './http/health.ts'
import { affected } from './http/incidents.ts'
import { acknowledgeAlarm, listAlarms } from './http/alarms.ts'
import { declareMaintenance, endMaintenance, listSteered, switchMode } from './http/steering.ts'
import { type LedgerHouse } from './http/ledger.ts'
import { usage } from './http/reports.ts'
import {
  listOperated,
  rerunAllOperated,
  rerunOperated,
  resolveOperated,
} from './http/operator-submissions.ts'
import { finishWork, getWork, getWorkAttachment, listWork, releaseWork, takeWork } from './http/work-list.ts'
import type { AttachmentHouse } from './delivery/attachments.ts'
import type { Operators } from './delivery/operators.ts'
import type { WorkList } from './delivery/work-list.ts'
import {
  cancel,
  getSubmission,
  listSubmissions,
  postSubmission,
  type SubmissionsHouse,
} from './http/submissions.ts'
import type { InboundRoute } from './inbound/inbound.ts'
import type { ReadMailbox } from './inbound/mailbox.ts'
import type { Log } from './log.ts'
import type { Metrics } from './ops/metrics.ts'
import type { Tracing } from './ops/tracing.ts'
import type { Query } from './query.ts'
import type { Alarms } from './ops/alarms/alarm.ts'
import type { Steering } from './ops/steering.ts'
import type { Services } from './services/service.ts'

export type App = Hono<Environment>

export interface AppHouse {
  readonly capabilities: readonly Capability[]
  readonly health: HealthHouse
  /** Told to everyone at `/capabilities`. */
  readonly sources: Sources
  readonly services: Services
  readonly door: Door
  readonly cases: CasesHouse
  readonly query: Query
  readonly submissions: SubmissionsHouse
  readonly attachments: AttachmentHouse
  readonly workList: WorkList
  readonly operators: Operators
  readonly steering: Steering
  readonly alarms: Alarms
  readonly events: EventsHouse
  readonly rights: RightsHouse
  readonly reload: Reload
  readonly inbound: readonly InboundRoute[]
  readonly trustedProxies: AddressList
  readonly readMailbox: ReadMailbox
  readonly erase: EraseSubject
  readonly ledger: LedgerHouse
  /** Undefined: there is none. */
  readonly board: Board | undefined
  readonly log: Log
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly now: () => number
}

export function createApp(house: AppHouse): App {
  const { capabilities, health, query, log, metrics, tracing, now } = house
  const { inbound, trustedProxies, readMailbox } = house
  const known = identified(house.door)
  const role = (...needed: readonly Role[]) => identified(house.door, ...needed)
  const app: App = new Hono()

  const routes = new Map(
    capabilities.flatMap(({ id, path, publicPath }) => [
      [path, id],
      ...(publicPath === undefined ? [] : [[routeOf(publicPath), id] as const]),
    ]),
  )
  app.use(observed({ log, metrics, tracing, capabilityOf: route => routes.get(route) }))
  const toProblem = answerError(log)
  const toFailure = unmatched(path => methodsAt(app, path))
  app.onError(toProblem)
  app.notFound(c => toProblem(toFailure(c), c)) // not thrown: that would go past the observers

  // Open to everyone
  app.get('/health/live', live)
  app.get('/health/ready', c => ready(health, c))
  app.route('/v1/services', serviceDirectory(house.services))
  app.route('/', documentation(capabilities, house.sources, noticesOf(inbound)))

  // For known callers, of any role: a counter wants to know which agency can be asked
  app.get('/health/upstreams', known, c => listUpstreams(health, c))
  app.get('/health/upstreams/:id', known, c => getUpstream(health, c))

  // For whoever oversees: figures name members and agreements
  app.get('/metrics', role('monitor', 'operator', 'auditor'), async c =>
    c.body(await metrics.text(), 200, {
      ...everyAnswer,
      'content-type': metrics.contentType,
      'cache-control': 'no-store',
      ...c.var.rateLimit,
    }),
  )

  // For members
  app.post('/v1/cases', role('member'), async c =>
    respond(c, 201, await openCase(house.cases, c, () => readJson(c))),
  )
  for (const capability of capabilities) {
    if (capability.kind === 'submission') {
      app.post(capability.path, role('member'), c =>
        postSubmission(house.submissions, capability as Submission, c),
      )
      continue
    }
    app.post(capability.path, role('member'), async c => {
      const answer = await query(capability, {
        caller: c.var.caller!,
        header: name => c.req.header(name),
        body: () => readJson(c),
      })
      return respond(c, 200, answer)
    })
    if (capability.publicPath) {
      app.get(routeOf(capability.publicPath), role('member'), async c => {
        refuseParameters(c)
        const answer = await query(capability, {
          caller: c.var.caller!,
          header: name => (name === 'Mpp-Elements' ? c.req.header(name) : undefined), // always a public question
          body: () => Promise.resolve(c.req.param()),
        })
        return respond(c, 200, answer)
      })
    }
  }
  app.get('/v1/submissions', role('member'), c => listSubmissions(house.submissions, c))
  app.get('/v1/submissions/:id', role('member'), c => getSubmission(house.submissions, c))
  app.post('/v1/submissions/:id/cancel', role('member'), c => cancel(house.submissions, c))
  app.get('/v1/events', role('member'), c => streamEvents(house.events, c))
  app.post('/v1/attachments', role('member'), c => postAttachment(house.attachments, c))
  const atWork = identified(house.door, 'member', 'operator')
  app.get('/v1/work-list', atWork, c => listWork(house.workList, c))
  app.get('/v1/work-list/:id', atWork, c => getWork(house.workList, c))
  app.get('/v1/work-list/:id/attachments/:attachment', atWork, c => getWorkAttachment(house.workList, c))
  app.post('/v1/work-list/:id/take', atWork, c => takeWork(house.workList, c))
  app.post('/v1/work-list/:id/release', atWork, c => releaseWork(house.workList, c))
  app.post('/v1/work-list/:id/finish', atWork, c => finishWork(house.workList, c))
  app.get('/v1/notices', role('member'), async c => {
    const page = await readMailbox({
      caller: c.var.caller!,
      header: name => c.req.header(name),
      page: () => readPageRequest(readParameters(c)),
    })
    return respond(c, 200, noticesAnswer(page))
  })
  app.get('/v1/me/rights', role('member'), async c => {
    const language = languageOf(c.req.header('accept-language'))
    return respond(c, 200, await rightsOf(house.rights, c.var.caller!.member.id, language))
  })
  app.post('/v1/decide', role('member'), async c =>
    respond(c, 200, await decideOnly(house.rights, c.var.caller!.member.id, await readJson(c))),
  )

  // For auditors
  app.post('/v1/subjects/access-log', role('auditor'), async c =>
    accessLog(house.ledger, c, await readJson(c)),
  )
  app.post('/v1/incidents/affected', role('auditor'), async c => affected(house.ledger, c, await readJson(c)))
  app.get('/v1/reports/usage', role('operator', 'auditor'), c => usage(house.ledger, c))

  // For operators
  app.post('/v1/operator/reload', role('operator'), async c => {
    const operator = actorOf(name => c.req.header(name), c.var.caller!)
    return respond(c, 200, { agreements: await house.reload(operator) })
  })
  app.get('/v1/operator/webhooks', role('operator'), c => listWebhooks(house.events, c))
  app.post('/v1/operator/webhooks/:id/resend', role('operator'), c => resendWebhook(house.events, c))
  app.get('/v1/operator/submissions', role('operator'), c => listOperated(house.operators, c))
  app.post('/v1/operator/submissions/rerun', role('operator'), c => rerunAllOperated(house.operators, c))
  app.post('/v1/operator/submissions/:id/rerun', role('operator'), c => rerunOperated(house.operators, c))
  app.post('/v1/operator/submissions/:id/resolve', role('operator'), c => resolveOperated(house.operators, c))
  const { steering } = house
  app.get('/v1/operator/upstreams', role('operator', 'auditor', 'monitor'), c => listSteered(steering, c))
  app.post('/v1/operator/upstreams/:id/mode', role('operator'), c => switchMode(steering, c))
  app.post('/v1/operator/upstreams/:id/maintenance', role('operator'), c =>
    declareMaintenance(steering, now, c),
  )
  app.post('/v1/operator/upstreams/:id/maintenance/:maintenance/end', role('operator'), c =>
    endMaintenance(steering, c),
  )
  app.get('/v1/operator/alarms', role('operator', 'auditor', 'monitor'), c => listAlarms(house.alarms, c))
  app.post('/v1/operator/alarms/:id/acknowledge', role('operator'), c => acknowledgeAlarm(house.alarms, c))
  app.post('/v1/subjects/erase', role('operator'), async c =>
    respond(c, 200, await eraseSubject(house.erase, c, await readJson(c))),
  )

  // For people who run the gateway, in a browser
  if (house.board) app.route('/ops', house.board.routes)

  // For agencies that call us: each is answered in its own way
  for (const { path, receive } of inbound) {
    app.post(path, async c => {
      const { remoteAddress = '' } = c.env.incoming.socket
      const { status, body } = await receive({
        address: clientAddress(remoteAddress, c.req.header('x-forwarded-for'), trustedProxies),
        header: name => c.req.header(name),
        body: limitBytes => readBytes(c, limitBytes),
      })
      return respond(c, status, body)
    })
  }
  return app
}

/** `/v1/businesses/{nib}` as Hono writes it. */
const routeOf = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

/** Each once: several upstreams may send the same. */
const noticesOf = (inbound: readonly InboundRoute[]) => [
  ...new Map(inbound.map(({ notice }) => [notice.id, notice])).values(),
]

/** The methods of the routes at this address, whatever the request's own method. */
function methodsAt(app: App, path: string): string[] {
  const matching = app.routes.filter(
    route => route.method !== 'ALL' && new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(path),
  )
  return [...new Set(matching.map(({ method }) => method))]
}
