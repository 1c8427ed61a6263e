/**
 * The board at `/ops`: who comes in, and the table of its pages. What it shows is what the API tells, and what can be done is
 * done by the functions that the API calls.
 */
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { html } from 'hono/html'
import { routePath } from 'hono/route'
import { failures } from '#contracts/failures.ts'
import type { Text } from '#contracts/text.ts'
import { actorOf, contextHeaders, readOfficer } from '#gateway/access/context.ts'
import type { Door } from '#gateway/access/door.ts'
import type { Caller, Member } from '#gateway/access/members.ts'
import { type IssuerSettings, tokenKeyPrefix } from '#gateway/access/tokens.ts'
import type { Operators } from '#gateway/delivery/operators.ts'
import type { WorkList } from '#gateway/delivery/work-list.ts'
import { failureOf, GatewayFailure } from '#gateway/failure.ts'
import type { AddressList } from '#gateway/http/client-address.ts'
import { type Language, problems } from '#gateway/http/problem.ts'
import type { Environment } from '#gateway/http/request.ts'
import { readForm } from '#gateway/http/body.ts'
import { everyAnswer } from '#gateway/http/security-headers.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Alarms } from '#gateway/ops/alarms/alarm.ts'
import { severityOf } from '#gateway/ops/alarms/alarm.ts'
import type { Heartbeats } from '#gateway/ops/gateways.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Steering } from '#gateway/ops/steering.ts'
import type { Content } from '#gateway/pages/document.ts'
import { createFormGuard, formTokenField, isFromElsewhere } from '#gateway/pages/form-guard.ts'
import { chosenLanguage, rememberLanguage } from '#gateway/pages/language.ts'
import { deriveKey, type Sealer } from '#gateway/sealing.ts'
import type { Store } from '#gateway/store/store.ts'
import type { ResendHouse } from '#gateway/telling/webhook-states.ts'
import type { Upstream } from '#gateway/upstream/upstream.ts'
import { type Act, fieldOf, type Hand, Mistyped, mistakesIn, type Typed } from './acts/act.ts'
import { contextIn, orderActs } from './acts/order-acts.ts'
import { alarmActs, webhookActs } from './acts/other-acts.ts'
import { steeringActs } from './acts/steering-acts.ts'
import { boardHeaders, framedPage, type Person, plainPage, tabFragmentId, tokenField } from './frame.ts'
import { createLive, type LiveSettings, type Watching } from './live.ts'
import { type BoardOidcSettings, createProvider, SignInFailed } from './oidc.ts'
import { createSessions, type Known, lookers, mayAct, mayLook, SessionOver } from './session.ts'
import { signInContent, withinBoard } from './sign-in.ts'
import { createSnapshots, type Snapshots, type SnapshotHouse } from './snapshot.ts'
import { type Fragment, type Look, lookOf, type View } from './view.ts'
import { severityState } from './views/alarm-parts.ts'
import { agreementsView } from './views/agreements.ts'
import { alarmsView } from './views/alarms.ts'
import { ledgerView, type LedgerViewHouse } from './views/ledger.ts'
import { orderView } from './views/order.ts'
import { ordersView, workView } from './views/orders.ts'
import { overview, waitingText } from './views/overview.ts'
import { sharedDataView, type SharedDataViewHouse } from './views/shared-data.ts'
import { upstreamView } from './views/upstream.ts'
import { webhooksView } from './views/webhooks.ts'
import { type Words, words } from './words.ts'

export interface BoardSettings {
  /** Where browsers find this gateway. */
  readonly address?: string | undefined
  readonly oidc?: BoardOidcSettings | undefined
}

