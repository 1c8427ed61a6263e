/** How operators steer an upstream, as its pipeline sees it. */
import type { Text } from '#contracts/text.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Maintenance, MaintenanceAt } from './maintenance.ts'

/** `held`: nothing is sent. `measure-only`: the circuit is watched, and cuts nobody off. */
export const modes = ['normal', 'held', 'measure-only'] as const
export type Mode = (typeof modes)[number]

/** Instants are epoch milliseconds. */
export interface Steered {
  readonly mode: Mode
  /** Since it was switched; undefined: nobody ever has. */
  readonly since: number | undefined
  /** When it was last let go here: then it is tried at once, whatever held it by itself. */
  readonly letGoAt: number
  readonly maintenance: MaintenanceAt
}

/** Left alone. */
export const unsteered: Steered = {
  mode: 'normal',
  since: undefined,
  letGoAt: 0,
  maintenance: { now: undefined, next: undefined },
}

/** For how long nothing is sent: `Infinity` while nobody has said until when; 0: it may be. */
export function steeredWaitMs({ mode, maintenance }: Steered, at: number): number {
  if (mode === 'held') return Infinity
  return maintenance.now ? Math.max(0, maintenance.now.endsAt - at) : 0
}

/** @throws HELD, MAINTENANCE: before anything is sent. */
export function checkSteered(upstream: string, { mode, maintenance }: Steered, at: number): void {
  if (mode === 'held')
    throw new GatewayFailure('HELD', {
      source: upstream,
      reason: 'HELD_BY_OPERATOR',
      retryAfter: null,
      detail: heldText,
    })
  if (maintenance.now) throw inMaintenance(upstream, maintenance.now, at)
}

const heldText: Text = {
  id: 'Pengelola menahan sambungan ke instansi ini sampai pemberitahuan berikutnya',
  en: 'Operators hold the connection to this agency until further notice',
}

const maintenanceText: Text = {
  id: 'Instansi ini sedang dalam pemeliharaan',
  en: 'This agency is under maintenance',
}

const inMaintenance = (upstream: string, { endsAt, message }: Maintenance, at: number): GatewayFailure =>
  new GatewayFailure('MAINTENANCE', {
    source: upstream,
    retryAfter: Math.max(1, Math.ceil((endsAt - at) / 1_000)),
    detail: message ?? maintenanceText,
  })
