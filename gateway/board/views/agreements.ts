/** Agreements whose end is near come first, each with what it grants today and how much of that is left. */
import { html } from 'hono/html'
import { endOf } from '#gateway/access/expiry.ts'
import type { SeenAgreement, SeenUpstream, Snapshots } from '../snapshot.ts'
import type { Content } from '#gateway/pages/document.ts'
import { card, type Look, meter, number, percent, table, type View } from '../view.ts'
import { quotaState } from './upstream.ts'

export const agreementsView = (snapshots: Snapshots): View => ({
  path: '/agreements',
  tab: 'agreements',
  title: ({ say }) => say('tab-agreements'),
  async fragments(look) {
    const [agreements, { upstreams }] = await Promise.all([snapshots.agreements(), snapshots.now()])
    return [
      { id: 'upstreams', content: ofUpstreams(look, upstreams) },
      { id: 'agreements', content: ofAgreements(look, agreements, upstreams) },
    ]
  },
})

function ofUpstreams(look: Look, upstreams: readonly SeenUpstream[]): Content {
  const { say, language } = look
  const limited = upstreams.filter(({ quota }) => quota)
  return card(
    say('upstream-quotas'),
    table(
      say('upstream-quotas'),
      [say('upstream'), say('left-today'), say('share')],
      limited.map(({ id, health, quota }) => ({
        cells: [
          html`<a href="/ops/upstreams/${id}">${health.title[language]}</a>`,
          `${number(look, quota!.left)}${quota!.perDay === undefined ? '' : ` ${say('of')} ${number(look, quota!.perDay)}`}`,
          quota!.perDay === undefined ? say('as-agency-says') : shareOf(look, quota!.left / quota!.perDay),
        ],
      })),
      say('no-upstream-quotas'),
    ),
  )
}

const shareOf = (look: Look, share: number): Content =>
  html`<div class="share">
    ${meter(share, quotaState(share), percent(look, share))}<span>${percent(look, share)}</span>
  </div>`

function ofAgreements(
  look: Look,
  all: readonly SeenAgreement[],
  upstreams: readonly SeenUpstream[],
): Content {
  const { say, language, at, timeZone } = look
  const dayOf = (instant: number): string =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'id-ID', {
      dateStyle: 'medium',
      timeZone,
    }).format(instant)
  return card(
    say('tab-agreements'),
    table(
      say('tab-agreements'),
      [say('agreement'), say('member'), say('upstream'), say('ends'), say('left-today'), say('legal-basis')],
      all
        .toSorted((one, other) => one.agreement.validUntil - other.agreement.validUntil)
        .map(({ agreement, version, quotas }) => {
          const end = endOf(agreement, at)
          const hasEnded = agreement.validUntil <= at
          return {
            cells: [
              html`<code>${agreement.id}</code><br /><small class="quiet"
                  >${say('version')} <code>${version}</code></small
                >`,
              agreement.member,
              upstreams.find(({ id }) => id === agreement.upstream)?.health.title[language] ??
                agreement.upstream,
              html`${dayOf(agreement.validUntil - 1)}<br />${
                  end
                    ? html`<span
                        class="badge"
                        data-state="${hasEnded ? 'down' : end.days <= 30 ? 'degraded' : 'maintenance'}"
                        >${hasEnded ? say('has-ended') : `${end.days} ${say('days')}`}</span
                      >`
                    : ''
                }`,
              quotas.length === 0
                ? say('no-limit')
                : quotas.map(
                    quota =>
                      html`<div class="stack tight">
                        <span
                          >${quota.purpose ? html`<code>${quota.purpose}</code> ` : ''}${number(look, quota.left)}
                          ${say('of')} ${number(look, quota.perDay)}</span
                        >${meter(quota.left / quota.perDay, quotaState(quota.left / quota.perDay), percent(look, quota.left / quota.perDay))}
                      </div>`,
                  ),
              agreement.legalBasis,
            ],
          }
        }),
      say('none'),
    ),
  )
}
