/**
 * The reference counter application: what an officer works with, on the API as any counter application calls it. It is a
 * server of its own that happens to stand in the same process: it knows the gateway by its address and an API key, which no
 * browser ever sees. What follows is the whole of it: routes, and for each what is asked of the gateway.
 */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie, setCookie } from 'hono/cookie'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { createClient, GatewayUnreachable, isProblem, MppProblem } from '#gateway/client/client.ts'
import type { InputOf, SubmissionOf } from '#gateway/client/client.ts'
import type { Language } from '#gateway/http/problem.ts'
import { type Content, pageKind } from '#gateway/pages/document.ts'
import { createFormGuard, formTokenField } from '#gateway/pages/form-guard.ts'
import { chosenLanguage, rememberLanguage } from '#gateway/pages/language.ts'
import { browserScript } from './browser-script.ts'
import { createDesk, type Desk, type Mall } from './desk.ts'
import { createDirectory } from './directory.ts'
import * as examples from './examples.ts'
import { createFeed } from './feed.ts'
import {
  inputOf,
  itemFields,
  lookupFields,
  lossFields,
  matchFields,
  mostItems,
  readValues,
  reporterFields,
} from './fields.ts'
import { prefill } from './prefill.ts'
import { counterStyle } from './style.ts'
import {
  beginAnew,
  changePurpose,
  createSessions,
  endVisit,
  newVisit,
  type Outcome,
  type Session,
  type Visit,
} from './visit.ts'
import { frame } from './views/frame.ts'
import { lossReportView, reportPurpose } from './views/loss-report.ts'
import { matchView } from './views/match.ts'
import { absentView, refusedFormView } from './views/messages.ts'
import { hasEnded, orderState, orderView, type Result } from './views/order.ts'
import { residentView } from './views/resident.ts'
import { serviceView } from './views/service.ts'
import { changeServiceView, startView } from './views/start.ts'
import { troubleView } from './views/trouble.ts'

export interface CounterPageOptions {
  /** Asked for only when it is used: in the demo the gateway listens before it is known. */
  readonly gatewayUrl: () => string
  readonly apiKey: string
  readonly mall: Mall
  /** Whose counter takes loss reports. */
  readonly office: InputOf<'loss-report.file'>['office']
  readonly now?: () => number
}

export interface CounterPage {
  fetch(request: Request, env?: object): Response | Promise<Response>
  /** Ends the streams of browsers, and its own. */
  close(): void
}

const sessionCookie = 'mpp-counter'
const kind = pageKind({ style: counterStyle, script: browserScript })

/** An order's clock moves without an event. */
const lookAgainMs = 5_000
const sweepMs = 60_000

interface Variables {
  Variables: { session: Session; visit: Visit; posted: Readonly<Record<string, unknown>> }
}

