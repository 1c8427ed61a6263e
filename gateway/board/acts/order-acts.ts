/** What operators and officers do to orders: run again, resolve, take, look, release, finish. */
import { html } from 'hono/html'
import { z } from 'zod'
import type { Text } from '#contracts/text.ts'
import { submissionStates } from '#contracts/submission.ts'
import { type Operators, resolutions } from '#gateway/delivery/operators.ts'
import type { OrderedContent, WorkList } from '#gateway/delivery/work-list.ts'
import { rerunAllInput, rerunInput, resolveInput } from '#gateway/http/operator-submissions.ts'
import { reasonInput, reasonText } from '#gateway/http/submissions.ts'
import { finishInput, releaseInput } from '#gateway/http/work-list.ts'
import type { Content } from '#gateway/pages/document.ts'
import type { Store } from '#gateway/store/store.ts'
import { card, type Look } from '../view.ts'
import type { Words } from '../words.ts'
import { findOrder } from '../views/order.ts'
import { type Act, type Field, given, type Hand, readTyped, reasonField, type Typed } from './act.ts'

export interface OrderActsHouse {
  readonly operators: Operators
  readonly workList: WorkList
  readonly store: Pick<Store, 'findSubmission'>
  readonly upstreams: readonly { readonly id: string }[]
  readonly capabilityTitles: ReadonlyMap<string, Text>
}

export function orderActs({
  operators,
  workList,
  store,
  upstreams,
  capabilityTitles,
}: OrderActsHouse): readonly Act[] {
  const back = ({ path }: Look): string => `/orders/${path['id']}`

  async function named(look: Look, says: keyof Words): Promise<Content> {
    const row = await findOrder(store, look.path['id']!)
    const title = capabilityTitles.get(row.capability)?.[look.language] ?? row.capability
    return html`<p>
        <b>${title}</b> <code>…${row.id.slice(-8)}</code> · ${row.upstream} ·
        ${submissionStates[row.state][look.language]}
      </p>
      <p>${look.say(says)}</p>`
  }
  const hand = ({ caller, by }: Hand) => ({ caller, by })
  const reference = ({ say }: Look): Field => ({
    name: 'reference',
    label: say('reference'),
    hint: say('reference-hint'),
    isOptional: true,
  })

  return [
    {
      path: '/orders/rerun',
      tab: 'orders',
      word: 'act-rerun-all',
      isDangerous: true,
      async says(look) {
        const upstream = given(look.query['upstream'])
        const filter = { upstreams: upstream === undefined ? undefined : [upstream] }
        const preview = await operators.rerunAll(filter, undefined, nobody, {
          reason: '',
          limit: 100,
          dryRun: true,
        })
        const byState = Map.groupBy(preview.submissions, ({ state }) => state)
        return html`<p>${look.say('says-rerun-all')}</p>
          <p><b>${look.say('fits')}: ${preview.submissions.length}${preview.more ? '+' : ''}</b></p>
          <ul class="lines">
            ${[...byState].map(([state, all]) => html`<li>${all.length} → ${submissionStates[state][look.language]}</li>`)}
          </ul>
          <p class="row">
            ${look.say('upstream')}:
            ${[{ id: '' }, ...upstreams].map(({ id }) => html`<a href="/ops/orders/rerun?upstream=${id}" ${id === (upstream ?? '') ? html`aria-current="true"` : ''}>${id || look.say('all')}</a>`)}
          </p>`
      },
      fields: look => [
        { name: 'upstream', label: '', type: 'hidden', value: look.query['upstream'] ?? '' },
        reasonField(look),
      ],
      back: () => '/orders',
      async run(typed, { by }, look) {
        const upstream = given(typed['upstream'])
        const filter = upstream === undefined ? {} : { upstream }
        const { reason, limit, dryRun } = readTyped(rerunAllInput, { filter, reason: typed['reason'] })
        const upstreamsOf = { upstreams: upstream === undefined ? undefined : [upstream] }
        const { submissions, more } = await operators.rerunAll(upstreamsOf, undefined, by, {
          reason,
          limit,
          dryRun,
        })
        return html`<p class="notice" data-state="ok">
          ${submissions.length} ${look.say('were-rerun')}${more ? ` ${look.say('there-are-more')}` : ''}
        </p>`
      },
    },
    {
      path: '/orders/:id/rerun',
      tab: 'orders',
      word: 'act-rerun',
      says: look => named(look, 'says-rerun'),
      fields: look => [
        { name: 'nothingHappened', label: look.say('nothing-happened'), type: 'check', isOptional: true },
        reasonField(look),
      ],
      back,
      async run(typed, { by }, { path }) {
        const how = readTyped(rerunInput, {
          reason: typed['reason'],
          nothingHappened: typed['nothingHappened'] === 'yes',
        })
        await operators.rerun(path['id']!, by, how)
        return undefined
      },
    },
    {
      path: '/orders/:id/resolve',
      tab: 'orders',
      word: 'act-resolve',
      says: look => named(look, 'says-resolve'),
      fields: look => [
        {
          name: 'outcome',
          label: look.say('outcome'),
          type: 'choice',
          choices: resolutions.map(one => [one, look.say(`resolution-${one}`)] as const),
        },
        reference(look),
        reasonField(look),
      ],
      back,
      async run(typed, { by }, { path }) {
        const resolution = readTyped(resolveInput, {
          outcome: typed['outcome'],
          reference: given(typed['reference']),
          reason: typed['reason'],
        })
        await operators.resolve(path['id']!, by, resolution)
        return undefined
      },
    },
    {
      path: '/orders/:id/take',
      tab: 'work',
      word: 'act-take',
      says: look => named(look, 'says-take'),
      fields: look => [reasonField(look)],
      back,
      async run(typed, by, { path }) {
        const { reason: why } = readTyped(reasonInput, { reason: typed['reason'] })
        await workList.take(path['id']!, { ...hand(by), why })
        return undefined
      },
    },
    {
      path: '/orders/:id/release',
      tab: 'work',
      word: 'act-release',
      says: look => named(look, 'says-release'),
      fields: look => [{ name: 'acted', label: look.say('not-acted'), type: 'check' }, reasonField(look)],
      back,
      async run(typed, by, { path }) {
        const acted = typed['acted'] !== 'yes' // what is ticked is that nothing was done
        const { reason } = readTyped(releaseInput, { acted, reason: typed['reason'] })
        await workList.release(path['id']!, hand(by), reason)
        return undefined
      },
    },
    {
      path: '/orders/:id/finish',
      tab: 'work',
      word: 'act-finish',
      says: look => named(look, 'says-finish'),
      fields: look => [
        {
          name: 'outcome',
          label: look.say('outcome'),
          type: 'choice',
          choices: (['confirmed', 'accepted', 'rejected'] as const).map(
            one => [one, look.say(`resolution-${one}`)] as const,
          ),
        },
        reference(look),
        {
          name: 'rejection',
          pointer: 'reason',
          label: look.say('rejection'),
          hint: look.say('rejection-hint'),
          type: 'area',
          isOptional: true,
        },
        { ...reasonField(look), name: 'why', pointer: 'why' },
      ],
      back,
      async run(typed, by, { path }) {
        const { why } = readTyped(z.object({ why: reasonText }), { why: typed['why'] ?? '' })
        const outcome = readTyped(finishInput, {
          outcome: typed['outcome'],
          reference: given(typed['reference']),
          reason: given(typed['rejection']),
        })
        await workList.finish(path['id']!, { ...hand(by), why }, outcome)
        return undefined
      },
    },
    {
      path: '/orders/:id/look',
      tab: 'work',
      word: 'act-look',
      says: look => named(look, 'says-look'),
      fields: look => contextFields(look),
      back,
      async run(typed, { caller, header, formToken }, look) {
        const context = contextIn(typed)
        const { order } = await workList.detail(look.path['id']!, caller, header(context), look.language)
        return ordered(look, order!, { typed, formToken })
      },
    },
  ]
}

