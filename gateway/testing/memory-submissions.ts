import { isFinal } from '#contracts/submission.ts'
import { keyIdOf } from '#gateway/sealing.ts'
import { StoreRefused } from '#gateway/store/store.ts'
import {
  blockingStates,
  type DeadEvent,
  type IdempotencyKey,
  type LoggedEvent,
  type NewSubmissionEvent,
  putOffMs,
  type SealedSubmission,
  type StoredAttachment,
  type SubmissionFilter,
  type SubmissionRow,
  type SubmissionStore,
  type WebhookRow,
} from '#gateway/store/submissions.ts'

interface Kept extends SubmissionRow {
  readonly attachments: readonly string[]
  /** Its content goes as soon as it is final. */
  readonly isForgotten: boolean
}

interface KeptAttachment extends StoredAttachment {
  readonly sequence: number
  readonly arrivedAt: number
}

interface KeptKey extends Pick<IdempotencyKey, 'fingerprint'> {
  readonly id: string
  readonly expiresAt: number
}

/** What a memory store keeps of orders: the model that the others are compared with. */
export function createMemorySubmissions(now: () => number): SubmissionStore {
  const submissions = new Map<string, Kept>()
  const keys = new Map<string, KeptKey>()
  let events: LoggedEvent[] = []
  let position = 0
  const attachments = new Map<string, KeptAttachment>()
  let attachmentSequence = 0
  const webhooks = new Map<string, WebhookRow>()
  let deadEvents: DeadEvent[] = []

  const all = () => [...submissions.values()]
  const replace = (row: Kept): void => void submissions.set(row.id, row)
  const dueIn = (ms: number | null): number | null => (ms === null ? null : now() + ms)

  function log(
    { id: submission, capability, member, case: visit }: Kept,
    logged: readonly NewSubmissionEvent[],
  ) {
    for (const event of logged)
      events.push({ ...event, submission, capability, member, case: visit, position: ++position })
  }

  function refuseTaken(logged: readonly NewSubmissionEvent[]): void {
    if (logged.some(({ id }) => events.some(event => event.id === id)))
      throw new StoreRefused('this event is logged already')
  }

  const keyInUse = (key: string): KeptKey | undefined => {
    const kept = keys.get(key)
    return kept && kept.expiresAt > now() ? kept : undefined
  }

  const aheadOf = ({ upstream, orderKey, sequence, state }: Kept): Kept | undefined =>
    state === 'queued' && orderKey !== null
      ? all().find(
          other =>
            other.upstream === upstream &&
            other.orderKey === orderKey &&
            other.sequence < sequence &&
            isBlocking(other),
        )
      : undefined
  const isBlocked = (row: Kept): boolean => aheadOf(row) !== undefined

  /** The next one of its order key is due at once. */
  function releaseNext({ upstream, orderKey, sequence }: Kept): void {
    if (orderKey === null) return
    const next = all().find(
      other =>
        other.upstream === upstream &&
        other.orderKey === orderKey &&
        other.sequence > sequence &&
        isBlocking(other),
    )
    if (next?.state === 'queued' && next.dueAt !== null)
      replace({ ...next, dueAt: Math.min(next.dueAt, now()) })
  }

  const isUnused = (id: string): boolean => !all().some(row => row.attachments.includes(id))

  function destroy(row: Kept): Kept {
    const destroyed = { ...row, sealed: null, subjects: [], attachments: [], isForgotten: true }
    replace(destroyed)
    for (const id of row.attachments) if (isUnused(id)) attachments.delete(id)
    return destroyed
  }

  return {
    async acceptSubmission(submission, { key, fingerprint, lastsMs }, event) {
      const inUse = keyInUse(key)
      if (inUse) return { id: inUse.id, fingerprint: inUse.fingerprint, isNew: false }
      const { dueInMs, attachments: named, id, member, ...rest } = submission
      if (submissions.has(id)) throw new StoreRefused('this order is kept already')
      if (named.some(attachment => attachments.get(attachment)?.member !== member))
        throw new StoreRefused('an attachment is gone')
      refuseTaken([event])
      const row: Kept = {
        ...rest,
        id,
        member,
        sequence: submissions.size + 1,
        revision: 1,
        dueAt: dueIn(dueInMs),
        attempts: 0,
        takenBy: null,
        since: now(),
        attachments: named,
        isForgotten: false,
      }
      keys.set(key, { id, fingerprint, expiresAt: now() + lastsMs })
      replace(row)
      log(row, [event])
      return { id, fingerprint, isNew: true }
    },
    async findIdempotencyKey(key) {
      const inUse = keyInUse(key)
      return inUse && { id: inUse.id, fingerprint: inUse.fingerprint }
    },
    async findSubmissionAhead(id) {
      const row = submissions.get(id)
      const ahead = row && aheadOf(row)
      return ahead && { id: ahead.id, member: ahead.member, state: ahead.state }
    },
    async findSubmission(id) {
      const row = submissions.get(id)
      return row && rowOf(row)
    },
    async listSubmissions(filter, from, limit) {
      const fitting = all().filter(row => fits(filter, row))
      const following = filter.oldestFirst
        ? fitting.filter(({ sequence }) => sequence > from)
        : fitting.filter(({ sequence }) => sequence < from).toReversed()
      return following.slice(0, limit).map(rowOf)
    },
    async countSubmissions() {
      const open = Object.values(
        Object.groupBy(
          all().filter(({ state }) => !isFinal(state)),
          ({ upstream, state }) => JSON.stringify([upstream, state]),
        ),
      )
      return open.flatMap(rows => {
        const [first] = rows ?? []
        if (!rows || !first) return []
        const { upstream, state } = first
        return {
          upstream,
          state,
          count: rows.length,
          oldestSince: Math.min(...rows.map(({ since }) => since)),
        }
      })
    },

    async takeSubmissions(upstreams, limit, leaseMs) {
      const due = all()
        .filter(({ upstream, dueAt }) => dueAt !== null && dueAt <= now() && upstreams.includes(upstream))
        .toSorted((one, other) => one.dueAt! - other.dueAt! || one.sequence - other.sequence)
      const taken: Kept[] = []
      for (const row of due) {
        if (taken.length === limit) break
        if (isBlocked(row)) replace({ ...row, dueAt: now() + putOffMs })
        else taken.push({ ...row, revision: row.revision + 1, dueAt: now() + leaseMs })
      }
      taken.forEach(replace)
      return taken.map(rowOf)
    },
    async takeLapsedSubmissions(upstream, limit, leaseMs) {
      const lapsed = all()
        .filter(row => row.upstream === upstream && row.state === 'sending')
        .filter(({ dueAt }) => dueAt !== null && dueAt <= now())
        .slice(0, limit)
        .map(row => ({ ...row, revision: row.revision + 1, dueAt: now() + leaseMs }))
      lapsed.forEach(replace)
      return lapsed.map(rowOf)
    },
    async moveSubmission(id, revision, { dueInMs, ...change }, logged) {
      const before = submissions.get(id)
      if (before?.revision !== revision) return undefined
      refuseTaken(logged)
      const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      const row: Kept = {
        ...before,
        ...named,
        ...(dueInMs !== undefined && { dueAt: dueIn(dueInMs) }),
        revision: revision + 1,
        since: change.state === undefined || change.state === before.state ? before.since : now(),
      }
      replace(row)
      log(row, logged)
      if (isBlocking(before) && !isBlocking(row)) releaseNext(row)
      return rowOf(row.isForgotten && isFinal(row.state) ? destroy(row) : row)
    },
    async wakeSubmissions(upstream, subjects) {
      const woken = all().filter(
        row =>
          row.upstream === upstream &&
          (row.state === 'accepted' || row.state === 'uncertain') &&
          (row.awaits === 'agency' || row.awaits === 'gateway') &&
          row.subjects.some(subject => subjects.includes(subject)),
      )
      for (const row of woken) replace({ ...row, dueAt: now() })
      return woken.length
    },

    async readSubmissionEvents(submission) {
      return events
        .filter(event => event.submission === submission)
        .map(({ position: _position, ...event }) => event)
    },
    async readEvents(after, limit, member) {
      return events
        .filter(event => event.position > after && (member === undefined || event.member === member))
        .slice(0, limit)
    },
    async findEventPosition(id) {
      return events.find(event => event.id === id)?.position
    },
    async lastEventPosition() {
      return position
    },

    async keepAttachment(attachment, most) {
      const unused = [...attachments.values()].filter(
        ({ id, member }) => member === attachment.member && isUnused(id),
      )
      const bytes = unused.reduce((sum, one) => sum + one.bytes, attachment.bytes)
      if (unused.length >= most.count || bytes > most.bytes) return false
      if (attachments.has(attachment.id)) throw new StoreRefused('this attachment is kept already')
      attachments.set(attachment.id, { ...attachment, sequence: ++attachmentSequence, arrivedAt: now() })
      return true
    },
    async findAttachments(member, ids) {
      return [...attachments.values()]
        .filter(attachment => attachment.member === member && ids.includes(attachment.id))
        .map(({ sequence: _sequence, arrivedAt: _arrivedAt, ...attachment }) => attachment)
    },
    async findUsableAttachments(member, ids, unusedMs) {
      return [...attachments.values()]
        .filter(
          ({ id, arrivedAt, member: owner }) =>
            owner === member && ids.includes(id) && (!isUnused(id) || arrivedAt > now() - unusedMs),
        )
        .map(({ id, bytes }) => ({ id, bytes }))
    },
    async destroyUnusedAttachments(unusedMs, limit) {
      const unused = [...attachments.values()]
        .filter(({ id, arrivedAt }) => arrivedAt <= now() - unusedMs && isUnused(id))
        .slice(0, limit)
      for (const { id } of unused) attachments.delete(id)
      return unused.length
    },

    async destroySubmissions(finalForMs, limit) {
      return all()
        .filter(
          ({ state, sealed, since }) => isFinal(state) && sealed !== null && since <= now() - finalForMs,
        )
        .toSorted((one, other) => one.since - other.since)
        .slice(0, limit)
        .map(destroy).length
    },
    async forgetSubmissionTraces(eventsBefore, limit) {
      const expired = [...keys].filter(([, { expiresAt }]) => expiresAt <= now()).slice(0, limit)
      for (const [key] of expired) keys.delete(key)
      const old = events
        .filter(({ at }) => at < eventsBefore)
        .toSorted((one, other) => one.at - other.at)
        .slice(0, limit)
      events = events.filter(event => !old.includes(event))
      deadEvents = deadEvents.filter(({ at }) => at >= eventsBefore)
      return expired.length + old.length
    },
    async eraseSubmissions(subject) {
      const about = all().filter(({ subjects }) => subjects.includes(subject))
      const final = about.filter(({ state }) => isFinal(state))
      const open = about.filter(({ state }) => !isFinal(state))
      final.forEach(destroy)
      for (const row of open) replace({ ...row, isForgotten: true })
      return { destroyed: final.length, open: open.length }
    },

    readSealedSubmissions: async (after, limit) => sealedIn(all(), after, limit),
    async readSealedAttachments(after, limit) {
      return [...attachments.values()]
        .filter(({ sequence }) => sequence > after)
        .slice(0, limit)
        .map(({ sequence, id, member, sealed }) => ({ sequence, id, member, sealed }))
    },
    sealedSubmissionKeyIds: async () => keyIdsIn(all()),
    sealedAttachmentKeyIds: async () => keyIdsIn([...attachments.values()]),
    async resealSubmission(known, sealed) {
      const row = submissions.get(known.id)
      if (!row?.sealed || Buffer.compare(row.sealed, known.sealed) !== 0) return false
      replace({ ...row, sealed })
      return true
    },
    async resealAttachment(known, sealed) {
      const attachment = attachments.get(known.id)
      if (!attachment || Buffer.compare(attachment.sealed, known.sealed) !== 0) return false
      attachments.set(known.id, { ...attachment, sealed })
      return true
    },

    async takeWebhook(id, leaseMs) {
      const webhook = webhooks.get(id) ?? { id, revision: 0, position, failures: 0, dueAt: now() }
      if (webhook.dueAt > now()) return undefined
      const taken = { ...webhook, revision: webhook.revision + 1, dueAt: now() + leaseMs }
      webhooks.set(id, taken)
      return taken
    },
    async moveWebhook(id, revision, { position: told, failures, dueInMs }, dead) {
      const webhook = webhooks.get(id)
      if (webhook?.revision !== revision) return false
      webhooks.set(id, {
        id,
        revision: revision + 1,
        position: told ?? webhook.position,
        failures: failures ?? webhook.failures,
        dueAt: now() + dueInMs,
      })
      if (dead) deadEvents.push(dead)
      return true
    },
    async readWebhook(id) {
      return webhooks.get(id)
    },
    async readDeadEvents(webhook, limit) {
      return deadEvents
        .filter(dead => dead.webhook === webhook)
        .toSorted((one, other) => other.position - one.position)
        .slice(0, limit)
    },
  }
}

