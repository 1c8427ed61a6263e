/** `docs/capabilities.md`: what the adapters of the house can do, each as an upstream of its own name. */
import type { Adapter } from '#contracts/adapter.ts'
import { markdownCode, markdownTable } from '#gateway/settings/markdown.ts'
import { operationsOf } from '#gateway/upstream/upstream.ts'
import { capabilityCatalogue } from './catalogue.ts'
import { type Cell, type Table, tablesIn } from './tables.ts'
import { kindWords, trustWords, words } from './words.ts'

const language = 'en'

/** Without a configuration, nothing that is assumed has been accepted. */
const trusts = {
  ...trustWords,
  assisted: { id: 'dibantu petugas sampai diterima', en: 'assisted until accepted' },
}

export function capabilityReference(adapters: Iterable<Adapter>): string {
  const upstreams = Array.from(adapters, adapter => ({
    id: adapter.id,
    adapter,
    assisted: assumedOrders(adapter),
    policy: adapter.policy,
    inbound: adapter.inbound,
  }))
  const catalogue = capabilityCatalogue({ upstreams }, language)
  const tables = tablesIn(language, trusts)
  const parts = [
    '# Capabilities',
    '<!-- Made by `npm run fix` from the contracts and the adapters. Do not edit. -->',
    'What the adapters in `adapters/` can do; each stands here as an upstream of its own name. A running gateway tells it of its own upstreams at `/capabilities`.',
    words.assumedNote.en,
    `${words.assistedNote.en} That is so with an order whose contract is assumed, until the upstream's \`acceptAssumed\` names it.`,
    `## ${words.capabilities.en}`,
    ...catalogue.capabilities.flatMap(({ id, kind, title, description, routes, sources, elements }) => [
      `### ${title}`,
      [
        markdownCode(id),
        kindWords[kind].en,
        ...routes.map(({ method, path }) => markdownCode(`${method} ${path}`)),
      ].join(' · '),
      description,
      ...markdownOf({ ...tables.sources(sources), caption: 'Served by' }), // nobody is asked here: there is no order
      ...markdownOf(tables.elements(elements)),
    ]),
    ...(catalogue.notices.length > 0 ? [`## ${words.notices.en}`] : []),
    ...catalogue.notices.flatMap(({ id, title, description, sources, elements }) => [
      `### ${title}`,
      `${markdownCode(id)} · ${kindWords.notice.en}`,
      description,
      ...markdownOf(tables.tellers(sources)),
      ...markdownOf(tables.elements(elements)),
    ]),
    `## ${words.upstreams.en}`,
    ...catalogue.upstreams.flatMap(({ id, agency, policy, skips }) => [
      `### ${agency}`,
      markdownCode(id),
      ...markdownOf(tables.policy(policy)),
      ...(skips.length > 0 ? markdownOf(tables.skips(skips)) : []),
    ]),
  ]
  return `${parts.join('\n\n')}\n`
}

const assumedOrders = (adapter: Adapter): ReadonlySet<string> =>
  new Set(
    operationsOf(adapter).flatMap(({ capability: { id, kind }, specification: { trust = adapter.trust } }) =>
      kind === 'submission' && trust === 'assumed' ? [id] : [],
    ),
  )

const markdownOf = ({ caption, headings, rows }: Table): string[] => [
  `${caption}:`,
  markdownTable([headings, ...rows.map(cells => cells.map(written))]),
]

function written({ text, as }: Cell): string {
  if (as === 'code') return markdownCode(text)
  return as === 'mark' ? `**${text}**` : text
}