const contextFields = ({ say }: Look): readonly Field[] => [
  { name: 'purpose', pointer: 'Mpp-Purpose', label: say('purpose'), hint: say('purpose-hint') },
  { name: 'counter', pointer: 'Mpp-Counter', label: say('counter'), hint: say('counter-hint') },
]

export const contextIn = (typed: Typed): Readonly<Record<string, string>> => ({
  'Mpp-Purpose': typed['purpose'] ?? '',
  'Mpp-Counter': typed['counter'] ?? '',
})

/** Nobody: a dry run does nothing. */
const nobody = { member: '', key: '' }

/** What was ordered, as a form is read: each element with its place. */
function ordered(
  look: Look,
  { input, documents, reference }: OrderedContent,
  asked: { readonly typed: Typed; readonly formToken: Content },
): Content {
  const { say } = look
  return [
    card(say('ordered'), [
      html`<p class="notice" data-state="held">${say('on-record')}</p>`,
      html`<dl class="elements">
        ${elementsOf(input).map(
          ([path, value]) =>
            html`<div>
              <dt><code>${path}</code></dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>`,
      reference === null ? '' : html`<p>${say('reference')}: <b>${reference}</b></p>`,
      documents.length === 0
        ? ''
        : html`<h3>${say('documents')}</h3>
            <ul class="lines">
              ${documents.map(({ requirement, attachment, link }) => html`<li>${requirement ?? '–'} ${attachment ? paperForm(look, attachment, asked) : link ? html`<code>${link}</code>` : say('seen-at-counter')}</li>`)}
            </ul>`,
    ]),
  ]
}

/** Whoever opens a paper says why once more, as with every look. */
const paperForm = (
  { say, path }: Look,
  attachment: string,
  { typed, formToken }: { readonly typed: Typed; readonly formToken: Content },
): Content =>
  html`<form method="post" action="/ops/orders/${path['id']}/attachments/${attachment}" data-again>
    ${formToken}<input type="hidden" name="purpose" value="${typed['purpose'] ?? ''}" /><input
      type="hidden"
      name="counter"
      value="${typed['counter'] ?? ''}"
    /><button>${say('open-paper')}</button>
  </form>`

function elementsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([name, child]) => elementsOf(child, `${path}/${name}`))
}
