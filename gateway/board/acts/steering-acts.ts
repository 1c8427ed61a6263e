/** Holding an upstream, measuring it only, letting it go, declaring maintenance and ending it. */
import { html } from 'hono/html'
import { endMaintenanceInput, maintenanceInput, modeInput, windowIn } from '#gateway/http/steering.ts'
import type { Steering } from '#gateway/ops/steering.ts'
import type { Mode } from '#gateway/upstream/steered.ts'
import type { Upstream } from '#gateway/upstream/upstream.ts'
import type { Actor } from '#gateway/ledger/evidence.ts'
import { weekdays } from '#gateway/services/calendar.ts'
import type { Look } from '../view.ts'
import { windowText } from '../views/upstream.ts'
import type { Words } from '../words.ts'
import { type Act, type Field, given, Mistyped, readTyped, reasonField, type Typed } from './act.ts'

export interface SteeringActsHouse {
  readonly steering: Steering
  readonly upstreams: readonly (Pick<Upstream, 'health'> & { readonly id: string })[]
  readonly timeZones: ReadonlyMap<string, string>
}

const switches = [
  ['hold', 'held', 'act-hold', 'says-hold'],
  ['measure-only', 'measure-only', 'act-measure-only', 'says-measure-only'],
  ['let-go', 'normal', 'act-let-go', 'says-let-go'],
] as const satisfies readonly (readonly [string, Mode, keyof Words, keyof Words])[]

export function steeringActs({ steering, upstreams, timeZones }: SteeringActsHouse): readonly Act[] {
  const titleOf = ({ path, language }: Look): string => {
    const { id } = steering.of(path['id']!) // unknown ones are refused, with the known ones
    return upstreams.find(upstream => upstream.id === id)!.health().title[language]
  }
  const back = ({ path }: Look): string => `/upstreams/${path['id']}`
  const zoneOf = ({ path }: Look): string => timeZones.get(path['id']!)!

  async function declare(when: object, typed: Typed, by: Actor, look: Look): Promise<undefined> {
    const { id } = steering.of(look.path['id']!)
    const [inIndonesian, inEnglish] = [given(typed['message-id']), given(typed['message-en'])]
    const message = (inIndonesian ?? inEnglish) ? { id: inIndonesian, en: inEnglish } : undefined
    const input = readTyped(maintenanceInput, { ...when, message, reason: typed['reason'] })
    await steering.declareMaintenance(id, windowIn(input, look.at), { by, reason: input.reason })
    return undefined
  }

  return [
    ...switches.map(([name, mode, word, says]): Act => ({
      path: `/upstreams/:id/${name}`,
      tab: 'overview',
      word,
      isDangerous: mode === 'held',
      says: look =>
        html`<p><b>${titleOf(look)}</b> (<code>${look.path['id']}</code>)</p>
          <p>${look.say(says)}</p>`,
      fields: look => [reasonField(look)],
      back,
      async run({ reason }, { by }, { path }) {
        const input = readTyped(modeInput, { mode, reason })
        await steering.setMode(path['id']!, mode, { by, reason: input.reason })
        return undefined
      },
    })),
    {
      path: '/upstreams/:id/maintenance',
      tab: 'overview',
      word: 'act-declare-maintenance',
      isDangerous: true,
      says: look =>
        html`<p><b>${titleOf(look)}</b> (<code>${look.path['id']}</code>)</p>
          <p>${look.say('says-declare-maintenance')}</p>`,
      fields: look => [
        {
          name: 'from',
          label: look.say('from'),
          hint: `${look.say('from-hint')} ${zoneOf(look)}`,
          type: 'instant',
          isOptional: true,
        },
        { name: 'until', label: look.say('till'), hint: zoneOf(look), type: 'instant' },
        ...messageFields(look),
        reasonField(look),
      ],
      back,
      async run(typed, { by }, look) {
        const [from, until] = [typed['from'], typed['until']].map(text => instantIn(text, zoneOf(look)))
        return declare({ from, until }, typed, by, look)
      },
    },
    {
      path: '/upstreams/:id/maintenance/recurring',
      tab: 'overview',
      word: 'act-declare-recurring',
      isDangerous: true,
      says: look =>
        html`<p><b>${titleOf(look)}</b> (<code>${look.path['id']}</code>)</p>
          <p>${look.say('says-declare-recurring')}</p>`,
      fields: look => [
        {
          name: 'day',
          pointer: 'days',
          label: look.say('recurring-day'),
          type: 'choice',
          choices: ([everyDay, ...weekdays] as const).map(day => [day, look.say(day)] as const),
        },
        {
          name: 'hours',
          label: look.say('recurring-hours'),
          hint: `${look.say('recurring-hours-hint')} ${zoneOf(look)}`,
        },
        ...messageFields(look),
        reasonField(look),
      ],
      back,
      run({ day, hours, ...typed }, { by }, look) {
        return declare({ hours, days: day === everyDay ? undefined : day ? [day] : [] }, typed, by, look)
      },
    },
    {
      path: '/upstreams/:id/maintenance/:maintenance/end',
      tab: 'overview',
      word: 'act-end-maintenance',
      says(look) {
        const { declared } = steering.of(look.path['id']!)
        const window = declared.find(({ id }) => id === look.path['maintenance'])
        return html`<p><b>${titleOf(look)}</b>${window ? html`: ${windowText(look, window)}` : ''}</p>
          <p>${look.say('says-end-maintenance')}</p>`
      },
      fields: look => [reasonField(look)],
      back,
      async run({ reason }, { by }, { path }) {
        const input = readTyped(endMaintenanceInput, { reason })
        await steering.endMaintenance(path['id']!, path['maintenance']!, { by, reason: input.reason })
        return undefined
      },
    },
  ]
}

const everyDay = 'daily'

/** What counters are told. */
const messageFields = ({ say }: Look): readonly Field[] => [
  {
    name: 'message-id',
    pointer: 'message.id',
    label: say('message-id'),
    hint: say('message-hint'),
    isOptional: true,
  },
  { name: 'message-en', pointer: 'message.en', label: say('message-en'), isOptional: true },
]

/** What a browser says of a day and a time, on the clock of a place. */
function instantIn(text: string | undefined, timeZone: string): string | undefined {
  if (given(text) === undefined) return undefined
  try {
    return Temporal.PlainDateTime.from(text!).toZonedDateTime(timeZone).toInstant().toString()
  } catch {
    throw new Mistyped(new Map([['until', 'YYYY-MM-DD HH:MM']]))
  }
}