export function createCounterPage({
  gatewayUrl,
  apiKey,
  mall,
  office,
  now = Date.now,
}: CounterPageOptions): CounterPage {
  const clients: Partial<Record<Language, ReturnType<typeof createClient>>> = {}
  const mpp = (language: Language) =>
    (clients[language] ??= createClient({ baseUrl: gatewayUrl(), apiKey, language }))
  const directoryIn = (language: Language) => (readDirectory ??= createDirectory(gatewayUrl(), now))(language)
  let readDirectory: ReturnType<typeof createDirectory> | undefined
  const feed = createFeed({ events: options => mpp('id').events(options) })
  const sessions = createSessions(now)
  const guard = createFormGuard()
  const streams = new Set<SSEStreamingApi>()
  let isClosed = false
  const sweeping = setInterval(() => sessions.sweep(), sweepMs).unref()

  async function deskOf(c: Context<Variables>): Promise<Desk> {
    const language = chosenLanguage(c)
    const { session } = c.var
    return createDesk({
      mall,
      language,
      now,
      session,
      formToken: guard.tokenFor(session.id),
      directory: await directoryIn(language),
      path: pathOf(c),
    })
  }

  async function page(
    c: Context<Variables>,
    view: (desk: Desk) => Content | Promise<Content>,
    status: 200 | 403 | 404 | 503 = 200,
  ): Promise<Response> {
    const desk = await deskOf(c)
    const content = await view(desk)
    const title = `${desk.say('counterPage')} · ${mall.name}`
    return c.html(
      kind.document({ language: desk.language, title, body: frame(desk, content) }),
      status,
      kind.headers,
    )
  }

  /** Where, who and why, with every question. */
  const contextOf = ({ id, counter, officer, purpose }: Visit) => ({ case: id, counter, officer, purpose })

  /** What came of a call: an answer, or why there is none. That the case has ended ends the visit. */
  async function tried<Answer>(session: Session, call: Promise<Answer>): Promise<Outcome<Answer>> {
    try {
      return { answer: await call }
    } catch (error) {
      if (isProblem(error, 'CASE_INVALID')) endVisit(session, 'over')
      if (error instanceof MppProblem || error instanceof GatewayUnreachable) return { trouble: error }
      throw error
    }
  }

  /** After a form: the page again, at what came of it. A reload asks nobody anything. */
  const backTo = (c: Context<Variables>, path: string): Response =>
    c.redirect(c.var.session.visit ? path : '/counter', 303)

  const app = new Hono<Variables>()

  app.use(bodyLimit({ maxSize: 64 * 1024 }))
  app.use(async (c, next) => {
    const session = sessions.of(getCookie(c, sessionCookie))
    c.set('session', session)
    const isForm = c.req.method === 'POST'
    const posted: Record<string, unknown> = isForm
      ? await c.req.parseBody({ all: true }).catch(() => ({}))
      : {}
    if (isForm && !guard.accepts(c, session.id, posted[formTokenField])) return page(c, refusedFormView, 403)
    c.set('posted', posted)
    await next()
    if (session.visit || session.station || session.trouble) sessions.keep(session)
    setCookie(c, sessionCookie, session.id, { path: '/counter', httpOnly: true, sameSite: 'Strict' })
    return undefined
  })
  app.onError(async (error, c) => {
    if (!(error instanceof MppProblem || error instanceof GatewayUnreachable)) throw error
    // Not even who the agencies are is known: the page says so in its own words.
    const language = chosenLanguage(c)
    const desk = createDesk({
      mall,
      language,
      now,
      session: c.var.session,
      formToken: guard.tokenFor(c.var.session.id),
      directory: { services: [], agencyOf: upstream => upstream },
      path: pathOf(c),
    })
    const body = frame(desk, troubleView(desk, error))
    return c.html(kind.document({ language, title: mall.name, body }), 503, kind.headers)
  })
  app.notFound(c => page(c, absentView, 404))

  app.post('/counter/language', c => {
    const { language, back } = c.var.posted
    rememberLanguage(c, language)
    return c.redirect(isOwnPath(back) ? back : '/counter', 303)
  })

  // -- The visit ------------------------------------------------------------------------------------------------------

  /** The services for which the organisation may ask or order anything. */
  async function purposesIn(language: Language): Promise<readonly string[]> {
    const { rights } = await mpp(language).rights()
    return [...new Set(rights.filter(({ kind }) => kind !== 'notice').map(({ purpose }) => purpose))]
  }

  app.get('/counter', async c => {
    const { session } = c.var
    if (session.visit) return c.redirect('/counter/resident', 303)
    const purposes = await purposesIn(chosenLanguage(c))
    const answer = await page(c, desk => startView(desk, purposes))
    session.trouble = undefined
    return answer
  })
  app.post('/counter/visit', async c => {
    const { session, posted } = c.var
    const station = { counter: textOf(posted['counter']), officer: textOf(posted['officer']) }
    const purpose = textOf(posted['purpose'])
    session.station = { ...station, purpose }
    if (!isName(station.counter) || !isName(station.officer) || !isName(purpose)) {
      session.trouble = 'desk'
      return c.redirect('/counter', 303)
    }
    const opened = await tried(session, mpp(chosenLanguage(c)).openCase())
    if ('trouble' in opened) {
      session.trouble = opened.trouble
      return c.redirect('/counter', 303)
    }
    sessions.renew(session)
    session.trouble = undefined
    session.visit = newVisit(opened.answer, station, purpose)
    return c.redirect('/counter/resident', 303)
  })

  /** What follows is within a visit; without one, the way leads to the start. */
  const within = new Hono<Variables>()
  within.use(async (c, next) => {
    const { visit } = c.var.session
    if (!visit) return c.redirect('/counter', 303)
    c.set('visit', visit)
    await next()
    return undefined
  })

  within.post('/visit/end', c => {
    endVisit(c.var.session)
    return c.redirect('/counter', 303)
  })
  within.get('/visit', async c => {
    const purposes = await purposesIn(chosenLanguage(c))
    return page(c, desk => changeServiceView(desk, purposes, c.var.visit.purpose))
  })
  within.post('/visit/service', c => {
    const { session, posted } = c.var
    const purpose = textOf(posted['purpose'])
    if (isName(purpose)) changePurpose(session, purpose)
    if (session.station && session.visit) session.station.purpose = session.visit.purpose
    return c.redirect(isOwnPath(posted['next']) ? posted['next'] : '/counter/resident', 303)
  })

  // -- Questions ------------------------------------------------------------------------------------------------------

  within.get('/resident', c => page(c, desk => residentView(desk, c.var.visit)))
  within.post('/resident', async c => {
    const { session, visit, posted } = c.var
    const values = readValues(lookupFields, posted)
    const input = { nik: '', ...inputOf(values) }
    const asking = mpp(chosenLanguage(c)).ask('resident.lookup', input, contextOf(visit))
    visit.lookup = { values, outcome: await tried(session, asking) }
    const { outcome } = visit.lookup
    if (outcome && 'answer' in outcome) visit.draft.values = prefill(visit.draft.values, outcome.answer.data)
    return backTo(c, '/counter/resident#result')
  })

  within.get('/match', c => page(c, desk => matchView(desk, c.var.visit)))
  within.post('/match', async c => {
    const { session, visit, posted } = c.var
    const values = readValues(matchFields, posted)
    const input = { nik: '', ...inputOf(values) } as InputOf<'resident.match'>
    const asking = mpp(chosenLanguage(c)).ask('resident.match', input, contextOf(visit))
    visit.match = { values, outcome: await tried(session, asking) }
    return backTo(c, '/counter/match#result')
  })
  within.post('/match/example', c => {
    c.var.visit.match = { values: examples.filledForm, outcome: undefined }
    return c.redirect('/counter/match', 303)
  })

  within.get('/service', c => page(c, desk => serviceView(desk, c.var.visit)))
  within.post('/service', c => {
    c.var.visit.brought = broughtIn(c.var.posted)
    return c.redirect('/counter/service#result', 303)
  })

  // -- Orders ---------------------------------------------------------------------------------------------------------

  within.get('/loss-report', c => page(c, desk => lossReportView(desk, c.var.visit, office)))
  within.post('/loss-report', async c => {
    const { session, visit, posted } = c.var
    const { draft } = visit
    const items = Array.from({ length: draft.items }, (_, index) => itemFields(index))
    draft.values = readValues([...reporterFields, ...items.flat(), ...lossFields], posted)
    draft.trouble = undefined
    visit.brought = broughtIn(posted)
    if (posted['act'] === 'add-item') draft.items = Math.min(draft.items + 1, mostItems)
    if (posted['act'] === 'example')
      draft.values = {
        ...examples.reporter,
        ...examples.loss(yesterdayIn(mall, now())),
        ...filledIn(draft.values),
      }
    if (posted['act'] !== 'send' || visit.purpose !== reportPurpose) return backTo(c, '/counter/loss-report')

    const input = {
      office,
      reporter: {},
      items: [],
      loss: {},
      ...inputOf(draft.values),
      documents: [...visit.brought].map(requirement => ({ requirement })),
    } as unknown as InputOf<'loss-report.file'>
    const order = { ...contextOf(visit), idempotencyKey: draft.key }
    const placed = await tried(session, mpp(chosenLanguage(c)).order('loss-report.file', input, order))
    if ('trouble' in placed) {
      draft.trouble = placed.trouble
      return backTo(c, '/counter/loss-report#result')
    }
    const { id } = placed.answer
    visit.orders.set(id, { purpose: visit.purpose })
    beginAnew(visit)
    return c.redirect(`/counter/orders/${id}`, 303)
  })

  /** How far an order is. That is no personal datum; what came of it is, and is read once, on record. */
  async function look(
    language: Language,
    visit: Visit,
    id: string,
  ): Promise<{ order: SubmissionOf; result: Result }> {
    const placed = visit.orders.get(id)!
    const order = await mpp(language).submission(id)
    if (!hasEnded(order) || order.state === 'cancelled') return { order, result: undefined }
    if (!placed.result) {
      const shown = await mpp(language)
        .submission(id, { ...contextOf(visit), purpose: placed.purpose })
        .catch(() => undefined)
      if (shown?.capability === 'loss-report.file') placed.result = shown
    }
    return { order, result: placed.result ?? null }
  }

  within.use('/orders/:id/*', async (c, next) =>
    c.var.visit.orders.has(c.req.param('id')) ? next() : page(c, absentView, 404),
  )
  within.get('/orders/:id', async c => {
    const { visit } = c.var
    const id = c.req.param('id')
    if (!visit.orders.has(id)) return page(c, absentView, 404)
    const { order, result } = await look(chosenLanguage(c), visit, id)
    return page(c, desk => orderView(desk, order, result))
  })
  within.post('/orders/:id/cancel', async c => {
    const { session, visit, posted } = c.var
    const id = c.req.param('id')
    const withdrawing = mpp(chosenLanguage(c)).cancel(id, {
      reason: textOf(posted['reason']),
      officer: visit.officer,
    })
    const withdrawn = await tried(session, withdrawing)
    if ('trouble' in withdrawn) return page(c, desk => troubleView(desk, withdrawn.trouble))
    return c.redirect(`/counter/orders/${id}`, 303)
  })
  within.get('/orders/:id/live', async c => {
    const { session, visit } = c.var
    const id = c.req.param('id')
    const desk = await deskOf(c)
    if (isClosed) return c.body(null, 503) // then a browser does not come again by itself
    return streamSSE(c, async stream => {
      streams.add(stream)
      const ended = Promise.withResolvers<void>()
      let last = ''
      async function tell(): Promise<void> {
        if (session.visit !== visit) return ended.resolve()
        const { order, result } = await look(desk.language, visit, id)
        const html = String(await orderState({ ...desk, now: now() }, order, result))
        const isOver = hasEnded(order)
        if (html === last) await stream.write(':\n\n') // a sign of life
        else
          await stream.writeSSE({
            event: 'order',
            data: JSON.stringify({ html, state: order.stateText, ended: isOver }),
          })
        last = html
        if (isOver) ended.resolve()
      }
      // One after the other; where the gateway is away, the next look may find it.
      let telling = Promise.resolve()
      const tellNext = (): void => void (telling = telling.then(tell).catch(() => {}))
      const unwatch = feed.watch(id, tellNext)
      const clock = setInterval(tellNext, lookAgainMs)
      stream.onAbort(() => ended.resolve())
      tellNext()
      await ended.promise
      unwatch()
      clearInterval(clock)
      streams.delete(stream)
    })
  })
  app.route('/counter', within)

  return {
    fetch: (request, env) => app.fetch(request, env),
    close() {
      isClosed = true
      clearInterval(sweeping)
      feed.close()
      for (const stream of streams) stream.abort()
    },
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

const filledIn = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))

/** The requirements that are ticked. */
const broughtIn = ({ brought }: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set([brought ?? []].flat().filter(one => typeof one === 'string'))

/** As the gateway takes counters, officers and purposes: sixteen digits would be the number of a person. */
const isName = (text: string): boolean => /^(?!(\D*\d){16})[\w.:-]{1,64}$/.test(text)

/** Where to come back to: what was posted is not posted again. */
const pathOf = ({ req }: Context): string => (req.method === 'GET' ? req.path : '/counter')

/** A form leads nowhere but into this page. */
const isOwnPath = (path: unknown): path is string =>
  typeof path === 'string' && /^\/counter(\/[a-z0-9-]+)*$/.test(path)

const yesterdayIn = ({ timeZone }: Mall, now: number): string =>
  Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .subtract({ days: 1 })
    .toString()
