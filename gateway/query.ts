/** The way of a question, stage by stage. Read it top to bottom; each stage is a room of its own. */
import { randomUUIDv7 } from 'node:crypto'
import { type Capability, isPersonal } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import { failures, type Sent } from '#contracts/failures.ts'
import type { AgreementRegister } from './access/agreement-register.ts'
import type { Cases } from './access/cases.ts'
import type { Choose } from './access/choose.ts'
import { askerOf, type Context, hasContext, type Header, readAsked, readContext } from './access/context.ts'
import { decide, type Decision, ended, type Grant, notGranted, publicGrant } from './access/decide.ts'
import type { Caller } from './access/members.ts'
import { elementsIn, viewOf } from './access/release.ts'
import type { Answer, Mode, SourceReport } from './answer.ts'
import { failureOf, furthestSent, GatewayFailure } from './failure.ts'
import { type Actor, type Evidence, keepRefusal, type Release } from './ledger/evidence.ts'
import type { Pseudonyms } from './pseudonym.ts'
import type { AgreedQuotas, Room } from './quotas/agreed-quotas.ts'
import { createJoin } from './shared-data/join.ts'
import type { SharedData, SharedEntry } from './shared-data/shared-data.ts'
import { reuseOf, sharingParts } from './shared-data/sharing-key.ts'
import type { Upstream } from './upstream/upstream.ts'
import { type Identities, validateInput } from './validate.ts'

export interface QueryRequest {
  /** The member behind the API key. */
  readonly caller: Caller
  readonly header: Header
  /** The parsed body. */
  body(): Promise<unknown>
}

export type Query = (capability: Capability, request: QueryRequest) => Promise<Answer>

export interface QueryHouse {
  readonly identities: Identities
  /** The mall's day, as an ISO date. */
  readonly today: () => string
  readonly cases: Cases
  readonly agreements: AgreementRegister
  readonly choose: Choose
  readonly quotas: AgreedQuotas
  readonly sharedData: SharedData
  readonly evidence: Evidence
  readonly pseudonyms: Pseudonyms
  readonly now: () => number
  /** Told of every answer. */
  readonly onAnswer: (answer: { capability: string; upstream: string; mode: Mode }) => void
}

/** A question as far as it is understood: if it is refused now, its row tells as much. */
interface Asked {
  readonly auditId: string
  readonly capability: Capability
  readonly caller: Caller
  readonly header: Header
  /** However it ends, it is on record; what is public never is. */
  isPersonal: boolean
  /** Undefined: not valid. */
  input: Record<string, unknown> | undefined
}

/** A question that has passed the door. */
interface Question extends Asked {
  readonly input: Record<string, unknown>
  /** Undefined: what is public is asked for without. */
  readonly context: Context | undefined
  /** Elements asked for by name; undefined: all that may be shown. */
  readonly asked: readonly ContractPath[] | undefined
  /** What may be shown without an agreement. */
  readonly open: Grant | undefined
}

/** What is kept of an answer: the record, and what is known about it once and for all. */
interface Fetched {
  readonly record: Record<string, unknown>
  readonly unknownCodes: readonly ContractPath[]
  /** Everyone it is about, as keyed hashes. */
  readonly subjects: readonly string[]
}

/** What the row of an answer says beside who asked what. */
type Shown = Omit<Release, 'kind' | 'outcome' | 'capability' | keyof Actor | keyof Context>

interface Found {
  readonly entry: SharedEntry
  readonly mode: Mode
  /** What became of asking the agency. */
  readonly state: SourceReport['state']
  readonly sent: Sent
  /** Why a stale one stands in. */
  readonly failure?: GatewayFailure
}

