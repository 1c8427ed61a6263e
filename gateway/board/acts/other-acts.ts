/** Having seen an alarm; telling a webhook again. */
import { html } from 'hono/html'
import type { Alarms } from '#gateway/ops/alarms/alarm.ts'
import { alarmCodes } from '#gateway/ops/alarms/codes.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { resendInput } from '#gateway/http/events.ts'
import { reasonInput } from '#gateway/http/submissions.ts'
import { resend, type ResendHouse } from '#gateway/telling/webhook-states.ts'
import { type Act, readTyped, reasonField } from './act.ts'

export const alarmActs = (alarms: Alarms): readonly Act[] => [
  {
    path: '/alarms/:id/acknowledge',
    tab: 'alarms',
    word: 'acknowledge',
    says({ say, path, language }) {
      const alarm = alarms.recent().find(({ id }) => id === path['id'])
      if (!alarm)
        throw new GatewayFailure('ROUTE_UNKNOWN', {
          reason: 'ALARM_UNKNOWN',
          detail: 'there is no such alarm',
        })
      return html`<p><b>${alarmCodes[alarm.code].title[language]}: ${alarm.source}</b></p>
        <p>${say('says-acknowledge')}</p>`
    },
    fields: look => [{ ...reasonField(look), label: look.say('what-is-done') }],
    back: () => '/alarms',
    async run({ reason }, { by }, { path }) {
      await alarms.acknowledge(path['id']!, by, readTyped(reasonInput, { reason }).reason)
      return undefined
    },
  },
]

export const webhookActs = (house: ResendHouse): readonly Act[] => [
  {
    path: '/webhooks/:id/resend',
    tab: 'webhooks',
    word: 'act-resend',
    says({ say, path }) {
      if (!house.webhooks.some(({ id }) => id === path['id']))
        throw new GatewayFailure('ROUTE_UNKNOWN', { detail: 'no such webhook' })
      return html`<p>
          <b><code>${path['id']}</code></b>
        </p>
        <p>${say('says-resend')}</p>`
    },
    fields: look => [
      { name: 'from', label: look.say('event'), hint: look.say('event-hint'), value: look.query['from'] },
      reasonField(look),
    ],
    back: () => '/webhooks',
    async run({ from, reason }, { by }, { path }) {
      await resend(house, path['id']!, { by, ...readTyped(resendInput, { from, reason }) })
      return undefined
    },
  },
]
