import type { Agreement } from '#gateway/access/agreements.ts'
import type { Member } from '#gateway/access/members.ts'
import type { IssuerSettings } from '#gateway/access/tokens.ts'
import type { BoardSettings } from '#gateway/board/board.ts'
import type { AnchorSettings } from '#gateway/ledger/anchoring.ts'
import type { RetentionSettings } from '#gateway/ledger/retention.ts'
import type { Thresholds } from '#gateway/ops/alarms/conditions.ts'
import type { AlarmWebhook } from '#gateway/ops/alarms/teller.ts'
import type { SealingKey } from '#gateway/sealing.ts'
import type { RouteSettings } from '#gateway/upstream/routing.ts'
import type { CalendarSettings } from '#gateway/services/calendar.ts'
import type { Services } from '#gateway/services/service.ts'
import type { UpstreamSettings } from '#gateway/upstream/upstream.ts'
import type { Identities } from '#gateway/validate.ts'

/** Who is told of alarms, and when something is nearly so. */
export interface AlarmConfiguration extends Thresholds {
  readonly webhooks: readonly AlarmWebhook[]
  readonly repeatMinutes: number
}

/** The configuration, read, checked and resolved: no name in it points nowhere. */
export interface Settings {
  readonly mall: { readonly name: string; readonly timeZone: string; readonly dayEnds: string }
  /** When the mall is open. */
  readonly calendar: CalendarSettings
  readonly services: Services
  readonly identities: Identities
  readonly keys: {
    /** The first seals, all open. */
    readonly sealing: readonly SealingKey[]
    readonly ledger: Buffer
    readonly pseudonyms: Buffer
  }
  readonly alarms: AlarmConfiguration
  /** Undefined: the ledger is not anchored. */
  readonly anchors: AnchorSettings | undefined
  readonly retention: RetentionSettings
  /** Undefined: there is none. */
  readonly board: BoardSettings | undefined
  readonly members: readonly Member[]
  /** Whose access tokens are accepted. */
  readonly issuers: readonly IssuerSettings[]
  /** Addresses and ranges whose word on where a call comes from is taken. */
  readonly trustedProxies: readonly string[]
  readonly limits: {
    /** Of callers, open at once. */
    readonly connections: number
  }
  readonly upstreams: readonly UpstreamSettings[]
  readonly routes: readonly RouteSettings[]
  readonly agreements: readonly Agreement[]
  /** Reads their files anew. @throws SettingsInvalid: then what was read before stays. */
  readonly readAgreements: () => readonly Agreement[]
}