const rowOf = ({ attachments: _attachments, isForgotten: _isForgotten, ...row }: Kept): SubmissionRow => row

const isBlocking = ({ state }: Kept): boolean => (blockingStates as readonly string[]).includes(state)

const fits = (filter: SubmissionFilter, row: Kept): boolean =>
  (filter.member === undefined || row.member === filter.member) &&
  (filter.case === undefined || row.case === filter.case) &&
  (filter.upstreams === undefined || filter.upstreams.includes(row.upstream)) &&
  (filter.capability === undefined || row.capability === filter.capability) &&
  (filter.states === undefined || filter.states.includes(row.state)) &&
  (filter.awaits === undefined || row.awaits === filter.awaits) &&
  (filter.sinceBefore === undefined || row.since < filter.sinceBefore)

interface Sealable {
  readonly sequence: number
  readonly id: string
  readonly sealed: Uint8Array | null
}

const sealedIn = (rows: readonly Sealable[], after: number, limit: number): readonly SealedSubmission[] =>
  rows
    .flatMap(({ sequence, id, sealed }) =>
      sealed === null || sequence <= after ? [] : [{ sequence, id, sealed }],
    )
    .slice(0, limit)

const keyIdsIn = (rows: readonly Sealable[]): readonly string[] => [
  ...new Set(rows.flatMap(({ sealed }) => (sealed === null ? [] : [keyIdOf(sealed)]))),
]
