/** What operators are told of: open, and of the last days; what it means, and what to do. */
import { html } from 'hono/html'
import type { Alarm, Alarms } from '#gateway/ops/alarms/alarm.ts'
import { severityOf } from '#gateway/ops/alarms/alarm.ts'
import { alarmCodes, isAlarmCode, runbookOf } from '#gateway/ops/alarms/codes.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { Content } from '#gateway/pages/document.ts'
import type { SeenUpstream, Snapshots } from '../snapshot.ts'
import { age, clock, type Look, table, type View } from '../view.ts'
import { severityState, titleOfSource } from './alarm-parts.ts'

export const alarmsView = (snapshots: Snapshots, alarms: Pick<Alarms, 'recent'>): View => ({
  path: '/alarms',
  tab: 'alarms',
  title: ({ say }) => say('tab-alarms'),
  async fragments(look) {
    const { upstreams, alarms: open } = await snapshots.now()
    const cleared = alarms
      .recent()
      .filter(({ code, clearedAt }) => clearedAt !== undefined && isAlarmCode(code))
    return [
      { id: 'open', content: openOnes(look, open, upstreams) },
      { id: 'cleared', content: clearedOnes(look, cleared, upstreams) },
    ]
  },
})

const linked = (alarm: Alarm, upstreams: readonly SeenUpstream[], language: Language): Content => {
  const title = titleOfSource(alarm, upstreams, language)
  return upstreams.some(({ id }) => id === alarm.source)
    ? html`<a href="/ops/upstreams/${alarm.source}">${title}</a>`
    : title
}

const factsOf = ({ facts }: Alarm): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')

function openOnes(look: Look, open: readonly Alarm[], upstreams: readonly SeenUpstream[]): Content {
  const { say, language, mayAct } = look
  if (open.length === 0) return html`<p class="notice" data-state="ok">${say('no-alarms')}</p>`
  return html`<h2 class="visually-hidden">${say('open-alarms')}</h2>
    <ul class="stack">
      ${open.map(alarm => {
        const { id, code, since, acknowledged } = alarm
        const { title, meaning, action } = alarmCodes[code]
        const severity = severityOf(alarm)
        return html`<li class="card alarm stack" id="alarm-${id}" data-state="${severityState[severity]}">
          <header>
            <h3>${title[language]}: ${linked(alarm, upstreams, language)}</h3>
            <span class="row"
              ><span class="badge" data-state="${severityState[severity]}"
                >${say(`severity-${severity}`)}</span
              >
              <span class="quiet">${age(look, since)}</span></span
            >
          </header>
          <p>${meaning[language]}</p>
          <p><b>${say('what-to-do')}</b> ${action[language]}</p>
          <p class="quiet">
            <code>${code}</code>${factsOf(alarm) ? ` · ${factsOf(alarm)}` : ''} · ${say('runbook')}:
            <code>${runbookOf(code)}</code>
          </p>
          ${
            acknowledged
              ? html`<p>
                  <b>${say('seen-by')} ${acknowledged.by.officer ?? acknowledged.by.member}</b>
                  ${age(look, acknowledged.at)}: ${acknowledged.reason}
                </p>`
              : mayAct
                ? html`<p>
                    <a class="button" href="/ops/alarms/${id}/acknowledge"
                      >${say('acknowledge')}<span class="visually-hidden">
                        ${title[language]} ${alarm.source}</span
                      ></a
                    >
                  </p>`
                : ''
          }
        </li>`
      })}
    </ul>`
}

const clearedOnes = (look: Look, cleared: readonly Alarm[], upstreams: readonly SeenUpstream[]): Content => {
  const { say, language } = look
  return html`<section class="card stack">
    <header><h2>${say('cleared-alarms')}</h2></header>
    ${table(
      say('cleared-alarms'),
      [say('alarm'), say('source'), say('from'), say('till'), say('seen-by')],
      cleared.slice(0, 50).map(alarm => ({
        cells: [
          alarmCodes[alarm.code].title[language],
          linked(alarm, upstreams, language),
          clock(look, alarm.since),
          clock(look, alarm.clearedAt!),
          alarm.acknowledged ? (alarm.acknowledged.by.officer ?? alarm.acknowledged.by.member) : '–',
        ],
      })),
      say('none-cleared'),
    )}
  </section>`
}