export interface BoardHouse extends Omit<SnapshotHouse, 'store' | 'alarms' | 'steering' | 'upstreams'> {
  readonly settings: BoardSettings
  readonly mall: { readonly name: string; readonly timeZone: string }
  readonly members: readonly Member[]
  readonly issuers: readonly IssuerSettings[]
  readonly trustedProxies: AddressList
  readonly door: Door
  readonly sealer: Sealer
  /** The first sealing key: the tokens of forms are made from it. */
  readonly formKey: Buffer
  readonly upstreams: readonly Upstream[]
  readonly capabilityTitles: ReadonlyMap<string, Text>
  readonly steering: Steering
  readonly alarms: Alarms
  readonly heartbeats: Heartbeats
  readonly operators: Operators
  readonly workList: WorkList
  readonly webhooks: ResendHouse
  readonly ledger: Pick<LedgerViewHouse, 'ledgerKey' | 'anchoring'>
  readonly shared: Pick<SharedDataViewHouse, 'sharedData' | 'answers'>
  readonly store: Store
  readonly log: Log
  readonly metrics: Pick<Metrics, 'boardRefusal' | 'boards' | 'identityFault' | 'unknownCaller'>
  readonly live?: Partial<LiveSettings>
}

export interface Board {
  readonly routes: Hono<BoardEnvironment>
  /** Ends the streams. */
  drain(): void
}

interface BoardEnvironment extends Environment {
  Variables: Environment['Variables'] & { known: Known }
}

const paperPath = '/orders/:id/attachments/:attachment'

/** Why somebody was refused, as the metrics count it. */
type Refusal =
  | 'key'
  | 'role'
  | 'officer'
  | 'oidc'
  | 'form'
  | 'session-forged'
  | 'session-expired'
  | 'session-withdrawn'

