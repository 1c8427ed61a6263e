/** The way of a question, stage by stage. Read it top to bottom; each stage is a room of its own. */
import { randomUUIDv7 } from 'node:crypto'
import type { Capability } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import { failures, type Sent } from '#contracts/failures.ts'
import type { Agreement } from './access/agreements.ts'
import type { Cases } from './access/cases.ts'
import { type Context, type Header, readContext } from './access/context.ts'
import { decide, decideAmong, type Grant, type Intent, notGranted, type Refusal } from './access/decide.ts'
import type { Caller } from './access/members.ts'
import { elementsIn, viewOf } from './access/release.ts'
import type { Answer, Mode, SourceReport } from './answer.ts'
import { furthestSent, GatewayFailure } from './failure.ts'
import type { Evidence } from './ledger/evidence.ts'
import type { Pseudonyms } from './pseudonym.ts'
import { createJoin } from './shared-data/join.ts'
import type { SharedData, SharedEntry } from './shared-data/shared-data.ts'
import { sharingParts } from './shared-data/sharing-key.ts'
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
  readonly cases: Cases
  readonly agreements: readonly Agreement[]
  /** In the order in which they are asked. */
  readonly upstreams: readonly Upstream[]
  readonly sharedData: SharedData
  readonly evidence: Evidence
  readonly pseudonyms: Pseudonyms
  readonly now: () => number
  /** Told of every answer. */
  readonly onAnswer: (answer: { capability: string; upstream: string; mode: Mode }) => void
}

/** A question that has passed the door. */
interface Question {
  readonly auditId: string
  readonly capability: Capability
  readonly input: Record<string, unknown>
  readonly caller: Caller
  readonly context: Context
  readonly intent: Intent
}

/** What is kept of an answer: the record, and what is known about it once and for all. */
interface Fetched {
  readonly record: Record<string, unknown>
  readonly unknownCodes: readonly ContractPath[]
  /** Everyone it is about, as keyed hashes. */
  readonly subjects: readonly string[]
}

interface Found {
  readonly entry: SharedEntry
  readonly mode: Mode
  /** What became of asking the agency. */
  readonly state: SourceReport['state']
  readonly sent: Sent
}

