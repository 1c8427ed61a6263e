/**
 * What operators do to an upstream: hold it, only measure it, let it go, declare that its agency is under maintenance. It stands
 * in the store: it outlives a restart, and every gateway does it within a second or two. While the store is away, what was so
 * stays so.
 */
import { randomUUIDv7 } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { HouseState, HouseStateStore } from '#gateway/store/house-state.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import {
  createMaintenanceClock,
  hoursText,
  isDated,
  isOver,
  type MaintenanceAt,
  type MaintenanceWindow,
} from '#gateway/upstream/maintenance.ts'
import type { Mode, Steered } from '#gateway/upstream/steered.ts'

/** Who did it, when and why. */
interface Done {
  readonly by: Pick<Actor, 'member' | 'officer'>
  /** Epoch milliseconds. */
  readonly at: number
  readonly reason: string
}

/** How an upstream is switched; nobody has ever switched it where there is none. */
export interface Switch extends Done {
  readonly mode: Mode
}

/** Maintenance as an operator declared it. */
export type DeclaredMaintenance = MaintenanceWindow &
  Done & { readonly id: string; readonly upstream: string }

/** How one upstream is steered. */
export interface UpstreamSteering {
  readonly id: string
  readonly mode: Mode
  readonly switched: Switch | undefined
  readonly maintenance: MaintenanceAt
  /** From the configuration. */
  readonly configured: readonly MaintenanceWindow[]
  /** Those that are not over: recurring ones, then the others as they come. */
  readonly declared: readonly DeclaredMaintenance[]
}

/** Why, and on whose word. */
export interface Hand {
  readonly by: Actor
  readonly reason: string
}

export interface Steering {
  /** Until then, nothing is known of what was switched before the start. */
  readonly opened: Promise<void>
  /** How the pipeline of an upstream sees it. */
  readonly steered: (upstream: string) => () => Steered
  /** Of every upstream. */
  readonly all: () => readonly UpstreamSteering[]
  /** @throws ROUTE_UNKNOWN */
  readonly of: (upstream: string) => UpstreamSteering
  /** @throws ROUTE_UNKNOWN, STORE_UNAVAILABLE */
  setMode(upstream: string, mode: Mode, hand: Hand): Promise<UpstreamSteering>
  /** @throws ROUTE_UNKNOWN, INPUT_INVALID, STORE_UNAVAILABLE */
  declareMaintenance(upstream: string, window: MaintenanceWindow, hand: Hand): Promise<UpstreamSteering>
  /** Before its time, or before it has begun. @throws ROUTE_UNKNOWN, STORE_UNAVAILABLE */
  endMaintenance(upstream: string, id: string, hand: Hand): Promise<UpstreamSteering>
  /** Told after every change, wherever it was made. */
  onChange(listener: () => void): void
  close(): Promise<void>
}

export interface SteeringHouse {
  readonly store: HouseStateStore
  readonly upstreams: readonly {
    readonly id: string
    readonly timeZone: string
    readonly maintenance?: readonly MaintenanceWindow[] | undefined
  }[]
  readonly evidence: Evidence
  readonly log: Log
  readonly now: () => number
  /** How often the store is looked at: another gateway may have been told. */
  readonly lookMs?: number
}

const switchKind = 'switch'
const maintenanceKind = 'maintenance'

const actOf = {
  held: 'upstream.hold',
  'measure-only': 'upstream.measure-only',
  normal: 'upstream.let-go',
} as const satisfies Record<Mode, string>

/** What one gateway knows of one upstream. */
interface Known {
  readonly configured: readonly MaintenanceWindow[]
  declared: readonly DeclaredMaintenance[]
  windows: readonly MaintenanceWindow[]
  switched: (Switch & { readonly revision: number }) | undefined
  /** By this gateway's clock. */
  letGoAt: number
  readonly maintenance: (at: number) => MaintenanceAt
}

