/** A record as it is shown: each datum with its name, its value, where it came from and how old it is. */
import { html } from 'hono/html'
import { isUnknownCode } from '#contracts/code-list.ts'
import type { ContractPath, Element } from '#contracts/elements.ts'
import type { AnswerTo } from '#gateway/client/client.ts'
import type { Desk } from '../desk.ts'

type ProvenanceByPath = AnswerTo<'resident.lookup'>['provenance']
type Provenance = ProvenanceByPath[ContractPath]

/** The states of pages by how a datum was come by. */
const modeStates = { live: 'ok', cached: 'maintenance', stale: 'degraded' } as const

/** What stands at a contract path, if anything does. */
export function valueAt(data: unknown, path: string): unknown {
  let value = data
  for (const step of path.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** Its own, or that of the nearest group around it. */
function provenanceOf(
  provenance: AnswerTo<'resident.lookup'>['provenance'],
  path: string,
): Provenance | undefined {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/')))
    if (Object.hasOwn(provenance, at)) return provenance[at as ContractPath]
  return provenance['']
}

export function recordView(
  desk: Desk,
  elements: ReadonlyMap<ContractPath, Element>,
  { data, provenance }: { readonly data: unknown; readonly provenance?: ProvenanceByPath },
) {
  const { tell } = desk
  const shown = [...elements].flatMap(([path, { label }]) => {
    const value = valueAt(data, path)
    return value === undefined ? [] : [{ path, label, value }]
  })
  return html`<dl class="record">
    ${shown.map(({ path, label, value }) => {
      const from = provenance && provenanceOf(provenance, path)
      return html`<div>
        <dt>${tell(label)}</dt>
        <dd class="value">${valueView(desk, value)}</dd>
        ${from ? html`<dd class="origin">${originView(desk, from)}</dd>` : ''}
      </div> `
    })}
  </dl>`
}

function originView({ say, times, now, directory }: Desk, { source, mode, fetchedAt }: Provenance) {
  return html`<span class="badge small" data-state="${modeStates[mode]}">${say(mode)}</span>
    <span
      ><abbr title="${directory.agencyOf(source)}">${source}</abbr> ·
      <time datetime="${fetchedAt}" data-relative="${fetchedAt}" title="${times.instant(fetchedAt)}"
        >${times.ago(now - Date.parse(fetchedAt))}</time
      ></span
    >`
}

function valueView(desk: Desk, value: unknown) {
  const { say } = desk
  if (value === null) return html`<span class="quiet">— ${say('emptyValue')}</span>`
  if (isUnknownCode(value))
    return html`<mark>${textOf(desk, value)}</mark> <small class="quiet">${say('unknownCode')}</small>`
  return textOf(desk, value)
}

/** A text, a day, a coded value by the agency's own text, a region by its name. */
export function textOf({ language }: Desk, value: unknown): string {
  if (typeof value === 'string')
    return /^\d{4}-\d\d-\d\d$/.test(value)
      ? new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', {
          dateStyle: 'long',
          timeZone: 'UTC',
        }).format(new Date(value))
      : value
  if (typeof value !== 'object' || value === null) return String(value)
  const { text, name, code } = value as Record<string, unknown>
  const said = text ?? name ?? code
  return typeof said === 'string' ? said : '—'
}