export function createQuery(house: QueryHouse): Query {
  const { identities, cases, upstreams, sharedData, evidence, pseudonyms, now, onAnswer } = house
  const agreementsOf = Map.groupBy(house.agreements, ({ member, upstream }) => `${member} ${upstream}`)
  const join = createJoin<SharedEntry>()

  return async function query(capability, { caller, header, body }) {
    // 1. identify, and read the context
    const context = await readContext(header, capability, caller.member.id, cases)

    // 2. validate
    const input = validateInput(capability, await body(), identities)
    const asked = capability.kind === 'match' ? elementsIn(input, capability.elements.keys()) : context.asked
    const intent = { capability: capability.id, purpose: context.purpose, asked }
    const question: Question = { auditId: randomUUIDv7(), capability, input, caller, context, intent }

    const sources: SourceReport[] = []
    try {
      return await answer(question, sources)
    } catch (error) {
      const failure =
        error instanceof GatewayFailure ? error : new GatewayFailure('INTERNAL_ERROR', {}, { cause: error })
      const sent = furthestSent(failure.sent, ...sources.map(source => source.sent))
      throw (await keepFailure(question, failure.with({ sent }))).with({ sources })
    }
  }

  async function answer(question: Question, sources: SourceReport[]): Promise<Answer> {
    const { capability, caller, intent } = question
    const refusals: Refusal[] = []
    let deadline: number | undefined
    let failure: GatewayFailure | undefined

    // 3. route: the next candidate is tried only when the one before could not be asked, never after a "no"
    for (const upstream of upstreams) {
      if (!upstream.operations.has(capability.id)) continue

      // 4. decide
      const decision = decideAmong(
        intent,
        agreementsOf.get(`${caller.member.id} ${upstream.id}`) ?? [],
        now(),
      )
      if (!decision.granted) {
        refusals.push(decision)
        continue
      }

      const startedAt = performance.now()
      deadline ??= startedAt + upstream.policy.deadlineMs
      if (startedAt >= deadline) break
      const ends = { question: deadline, call: startedAt + upstream.policy.deadlineMs }
      const report = (state: SourceReport['state'], sent: Sent): void => {
        sources.push({ id: upstream.id, state, sent, ms: Math.round(performance.now() - startedAt) })
      }
      let found: Found
      try {
        found = await find(question, upstream, decision, ends)
      } catch (error) {
        if (!(error instanceof GatewayFailure)) throw error
        report(error.code, error.sent)
        if (failures[error.code].meaning !== 'unanswered') throw error
        failure = error
        continue
      }
      report(found.state, found.sent)
      return show(question, decision.agreement, found, sources)
    }
    throw failure ?? notGranted(refusals)
  }

  /** Looks among the shared data, else asks the agency, as one with everyone who asks the same. */
  async function find(
    question: Question,
    upstream: Upstream,
    { agreement }: Grant,
    ends: { readonly question: number; readonly call: number },
  ): Promise<Found> {
    const { capability, input, caller, context } = question
    const { reuse } = agreement

    // 5. shared data
    const key = pseudonyms.sharing(
      sharingParts(
        {
          upstream: upstream.id,
          capability: capability.id,
          input,
          member: caller.member.id,
          case: context.case.id,
          purpose: context.purpose,
        },
        agreement,
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
          // 6. protect, 7. send and read
          const { record, unknownCodes } = await upstream.ask(
            capability,
            input,
            () => ends.call - performance.now(),
          )
          const data: Fetched = { record, unknownCodes, subjects: subjectsOf(question, record) }
          const entry = { data, source: upstream.id, fetchedAt: now(), timeToLiveMs: reuse.timeToLiveMs }
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
        return { entry: kept, mode: 'stale', state: error.code, sent: error.sent }
      throw error
    }
  }

  /** Shows what may be shown at this moment, once the evidence is durable. */
  async function show(
    question: Question,
    agreement: Agreement,
    { entry, mode, sent }: Found,
    sources: readonly SourceReport[],
  ): Promise<Answer> {
    // 4. decide, once more: time has passed, and the record may have been fetched for someone else
    const decision = decide(question.intent, agreement, now())
    if (!decision.granted) throw notGranted([decision])
    const { record, unknownCodes, subjects } = entry.data as Fetched
    const { data, shown, withheld } = viewOf(record, question.capability.elements.keys(), decision)

    // 9. record
    await keep(question, subjects, {
      outcome: 'released',
      upstream: entry.source,
      agreement: agreement.id,
      mode,
      fetchedAt: entry.fetchedAt,
      sent,
      elements: shown,
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
      auditId: question.auditId,
    }
  }

  function subjectsOf({ capability, input }: Question, output?: object): string[] {
    return capability.subjects(input as never, output as never).map(pseudonyms.subject)
  }

  /** The failure, once it is on record; without evidence, that is the failure. */
  async function keepFailure(question: Question, failure: GatewayFailure): Promise<GatewayFailure> {
    const { code, source, sent, facts } = failure
    if (code === 'STORE_UNAVAILABLE') return failure
    try {
      const { reason, upstreamCode } = facts
      await keep(question, subjectsOf(question), { outcome: code, source, sent, reason, upstreamCode })
      return failure.with({ auditId: question.auditId })
    } catch (error) {
      if (error instanceof GatewayFailure) return error.with({ sent })
      throw error
    }
  }

  /** Who, where, why, whose, and what came of it. */
  function keep(question: Question, subjects: readonly string[], outcome: object): Promise<void> {
    const { auditId, capability, caller, context } = question
    const content = {
      kind: capability.kind,
      capability: capability.id,
      member: caller.member.id,
      key: caller.keyId,
      counter: context.counter,
      officer: context.officer,
      purpose: context.purpose,
      case: context.case.id,
      subjects,
      ...outcome,
    }
    return evidence.record({ id: auditId, at: now(), content })
  }
}
