/** How far members' endpoints have been told what happens to their orders, and what they would not take. */
import { html } from 'hono/html'
import type { Content } from '#gateway/pages/document.ts'
import type { WebhookState } from '#gateway/telling/webhook-states.ts'
import type { Snapshots } from '../snapshot.ts'
import { age, clock, figures, type Look, number, table, type View } from '../view.ts'

export const webhooksView = (snapshots: Snapshots): View => ({
  path: '/webhooks',
  tab: 'webhooks',
  title: ({ say }) => say('tab-webhooks'),
  async fragments(look) {
    const webhooks = await snapshots.webhooks()
    if (webhooks.length === 0)
      return [{ id: 'none', content: html`<p class="quiet">${look.say('no-webhooks')}</p>` }]
    return webhooks.map(webhook => ({ id: `webhook-${webhook.id}`, content: one(look, webhook) }))
  },
})

function one(look: Look, webhook: WebhookState): Content {
  const { say, mayAct } = look
  const { id, member, url, failures, nextAttemptAt, next, lagSeconds, dead, position } = webhook
  const state = failures > 0 ? (lagSeconds > 900 ? 'down' : 'degraded') : 'ok'
  return html`<section class="card stack">
    <header>
      <h2>
        ${member} <small><code>${id}</code></small>
      </h2>
      <span class="badge" data-state="${state}"
        >${say(failures > 0 ? 'webhook-failing' : 'webhook-told')}</span
      >
    </header>
    ${figures([
      [say('address'), html`<code>${new URL(url).origin}</code>`],
      [say('lag'), next ? age(look, Date.parse(next.at)) : say('nothing-waits')],
      [say('failures'), number(look, failures)],
      [say('next-attempt'), nextAttemptAt ? clock(look, nextAttemptAt) : '–'],
      [say('position'), position === null ? '–' : number(look, position)],
      [say('given-up'), number(look, dead.length), dead.length > 0 ? 'degraded' : undefined],
    ])}
    ${
      dead.length === 0
        ? ''
        : table(
            `${say('given-up')} ${id}`,
            [say('event'), say('when'), say('reason'), say('order'), ...(mayAct ? [say('act')] : [])],
            dead.map(one => ({
              cells: [
                one.event ? html`<code>…${one.event.slice(-8)}</code>` : say('forgotten'),
                clock(look, one.at),
                html`<code>${one.reason}</code>`,
                one.submission
                  ? html`<a href="/ops/orders/${one.submission}">…${one.submission.slice(-8)}</a>`
                  : '–',
                ...(mayAct
                  ? [
                      one.event
                        ? html`<a class="button" href="/ops/webhooks/${id}/resend?from=${one.event}"
                            >${say('act-resend')}</a
                          >`
                        : '–',
                    ]
                  : []),
              ],
            })),
            '',
          )
    }
  </section>`
}