export function createQuery(house: QueryHouse): Query {
  const { identities, cases, agreements, quotas, sharedData, evidence, pseudonyms, now, onAnswer } = house
  const join = createJoin<SharedEntry>()

  return async function query(capability, { caller, header, body }) {
    const asked: Asked = {
      auditId: randomUUIDv7(),
      capability,
      caller,
      header,
      isPersonal: hasContext(header) || !openGrant(capability, undefined),
      input: undefined,
    }
    const sources: SourceReport[] = []
    try {
      const question = await understand(asked, body)
      return await answer(question, sources)
    } catch (error) {
      const failure = failureOf(error)
      const sent = furthestSent(failure.sent, ...sources.map(source => source.sent))
      throw (await keepFailure(asked, failure.with({ sent, sources }))).with({ sources })
    }
  }

  /** Lets a question through the door; what is understood of it before it is refused stands in `asked`. */
  async function understand(asked: Asked, body: QueryRequest['body']): Promise<Question> {
    const { capability, caller, header } = asked

    // 1. validate
    const named = readAsked(header, capability)
    const open = openGrant(capability, named)
    asked.isPersonal ||= !open
    const input = (asked.input = validateInput(capability, await body(), identities, house.today()))
    const isAboutPerson = capability.subjects(input).some(isPersonal)
    asked.isPersonal ||= isAboutPerson

    // 2. identify, and read the context: what is public needs none
    const context = asked.isPersonal ? await readContext(header, caller, cases) : undefined
    return {
      ...asked,
      input,
      context,
      asked: capability.kind === 'match' ? elementsIn(input, capability.elements.keys()) : named,
      open: isAboutPerson ? undefined : open,
    }
  }

  async function answer(question: Question, sources: SourceReport[]): Promise<Answer> {
    const { capability, caller, context, asked, open } = question

    // 3. route, and 4. decide
    const { chosen, refusals } = house.choose({
      member: caller.member.id,
      capability: capability.id,
      purpose: context?.purpose,
      asked,
      open,
    })
    if (chosen.length === 0) throw notGranted(refusals)

    const askedAt = performance.now()
    const deadline = askedAt + Math.max(...chosen.map(({ upstream }) => upstream.policy.deadlineMs))
    const rooms: Room[] = []
    let failure: GatewayFailure | undefined
    let stale: { readonly grant: Grant; readonly found: Found; readonly room: Room } | undefined

    try {
      // The next candidate is tried only when the one before could not be asked, never after a "no".
      for (const [index, { upstream, grant }] of chosen.entries()) {
        const startedAt = index === 0 ? askedAt : performance.now() // the first one's call ends with its question
        if (startedAt >= deadline) break
        const ends = { question: deadline, call: startedAt + upstream.policy.deadlineMs }
        const report = (state: SourceReport['state'], sent: Sent): void => {
          sources.push({ id: upstream.id, state, sent, ms: Math.round(performance.now() - startedAt) })
        }
        let found: Found
        let room: Room
        try {
          const reserved = quotas.reserve(grant.agreement, context?.purpose)
          room = reserved instanceof Promise ? await reserved : reserved
          rooms.push(room)
          found = await find(question, upstream, grant, ends)
        } catch (error) {
          if (!(error instanceof GatewayFailure)) throw error
          report(error.code, error.sent)
          failure = error.with({ agreement: grant.agreement?.id })
          if (!mayAskTheNext(error)) throw failure
          continue
        }
        report(found.state, found.sent)
        if (found.mode !== 'stale') return await show(question, grant, found, sources, room)
        failure = found.failure
        stale ??= { grant, found, room } // another source may still know it as it is today
      }
      if (stale && (await sharedData.isStillGood(stale.found.entry)))
        return await show(question, stale.grant, stale.found, sources, stale.room)
      throw failure!
    } finally {
      for (const room of rooms) room.giveBack()
    }
  }

  /** Looks among the shared data, else asks the agency, as one with everyone who asks the same. */
  async function find(
    question: Question,
    upstream: Upstream,
    { agreement }: Grant,
    ends: { readonly question: number; readonly call: number },
  ): Promise<Found> {
    const { capability, input, caller, context } = question

    // 5. shared data
    const reuse = reuseOf(agreement, capability)
    const key = pseudonyms.sharing(
      sharingParts(
        {
          upstream: upstream.id,
          capability: capability.id,
          input,
          member: caller.member.id,
          case: context?.case,
          purpose: context?.purpose,
          agreement: agreement?.id,
        },
        reuse.scope,
      ),
    )
    const read = reuse.scope === 'none' ? undefined : sharedData.read(key)
    const kept = read instanceof Promise ? await read : read
    const timeToLiveMs = Math.min(reuse.timeToLiveMs, kept?.timeToLiveMs ?? 0) // the shorter one wins
    if (kept && now() - kept.fetchedAt < timeToLiveMs)
      return { entry: kept, mode: 'cached', state: 'ok', sent: 'no' }

    try {
      const joined = await join(
        key,
        async () => {
          const { horizon } = sharedData // an answer about somebody who is erased from now on is not kept
          // 6. protect, 7. send and read
          const { record, unknownCodes } = await upstream.ask(
            capability,
            input,
            () => ends.call - performance.now(),
          )
          const data: Fetched = { record, unknownCodes, subjects: subjectsOf(question, record) }
          const entry: SharedEntry = {
            data,
            source: upstream.id,
            fetchedAt: now(),
            timeToLiveMs: reuse.timeToLiveMs,
            subjects: reuse.scope === 'public' ? [] : data.subjects,
            horizon,
          }
          if (reuse.scope !== 'none') sharedData.write(key, entry, reuse.timeToLiveMs + reuse.staleMs)
          return entry
        },
        // The call ends by itself; only who has less time than it needs a timer of their own.
        ends.question < ends.call ? ends.question - performance.now() : Infinity,
      )
      if (joined.timedOut)
        throw new GatewayFailure('UPSTREAM_TIMEOUT', { source: upstream.id, sent: 'maybe' })
      return { entry: joined.value, mode: 'live', state: 'ok', sent: 'yes' }
    } catch (error) {
      // 8. when the agency fails
      const mayStandIn = error instanceof GatewayFailure && failures[error.code].meaning === 'unanswered'
      if (kept && mayStandIn && now() - kept.fetchedAt < timeToLiveMs + reuse.staleMs)
        return { entry: kept, mode: 'stale', state: error.code, sent: error.sent, failure: error }
      throw error
    }
  }

  /** Shows what may be shown at this moment, once the evidence is durable. */
  async function show(
    question: Question,
    grant: Grant,
    { entry, mode, sent }: Found,
    sources: readonly SourceReport[],
    room: Room,
  ): Promise<Answer> {
    let at = now()
    while (!room.isOf(at)) {
      await room.renew()
      at = now()
    }

    // 4. decide, once more: time has passed, and the record may have been fetched for someone else
    const decision = decideAgain(question, grant, at)
    if (!decision.granted) throw notGranted([decision])
    const { record, unknownCodes, subjects } = entry.data as Fetched
    const { data, shown, withheld } = viewOf(record, question.capability.elements.keys(), decision)
    const { agreement } = decision
    room.fill()

    // 9. record
    const auditId = await keepRelease(question, at, {
      subjects,
      upstream: entry.source,
      agreement: agreement?.id,
      agreementVersion: agreement && agreements.versionOf(agreement),
      exempt: agreement?.exemptFromAccessLog || undefined,
      mode,
      fetchedAt: entry.fetchedAt,
      sent,
      elements: shown,
      ...othersAsked(sources),
    })
    // Recording takes time, in which the person may have been erased: then the entry says more than was shown, never less.
    if (mode !== 'live' && !(await sharedData.isStillGood(entry)))
      throw new GatewayFailure('UPSTREAM_UNAVAILABLE', {
        source: entry.source,
        sent,
        detail: 'what was kept has been erased meanwhile',
      })
    onAnswer({ capability: question.capability.id, upstream: entry.source, mode })

    // 10. release
    const provenance = {
      source: entry.source,
      mode,
      fetchedAt: new Date(entry.fetchedAt).toISOString(),
      ageMs: Math.max(0, now() - entry.fetchedAt),
    }
    return {
      data,
      provenance: { '': provenance },
      sources,
      withheld,
      warnings: unknownCodes
        .filter(path => decision.elements.has(path))
        .map(path => ({ code: 'CODE_UNKNOWN', path })),
      auditId,
    }
  }

  /** Under the agreement as it is in force at this moment. */
  function decideAgain({ capability, context, asked }: Question, grant: Grant, at: number): Decision {
    if (!grant.agreement || !context) return grant
    const current = agreements.current(grant.agreement)
    if (!current) return ended(grant.agreement)
    return decide({ capability: capability.id, purpose: context.purpose, asked }, current, at)
  }

  function subjectsOf({ capability, input }: Asked, output?: object): string[] {
    return input ? capability.subjects(input as never, output as never).map(pseudonyms.subject) : []
  }

  /** The failure, once it is on record; without evidence, that is the failure. */
  async function keepFailure(asked: Asked, failure: GatewayFailure): Promise<GatewayFailure> {
    if (!asked.isPersonal) return failure
    return keepRefusal(evidence, failure, {
      id: asked.auditId,
      at: now(),
      capability: asked.capability.id,
      ...askerOf(asked.header, asked.caller),
      subjects: subjectsOf(asked),
      ...othersAsked(failure.facts.sources ?? []),
    })
  }

  /** Who, where, why, whose, and what was shown; nothing of a public question. The entry's id, if there is one. */
  async function keepRelease(
    { auditId, capability, caller, context }: Question,
    at: number,
    shown: Shown,
  ): Promise<string | null> {
    if (!context) return null
    const { kind, id } = capability
    const by = { member: caller.member.id, key: caller.keyId, ...context }
    const content: Release = { kind, outcome: 'released', capability: id, ...by, ...shown }
    await evidence.record({ id: auditId, at, content })
    return auditId
  }
}

/** What can be seen without an agreement. A match has no such thing: it tells what somebody claims from what is so. */
const openGrant = (capability: Capability, named: readonly ContractPath[] | undefined): Grant | undefined =>
  capability.kind === 'match' ? undefined : publicGrant(capability, named)

/** The agency could not be asked, or not under this agreement any more today: another one may be. */
const mayAskTheNext = ({ code }: GatewayFailure): boolean =>
  failures[code].meaning === 'unanswered' || code === 'QUOTA_SPENT'

/** Whoever was asked knows who was asked about: evidence names them all. */
const othersAsked = (sources: NonNullable<GatewayFailure['facts']['sources']>) =>
  sources.length > 1 && { asked: sources.map(({ id, state, sent }) => ({ id, state, sent })) }
