/** The evidence: where the chain stands, how much of it is proven outside the store, and what operators did last. */
import { html } from 'hono/html'
import type { Anchoring } from '#gateway/ledger/anchoring.ts'
import { genesis, verifyChain } from '#gateway/ledger/chain.ts'
import { type Act, type Audit, contentOf, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Content } from '#gateway/pages/document.ts'
import type { LedgerRow, Store } from '#gateway/store/store.ts'
import type { Snapshots } from '../snapshot.ts'
import { age, card, clock, figures, type Look, number, table, type View } from '../view.ts'

export interface LedgerViewHouse {
  readonly snapshots: Snapshots
  readonly store: Pick<Store, 'readLedger'>
  readonly ledgerKey: Buffer
  /** Undefined: it is anchored nowhere. */
  readonly anchoring: Pick<Anchoring, 'last' | 'warning'> | undefined
}

/** So many rows at the end are checked anew, and searched for acts, each time the chain has grown. */
const stretch = 500
const mostActs = 50

interface Seen {
  readonly head: LedgerRow | undefined
  readonly isWhole: boolean
  readonly checkedFrom: number
  readonly acts: readonly { readonly at: number; readonly content: Act | Audit }[]
}

export function ledgerView({ snapshots, store, ledgerKey, anchoring }: LedgerViewHouse): View {
  let seen: Seen | undefined

  async function read(): Promise<Seen> {
    const head = await snapshots.ledgerHead().catch(storeUnavailable)
    if (seen && seen.head?.sequence === head?.sequence) return seen
    const from = Math.max(0, (head?.sequence ?? 0) - stretch)
    const rows = await store.readLedger(Math.max(0, from - 1), stretch + 1).catch(storeUnavailable)
    const [first] = rows
    const verdict =
      from === 0 || !first
        ? verifyChain(ledgerKey, rows, genesis)
        : verifyChain(ledgerKey, rows.slice(1), first)
    const acts = rows.flatMap(row => {
      const content = contentOf(row)
      return content?.kind === 'act' || content?.kind === 'audit' ? [{ at: row.at, content }] : []
    })
    seen = { head, isWhole: verdict.ok, checkedFrom: from + 1, acts: acts.toReversed().slice(0, mostActs) }
    return seen
  }

  return {
    path: '/ledger',
    tab: 'ledger',
    title: ({ say }) => say('tab-ledger'),
    async fragments(look) {
      const now = await read()
      return [
        { id: 'chain', content: chain(look, now, anchoring) },
        { id: 'acts', content: acts(look, now) },
      ]
    },
  }
}

function chain(
  look: Look,
  { head, isWhole, checkedFrom }: Seen,
  anchoring: LedgerViewHouse['anchoring'],
): Content {
  const { say } = look
  const last = anchoring?.last
  const open = last ? Math.max(0, (head?.sequence ?? 0) - last.sequence) : undefined
  const facts: Parameters<typeof figures>[0] = [
    [say('rows'), number(look, head?.sequence ?? 0)],
    [say('last-row'), head ? age(look, head.at) : '–'],
    [
      say('chain-check'),
      html`<span class="badge" data-state="${isWhole ? 'ok' : 'down'}"
          >${say(isWhole ? 'chain-whole' : 'chain-broken')}</span
        >
        <small>${say('from-row')} ${number(look, checkedFrom)}</small>`,
      isWhole ? undefined : 'down',
    ],
    [
      say('last-anchor'),
      last
        ? html`${age(look, last.at)} <small>${say('row')} ${number(look, last.sequence)}</small>`
        : say(anchoring ? 'anchored-elsewhere' : 'anchored-nowhere'),
      anchoring ? undefined : 'degraded',
    ],
    ...(open === undefined ? [] : [[say('not-anchored'), number(look, open)] as const]),
    ...(head ? [[say('head'), html`<code>${head.hash.slice(0, 16)}…</code>`] as const] : []),
  ]
  return card(say('chain'), [
    figures(facts),
    anchoring?.warning === undefined
      ? ''
      : html`<p class="notice" data-state="down">${anchoring.warning}</p>`,
    html`<p class="quiet">${say('verify-all')} <code>npm run ledger -- verify</code></p>`,
  ])
}

/** What else a row says that helps to understand it; neither whom it is about nor what is long. */
const about = [
  'upstream',
  'submission',
  'alarm',
  'webhook',
  'maintenance',
  'state',
  'outcome',
  'code',
  'reference',
] as const

const acts = (look: Look, { acts }: Seen): Content => {
  const { say } = look
  return card(
    say('latest-acts'),
    table(
      say('latest-acts'),
      [say('when'), say('act'), say('by'), say('reason'), say('details')],
      acts.map(({ at, content }) => ({
        cells: [
          clock(look, at),
          html`<code>${content.act}</code>`,
          html`${content.officer ?? content.key}<br /><small class="quiet">${content.member}</small>`,
          (content as Act).reason ?? '–',
          about
            .flatMap(name => {
              const value = (content as Act)[name]
              return typeof value === 'string' ? [`${name}: ${value}`] : []
            })
            .join(' · '),
        ],
      })),
      say('none'),
    ),
  )
}