export function createSteering(house: SteeringHouse): Steering {
  const { store, upstreams, evidence, log, now, lookMs = 1_000 } = house
  const known = new Map<string, Known>(
    upstreams.map(({ id, timeZone, maintenance: configured = [] }) => {
      const one: Known = {
        configured,
        declared: [],
        windows: configured,
        switched: undefined,
        letGoAt: 0,
        maintenance: createMaintenanceClock(() => one.windows, timeZone),
      }
      return [id, one]
    }),
  )
  const listeners: (() => void)[] = []
  let seen: string | undefined
  /** What time it was in the store at the last look. */
  let storeAt = 0
  let isClosed = false
  let looking = Promise.resolve()

  /** One look after the other, so that an older one never comes last. */
  function look(): Promise<void> {
    const looked = looking.then(lookOnce)
    looking = looked.catch(() => {})
    return looked
  }

  async function lookOnce(): Promise<void> {
    if (isClosed) return
    const { at, rows } = await store.readHouseState([switchKind, maintenanceKind])
    storeAt = at
    const present = rows.map(({ kind, id, revision }) => `${kind} ${id} ${revision}`).join()
    if (present === seen) return
    const isFirst = seen === undefined
    seen = present
    take(rows, isFirst)
    for (const listener of listeners) listener()
  }

  function take(rows: readonly HouseState[], isFirst: boolean): void {
    const switches = new Map(rows.filter(({ kind }) => kind === switchKind).map(row => [row.id, row]))
    const declared = rows
      .filter(({ kind }) => kind === maintenanceKind)
      .map(({ content }) => declaredIn(content))
    for (const [id, one] of known) {
      const row = switches.get(id)
      if (row && row.revision !== one.switched?.revision) {
        one.switched = { ...(JSON.parse(row.content) as Switch), revision: row.revision }
        if (one.switched.mode === 'normal' && !isFirst) one.letGoAt = now()
      }
      const mine = declared.filter(({ upstream }) => upstream === id)
      one.declared = mine.toSorted((first, second) => beginOf(first) - beginOf(second))
      one.windows = mine.length > 0 ? [...one.configured, ...mine] : one.configured
    }
  }

  async function lookAndSweep(): Promise<void> {
    try {
      await look()
      const all = [...known.values()].flatMap(({ declared }) => declared)
      // By the store's time: a gateway whose clock is wrong takes nothing away that others keep to.
      const over = all.filter(window => isOver(window, storeAt))
      for (const { id } of over) await store.putHouseState({ kind: maintenanceKind, id, content: null })
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) log.error({ fault: faultOf(error) }, 'steering stumbled')
    }
  }

  function find(upstream: string): Known {
    const one = known.get(upstream)
    if (one) return one
    throw new GatewayFailure('ROUTE_UNKNOWN', {
      reason: 'UPSTREAM_UNKNOWN',
      detail: `no such upstream: ${[...known.keys()].join(', ')}`,
    })
  }

  function of(id: string): UpstreamSteering {
    const { switched, maintenance, configured, declared } = find(id)
    return {
      id,
      mode: switched?.mode ?? 'normal',
      switched,
      maintenance: maintenance(now()),
      configured,
      declared: declared.filter(window => !isOver(window, now())),
    }
  }

  /** On record first: an act that could not be kept is in the ledger as one that was tried. */
  async function act(
    upstream: string,
    act: string,
    { by, reason }: Hand,
    document: { readonly kind: string; readonly id: string; readonly content: object | null },
    facts: Readonly<Record<string, unknown>> = {},
  ): Promise<UpstreamSteering> {
    const content = { kind: 'act', act, ...by, reason, upstream, ...facts } as const
    await evidence.record({ id: randomUUIDv7(), at: now(), content })
    const text = document.content && JSON.stringify(document.content)
    await store.putHouseState({ ...document, content: text }).catch(storeUnavailable)
    await look().catch(storeUnavailable)
    return of(upstream)
  }

  function checkEnd(startsAt: number, endsAt: number): void {
    const wrong = endsAt <= startsAt ? 'after its beginning' : endsAt <= now() ? 'in the future' : undefined
    if (wrong === undefined) return
    const detail = `expected: an end ${wrong}`
    throw new GatewayFailure('INPUT_INVALID', { detail, errors: [{ pointer: '/until', detail }] })
  }

  const done = ({ by: { member, officer }, reason }: Hand): Done => ({
    by: { member, officer },
    at: now(),
    reason,
  })

  const opened = lookAndSweep()
  const timer = setInterval(() => void lookAndSweep(), lookMs).unref()

  return {
    opened,
    steered(upstream) {
      const one = find(upstream)
      return () => ({
        mode: one.switched?.mode ?? 'normal',
        since: one.switched?.at,
        letGoAt: one.letGoAt,
        maintenance: one.maintenance(now()),
      })
    },
    all: () => [...known.keys()].map(of),
    of,

    async setMode(upstream, mode, hand) {
      find(upstream)
      const content: Switch = { mode, ...done(hand) }
      return act(upstream, actOf[mode], hand, { kind: switchKind, id: upstream, content })
    },

    async declareMaintenance(upstream, window, hand) {
      find(upstream)
      if (isDated(window)) checkEnd(window.startsAt, window.endsAt)
      const id = randomUUIDv7()
      const content = { id, upstream, ...storable(window), ...done(hand) }
      const when = isDated(window)
        ? { startsAt: window.startsAt, endsAt: window.endsAt }
        : { days: [...window.days], hours: hoursText(window) }
      const facts = { maintenance: id, ...when }
      return act(upstream, 'maintenance.declare', hand, { kind: maintenanceKind, id, content }, facts)
    },

    async endMaintenance(upstream, id, hand) {
      if (!find(upstream).declared.some(one => one.id === id))
        throw new GatewayFailure('ROUTE_UNKNOWN', {
          reason: 'MAINTENANCE_UNKNOWN',
          detail: 'no such maintenance: it is over, or stands in the configuration',
        })
      const document = { kind: maintenanceKind, id, content: null }
      return act(upstream, 'maintenance.end', hand, document, { maintenance: id })
    },

    onChange: listener => void listeners.push(listener),

    async close() {
      isClosed = true
      clearInterval(timer)
      await looking
    },
  }
}

/** JSON has no sets. */
const storable = (window: MaintenanceWindow): object =>
  isDated(window) ? window : { ...window, days: [...window.days] }

function declaredIn(content: string): DeclaredMaintenance {
  const stored = JSON.parse(content) as DeclaredMaintenance
  return isDated(stored) ? stored : { ...stored, days: new Set(stored.days) }
}

const beginOf = (window: MaintenanceWindow): number => (isDated(window) ? window.startsAt : 0)
