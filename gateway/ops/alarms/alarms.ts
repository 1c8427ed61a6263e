/** The alarms of one gateway: what it and the others see, on record, and told to the webhooks. */
import type { Log } from '#gateway/log.ts'
import type { Evidence } from '#gateway/ledger/evidence.ts'
import type { Condition, GatewayView } from '#gateway/ops/gateway-view.ts'
import type { Heard } from '#gateway/ops/heartbeat.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { HouseStateStore } from '#gateway/store/house-state.ts'
import { type Alarms, subjectOf } from './alarm.ts'
import { type AlarmSettings, createAlarmRegister } from './register.ts'
import { type AlarmTellerSettings, type AlarmWebhook, createAlarmTeller } from './teller.ts'

export interface HouseAlarms extends Alarms {
  /** To be called after each beat: looks at what is the case, and has it told. Never throws. */
  look(): Promise<void>
  close(): Promise<void>
}

export interface AlarmsHouse {
  readonly store: HouseStateStore
  readonly evidence: Evidence
  /** What the gateways said last; empty while nothing could be read. */
  readonly heard: () => readonly Pick<Heard<GatewayView>, 'view' | 'isSilent'>[]
  /** What this one sees. */
  readonly own: (isStoreAway: boolean) => readonly Condition[]
  readonly webhooks: readonly AlarmWebhook[]
  readonly mall: string
  readonly log: Log
  readonly metrics: Pick<Metrics, 'alarmWebhook'>
  readonly now: () => number
  readonly elapsed: () => number
  readonly settings?: {
    readonly register?: Partial<AlarmSettings>
    readonly teller?: Partial<AlarmTellerSettings>
  }
}

export function createAlarms({ heard, webhooks, settings = {}, ...house }: AlarmsHouse): HouseAlarms {
  const register = createAlarmRegister({
    ...house,
    heard: () => together(heard()),
    ...(settings.register && { settings: settings.register }),
  })
  const tellers = webhooks.map(webhook =>
    createAlarmTeller(webhook, {
      ...house,
      alarms: register,
      ...(settings.teller && { settings: settings.teller }),
    }),
  )

  return {
    get open() {
      return register.open
    },
    recent: register.recent,
    acknowledge: register.acknowledge,
    onChange: register.onChange,
    async look() {
      await register.look()
      for (const teller of tellers) void teller.round()
    },
    async close() {
      await register.close()
      await Promise.all(tellers.map(teller => teller.close()))
    },
  }
}

/** What gateways say that are not silent, each thing once; undefined where none is heard. */
export function together(
  heard: readonly Pick<Heard<GatewayView>, 'view' | 'isSilent'>[],
): readonly Condition[] | undefined {
  const all = heard.filter(({ isSilent }) => !isSilent).flatMap(({ view }) => view.conditions)
  const bySubject = new Map(all.toReversed().map(one => [subjectOf(one), one])) // the first one's facts count
  return heard.length === 0 ? undefined : [...bySubject.values()]
}