export function createBoard(house: BoardHouse): Board {
  const { settings, mall, members, issuers, door, sealer, store, log, metrics, now } = house
  const { upstreams, steering, alarms, heartbeats, operators, capabilityTitles } = house
  const isSecure = (c: Context<Environment>): boolean =>
    (settings.address?.startsWith('https:') ?? false) ||
    (c.req.header('x-forwarded-proto') === 'https' &&
      house.trustedProxies.has(c.env.incoming.socket.remoteAddress ?? ''))
  const sessions = createSessions({ sealer, members, issuers, isSecure, now })
  const guard = createFormGuard(deriveKey(house.formKey, 'board-forms'))
  const provider =
    settings.oidc &&
    createProvider({
      settings: settings.oidc,
      issuers,
      members,
      address: settings.address!,
      sealer,
      isSecure,
      now,
      onFault: issuer => metrics.identityFault(issuer),
    })
  const snapshots = createSnapshots(house)
  const live = createLive({ log, now, onOpen: metrics.boards, ...(house.live && { settings: house.live }) })
  const refuse = (reason: Refusal): void => metrics.boardRefusal(reason)

  const ordersHouse = { snapshots, operators, capabilityTitles }
  const views: readonly View[] = [
    overview(snapshots),
    upstreamView({ snapshots, heartbeats, capabilityTitles }),
    alarmsView(snapshots, alarms),
    ordersView(ordersHouse),
    workView(ordersHouse),
    orderView({ store, operators, capabilityTitles }),
    sharedDataView({ ...house.shared, snapshots, capabilityTitles }),
    agreementsView(snapshots),
    ledgerView({ ...house.ledger, snapshots, store }),
    webhooksView(snapshots),
  ].map(view => withTabs(view, snapshots))
  const acts: readonly Act[] = [
    ...steeringActs({
      steering,
      upstreams,
      timeZones: new Map(house.configured.map(({ id, timeZone }) => [id, timeZone])),
    }),
    ...alarmActs(alarms),
    ...orderActs({ operators, workList: house.workList, store, upstreams, capabilityTitles }),
    ...webhookActs(house.webhooks),
  ]

  const routes = new Hono<BoardEnvironment>()
  /** Also what only sends a browser elsewhere is an answer. */
  routes.use((c, next) => {
    for (const [name, value] of Object.entries({ ...everyAnswer, 'cache-control': 'no-store' }))
      c.header(name, value)
    return next()
  })

  // -- Pages around it all ---------------------------------------------------------------------------------------------

  const page = (c: Context<BoardEnvironment>, document: ReturnType<typeof plainPage>, status = 200) =>
    c.html(document, status as 200, { ...boardHeaders, 'content-language': chosenLanguage(c) })

  /** What a stranger asked for, where there is such a page: nothing else of the address is repeated. */
  function pageAt(c: Context): string {
    const { pathname } = new URL(c.req.url)
    const isPage =
      views.some(({ path }) => !path.includes(':') && matched(path, pathname)) ||
      upstreams.some(({ id }) => pathname === `/ops/upstreams/${id}`)
    return isPage ? pathname : '/ops'
  }

  function signInPage(
    c: Context<BoardEnvironment>,
    status: number,
    shown: { notice?: keyof Words; officer?: string; mistake?: 'key' | 'officer'; next?: string } = {},
  ) {
    const language = chosenLanguage(c)
    const next = shown.next ?? pageAt(c)
    const content = signInContent({ language, provider: provider?.host, ...shown, next })
    return page(
      c,
      plainPage({ language, title: words['sign-in'][language], content, mallName: mall.name }),
      status,
    )
  }

  /** What went wrong, with a way back. */
  function failurePage(c: Context<BoardEnvironment>, failure: GatewayFailure) {
    const language = chosenLanguage(c)
    const { status, title } = failures[failure.code]
    c.set('failure', failure)
    problems.publish(failure.code)
    const isUnknown = failure.code === 'ROUTE_UNKNOWN'
    const content = [
      html`<h1>${isUnknown ? words['not-found'][language] : title[language]}</h1>`,
      html`<p class="notice" data-state="down"><span>${detailOf(failure, language)}</span></p>`,
      isUnknown && failure.facts.reason === 'UPSTREAM_UNKNOWN'
        ? html`<p>${words['known-ones'][language]}:</p>
            <ul class="lines">
              ${upstreams.map(({ id }) => html`<li><a href="/ops/upstreams/${id}">${id}</a></li>`)}
            </ul>`
        : '',
      html`<p><a href="/ops">${words['back-to-board'][language]}</a></p>`,
    ]
    return page(c, plainPage({ language, title: title[language], content, mallName: mall.name }), status)
  }

  routes.onError((error, c) => {
    if (error instanceof SessionOver) {
      refuse(error.fault.toLowerCase().replace('_', '-') as Refusal)
      sessions.end(c)
      return signInPage(c, 401, { notice: error.fault })
    }
    const failure = failureOf(error)
    if (failure.code === 'INTERNAL_ERROR')
      log.error({ requestId: c.get('requestId'), fault: faultOf(failure.cause ?? failure) }, 'fault')
    return failurePage(c, failure)
  })

  // -- Signing in ------------------------------------------------------------------------------------------------------

  routes.get('/sign-in', c => signInPage(c, 200, { next: '/ops' }))

  routes.post('/sign-in', async c => {
    if (isFromElsewhere(c)) return formRefused(c)
    const typed = await readForm(c)
    const { key = '', officer = '' } = typed
    const next = withinBoard(typed['next'])
    const caller = await callerOf(c, key)
    const isOfficer = contextHeaders['Mpp-Officer'].pattern.test(officer)
    if (!caller)
      return signInPage(c, 401, {
        notice: 'refused-key',
        ...(isOfficer && { officer }),
        mistake: 'key',
        next,
      })
    await admit(c, caller, officer)
    if (!isOfficer) {
      refuse('officer')
      return signInPage(c, 422, { notice: 'refused-officer', mistake: 'officer', next })
    }
    sessions.begin(c, caller, officer)
    log.info({ member: caller.member.id, keyId: caller.keyId }, 'signed in at the board')
    return c.redirect(next, 303)
  })

  /** As every request is checked at the door; undefined: nobody knows the key. */
  async function callerOf(c: Context<BoardEnvironment>, key: string): Promise<Caller | undefined> {
    try {
      const caller = await door.identify(`Bearer ${key}`)
      if (!caller.keyId.startsWith(tokenKeyPrefix)) return caller
    } catch (error) {
      if (!(error instanceof GatewayFailure)) throw error
      c.set('failure', error) // counted as an unknown caller, as at every other route
    }
    refuse('key')
    return undefined
  }

  /** @throws RATE_LIMITED, NOT_GRANTED: once that is on record */
  async function admit(c: Context<BoardEnvironment>, caller: Caller, officer: string): Promise<void> {
    c.set('caller', caller)
    const { headers, failure } = door.takeRequest(caller.member)
    c.set('rateLimit', headers)
    if (failure) throw failure
    if (mayLook(caller)) return
    refuse('role')
    const header = (name: string) => (name === 'Mpp-Officer' ? officer : undefined)
    await door.refuseRole(actorOf(header, caller), lookers, '/ops/sign-in')
  }

  if (provider) {
    routes.get('/sign-in/oidc', async c => {
      try {
        return c.redirect(await provider.begin(c), 302)
      } catch (error) {
        return providerFailed(c, error)
      }
    })
    routes.get('/sign-in/oidc/callback', async c => {
      let caller
      try {
        caller = await provider.finish(c)
      } catch (error) {
        return providerFailed(c, error)
      }
      await admit(c, caller, caller.officer!)
      sessions.begin(c, caller, caller.officer!, provider.issuer)
      log.info({ member: caller.member.id, keyId: caller.keyId }, 'signed in at the board')
      return c.redirect('/ops', 303)
    })
  }

  function providerFailed(c: Context<BoardEnvironment>, error: unknown) {
    refuse('oidc')
    const isTheirs =
      error instanceof SignInFailed || (error instanceof GatewayFailure && error.code === 'UNAUTHENTICATED')
    if (!isTheirs) metrics.identityFault(provider!.issuer)
    return isTheirs
      ? signInPage(c, 401, { notice: 'refused-oidc', next: '/ops' })
      : signInPage(c, 503, { notice: 'unavailable-oidc', next: '/ops' })
  }

  routes.post('/language', async c => {
    if (isFromElsewhere(c)) return formRefused(c)
    const { language, back } = await readForm(c)
    rememberLanguage(c, language)
    return c.redirect(withinBoard(back), 303)
  })

  // -- From here on only for those who have signed in ------------------------------------------------------------------

  const pages = [
    '/live',
    '/sign-out',
    paperPath,
    ...views.map(({ path }) => path),
    ...acts.map(({ path }) => path),
  ]
  const notFound: Text = words['not-found']
  const signedIn: MiddlewareHandler<BoardEnvironment> = async (c, next): Promise<Response | void> => {
    const known = sessions.read(c)
    if (!known) return signInPage(c, 401)
    const { session, caller } = known
    c.set('known', known)
    c.set('caller', caller)
    const { headers, failure } = door.takeRequest(caller.member)
    c.set('rateLimit', headers)
    if (failure) throw failure
    if (!pages.some(pattern => matched(pattern, c.req.path)))
      return failurePage(c, new GatewayFailure('ROUTE_UNKNOWN', { detail: notFound }))
    await next()
    // A page of somebody who works keeps the session; the streams behind it do not.
    if (c.req.path !== '/ops/live' && c.res.status < 400) sessions.keepAlive(c, session)
  }
  routes.use(signedIn)

  const isOwnForm = (c: Context<BoardEnvironment>, typed: Typed): boolean =>
    guard.accepts(c, c.var.known.session.id, typed[formTokenField])

  function formRefused(c: Context<BoardEnvironment>) {
    refuse('form')
    const language = chosenLanguage(c)
    const content = [
      html`<h1>${words['form-refused'][language]}</h1>`,
      html`<p class="notice" data-state="down"><span>${words['form-refused-why'][language]}</span></p>`,
      html`<p><a href="/ops">${words['back-to-board'][language]}</a></p>`,
    ]
    return page(
      c,
      plainPage({ language, title: words['form-refused'][language], content, mallName: mall.name }),
      403,
    )
  }

  routes.post('/sign-out', async c => {
    if (!isOwnForm(c, await readForm(c))) return formRefused(c)
    sessions.end(c)
    return signInPage(c, 200, { notice: 'signed-out', next: '/ops' })
  })

  const personOf = ({ session }: Known): Person => ({
    member: session.member,
    officer: session.officer,
    formToken: guard.tokenFor(session.id),
  })

  function lookFor(c: Context<BoardEnvironment>, path: Look['path'], query: Look['query']): Look {
    return lookOf({
      language: chosenLanguage(c),
      timeZone: mall.timeZone,
      at: now(),
      mayAct: mayAct(c.var.known.caller),
      path,
      query,
    })
  }

  const watching = (
    c: Context<BoardEnvironment>,
    view: View,
    path: Look['path'],
    query: Look['query'],
  ): Watching => {
    const { done: _done, ...lasting } = query
    const { language, mayAct } = lookFor(c, path, lasting)
    return {
      key: JSON.stringify([view.path, path, lasting, language, mayAct]),
      view,
      look: () => lookOf({ language, timeZone: mall.timeZone, at: now(), mayAct, path, query: lasting }),
    }
  }

  const frame = (c: Context<BoardEnvironment>, look: Look) => ({
    look,
    house: { mall },
    person: personOf(c.var.known),
    here: withinBoard(addressOf(c)),
  })

  routes.get('/live', c => {
    const address = URL.parse(c.req.query('page') ?? '/ops', 'http://board')
    const found = views.flatMap(view => {
      const path = address && matched(view.path, address.pathname)
      return path ? [{ view, path }] : []
    })[0]
    if (!address || !found) throw new GatewayFailure('ROUTE_UNKNOWN', { detail: 'no such page' })
    const { known } = c.var
    // Whoever only looks stays signed in as long as the page is open.
    if (!mayAct(known.caller)) sessions.keepAlive(c, known.session)
    const stream = live.stream({
      ...watching(c, found.view, found.path, Object.fromEntries(address.searchParams)),
      version: c.req.query('version') ?? '',
      isStillKnown() {
        try {
          return sessions.read(c) !== undefined
        } catch {
          return false
        }
      },
      cutOff: () => void c.env.outgoing.destroy(),
    })
    if (!stream) throw new GatewayFailure('RATE_LIMITED', { reason: 'TOO_MANY_BOARDS', retryAfter: 10 })
    return c.body(stream, 200, {
      ...everyAnswer,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
  })

  for (const act of acts) {
    routes.get(act.path, async c => actPage(c, act, lookFor(c, c.req.param(), c.req.query())))
    routes.post(act.path, async c => {
      const typed = await readForm(c)
      if (!isOwnForm(c, typed)) return formRefused(c)
      const { caller } = c.var.known
      const look = lookFor(c, c.req.param(), c.req.query())
      if (!mayAct(caller)) {
        refuse('role')
        const route = routePath(c, -1)
        await door.refuseRole(actorOf(headerOf(c.var.known), caller), ['operator'], route)
      }
      try {
        const shown = await act.run(typed, handOf(c.var.known, tokenField(personOf(c.var.known))), look)
        snapshots.forget()
        if (shown === undefined) return c.redirect(`/ops${act.back(look)}?done=${act.word}`, 303)
        return page(
          c,
          framedPage({
            ...frame(c, look),
            tab: act.tab,
            title: look.say(act.word),
            content: [
              shown,
              html`<p><a class="button" href="/ops${act.back(look)}">${look.say('back-to-board')}</a></p>`,
            ],
          }),
        )
      } catch (error) {
        if (error instanceof Mistyped)
          return actPage(c, act, look, { typed, mistakes: error.mistakes, status: 422 })
        const failure = failureOf(error)
        if (failure.code === 'INTERNAL_ERROR') throw error
        c.set('failure', failure)
        problems.publish(failure.code)
        const mistakes = mistakesIn(failure.facts.errors)
        return actPage(c, act, look, { typed, mistakes, failure, status: failures[failure.code].status })
      }
    })
  }

  /** A paper of an order, for the officer who brings it to the agency. */
  routes.post(paperPath, async c => {
    const typed = await readForm(c)
    if (!isOwnForm(c, typed)) return formRefused(c)
    const { caller } = c.var.known
    const { id, attachment } = c.req.param()
    const header = headerOf(c.var.known, contextIn(typed))
    const paper = await house.workList.attachment(id, attachment, caller, header)
    return c.body(new Uint8Array(paper.bytes), 200, {
      ...everyAnswer,
      'content-type': paper.contentType,
      'content-disposition': 'attachment',
      'cache-control': 'no-store',
    })
  })

  async function actPage(
    c: Context<BoardEnvironment>,
    act: Act,
    look: Look,
    again: {
      readonly typed?: Typed
      readonly mistakes?: ReadonlyMap<string, string>
      readonly failure?: GatewayFailure
      readonly status?: number
    } = {},
  ) {
    const { say, language } = look
    const { typed = {}, mistakes = new Map<string, string>(), failure, status = 200 } = again
    const fields = act.fields(look, typed).map(field => fieldOf(field, typed, mistakes, say('optional')))
    const content = html`<div class="act stack">
      ${
        failure
          ? html`<div class="notice" data-state="down" role="alert">
              <h2>${say('failed-title')}</h2>
              <p>${failures[failure.code].title[language]}: ${detailOf(failure, language)}</p>
            </div>`
          : ''
      }
      <div class="stack">${await act.says(look)}</div>
      ${
        look.mayAct
          ? html`<form method="post" action="/ops${withPath(act.path, look.path)}" class="card stack">
              ${tokenField(personOf(c.var.known))} ${fields}
              <p class="row">
                <button class="${act.isDangerous ? 'danger' : 'primary'}">
                  ${say('confirm')} ${say(act.word).toLowerCase()}</button
                ><a class="button" href="/ops${act.back(look)}">${say('cancel')}</a>
              </p>
            </form>`
          : html`<p class="notice">${say('look-only')}</p>`
      }
    </div>`
    return page(c, framedPage({ ...frame(c, look), tab: act.tab, title: say(act.word), content }), status)
  }

  for (const view of views)
    routes.get(view.path, async c => {
      const { done, ...query } = c.req.query()
      const look = lookFor(c, c.req.param(), query)
      const shown = await live.show(watching(c, view, look.path, query), done !== undefined)
      return page(
        c,
        framedPage({
          ...frame(c, look),
          ...shown,
          tab: view.tab,
          title: view.title(look),
          isWide: view.isWide,
          above: view.above?.(look) ?? '',
          done: acts.some(({ word }) => word === done)
            ? html`<p class="notice" data-state="ok" role="status">
                <span>${look.say('done')} <b>${look.say(done as keyof Words)}</b></span>
              </p>`
            : '',
        }),
      )
    })

  return { routes, drain: live.drain }
}

// -- Who acts ----------------------------------------------------------------------------------------------------------

const headerOf =
  ({ session, caller }: Known, more: Readonly<Record<string, string>> = {}) =>
  (name: string): string | undefined =>
    name === 'Mpp-Officer' && caller.officer === undefined ? session.officer : more[name]

function handOf(known: Known, formToken: Content): Hand {
  const { caller } = known
  const officer = readOfficer(headerOf(known), caller)
  return {
    caller,
    by: { member: caller.member.id, key: caller.keyId, ...officer },
    header: more => headerOf(known, more),
    formToken,
  }
}

// -- Tabs, addresses and texts -----------------------------------------------------------------------------------------

/** Every page tells in its tabs how many alarms are open, and how many orders wait for a person. */
const withTabs = (view: View, snapshots: Snapshots): View => ({
  ...view,
  async fragments(look) {
    const [fragments, { alarms, waiting }] = await Promise.all([view.fragments(look), snapshots.now()])
    const worst = alarms[0] && severityState[severityOf(alarms[0])]
    const pip = (tab: 'alarms' | 'work', count: string, state: string | undefined): Fragment => ({
      id: tabFragmentId(tab),
      content: count === '0' ? '' : html`<span class="pip" data-state="${state ?? ''}">${count}</span>`,
    })
    return [
      ...fragments,
      pip('alarms', String(alarms.length), worst),
      pip('work', waitingText(look, waiting), 'degraded'),
    ]
  },
})

const addressOf = (c: Context): string => {
  const { pathname, search } = new URL(c.req.url)
  return `${pathname}${search}`
}

/** The parts of a path that a pattern names; undefined: it is another page's. */
function matched(pattern: string, pathname: string): Record<string, string> | undefined {
  const whole = `/ops${pattern === '/' ? '' : pattern}`
  const found = new RegExp(`^${whole.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`).exec(pathname)
  return found ? { ...found.groups } : undefined
}

const withPath = (pattern: string, path: Look['path']): string =>
  pattern.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))

function detailOf({ code, facts: { detail } }: GatewayFailure, language: Language): string {
  if (detail === undefined) return failures[code].title[language]
  return typeof detail === 'string' ? detail : detail[language]
}
