/** What a gateway can do, for whoever reads it: capabilities, who serves each, its elements, and how agencies are treated. */
import { z } from 'zod'
import { type Adapter, type Policy, type TrustLevel, trustLevels } from '#contracts/adapter.ts'
import type { Capability, Notice } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import { elementMeta } from '#contracts/elements.ts'
import type { Language } from '#gateway/http/problem.ts'
import { texts } from '#gateway/openapi/json-schema.ts'
import type { RouteSettings } from '#gateway/upstream/routing.ts'
import { noticesOf, operationsOf } from '#gateway/upstream/upstream.ts'

/** A configured upstream, or an adapter standing for one. */
export interface Source {
  readonly id: string
  readonly adapter: Adapter
  /** What it serves; undefined: all that its adapter can. */
  readonly capabilities?: ReadonlySet<string>
  /** Of these, the orders that a person brings to the agency; undefined: none. */
  readonly assisted?: ReadonlySet<string>
  readonly notices?: ReadonlySet<string>
  readonly policy: Policy
  /** Undefined: what the agency would tell us is not received. */
  readonly inbound?: object | undefined
}

export interface Sources {
  readonly upstreams: readonly Source[]
  /** Where they name an order, sources are told in it. */
  readonly routes?: readonly RouteSettings[]
}

/** How far a wire contract is to be trusted, as callers are told of it. */
export const trust = z.enum(trustLevels).register(texts, {
  id: 'Asal kontrak kawat: documented, dari dokumen instansi. observed, terlihat pada integrasi yang berjalan. assumed, dugaan yang belum dipastikan. assisted, tidak ada yang dipakai: petugas memasukkan permohonan di aplikasi instansi.',
  en: "Where the wire contract comes from: documented, by the agency. observed, in working integrations. assumed, a guess that nobody has confirmed. assisted, none is used: an officer enters the order in the agency's own application.",
}) satisfies z.ZodType<TrustLevel>

const source = z.object({ upstream: z.string(), agency: z.string(), trust })

const element = z.object({
  path: z.string(),
  label: z.string(),
  dataClass: z.enum(['public', 'personal', 'specific']),
  presence: z.enum(['always', 'optional']).register(texts, {
    id: 'always: selalu ada bila diizinkan. optional: bila instansi memilikinya.',
    en: 'always: there wherever it is granted. optional: where the agency has it.',
  }),
})

const policy = z
  .object({
    deadlineMs: z.int(),
    retries: z.int(),
    concurrency: z.int(),
    breaker: z.object({ errorPercent: z.int(), minimumCalls: z.int(), openMs: z.int() }),
  })
  .register(texts, {
    id: 'Batas waktu satu pertanyaan, percobaan ulang, panggilan sekaligus, dan kapan pemutus bekerja.',
    en: 'The deadline of one question, further attempts, calls at once, and when the breaker opens.',
  }) satisfies z.ZodType<Policy>

const described = { id: z.string(), title: z.string(), description: z.string() }
const sources = z.array(source).register(texts, {
  id: 'Siapa yang melayani, menurut urutan ditanya.',
  en: 'Who serves it, in the order asked.',
})

export const catalogueSchema = z.object({
  capabilities: z.array(
    z.object({
      ...described,
      kind: z.enum(['query', 'match', 'submission']),
      routes: z.array(z.object({ method: z.enum(['GET', 'POST']), path: z.string() })),
      sources,
      elements: z.array(element),
    }),
  ),
  notices: z.array(
    z.object({
      ...described,
      kind: z.literal('notice'),
      sources: z.array(source.extend({ path: z.string() })).register(texts, {
        id: 'Siapa yang memberi tahu, dan ke alamat mana.',
        en: 'Who tells it, and at which address.',
      }),
      elements: z.array(element),
    }),
  ),
  upstreams: z.array(
    z.object({
      id: z.string(),
      agency: z.string(),
      trust,
      policy,
      skips: z
        .array(z.object({ check: z.string(), capability: z.string().optional(), reason: z.string() }))
        .register(texts, {
          id: 'Pemeriksaan yang tidak berlaku untuk instansi ini, dengan alasannya.',
          en: 'Checks of the conformance kit that do not fit this agency, with the reason.',
        }),
    }),
  ),
})

export type Catalogue = z.output<typeof catalogueSchema>
export type CatalogueElement = z.output<typeof element>

export function capabilityCatalogue({ upstreams, routes = [] }: Sources, language: Language): Catalogue {
  const sourceOf = ({ id, adapter }: Source, trust = adapter.trust) => ({
    upstream: id,
    agency: adapter.title[language],
    trust,
  })
  const textsOf = ({ id, title, description }: Capability | Notice) => ({
    id,
    title: title[language],
    description: description[language],
  })

  const served = upstreams.flatMap(upstream =>
    operationsOf(upstream.adapter)
      .filter(({ capability }) => upstream.capabilities?.has(capability.id) ?? true)
      .map(({ capability, specification }) => ({
        declaration: capability,
        source: sourceOf(upstream, upstream.assisted?.has(capability.id) ? 'assisted' : specification.trust),
      })),
  )
  const told = upstreams.flatMap(upstream =>
    (upstream.inbound ? noticesOf(upstream.adapter) : [])
      .filter(({ notice }) => upstream.notices?.has(notice.id) ?? true)
      .map(({ notice, specification }) => ({
        declaration: notice,
        source: {
          ...sourceOf(upstream, specification.trust),
          path: `/inbound/${upstream.id}${specification.path}`,
        },
      })),
  )

  return {
    capabilities: byDeclaration(served).map(({ declaration, sources }) => ({
      ...textsOf(declaration),
      kind: declaration.kind,
      routes: routesOf(declaration),
      sources: inOrderAsked(declaration.id, sources, routes),
      elements: elementsOf(declaration, language),
    })),
    notices: byDeclaration(told).map(({ declaration, sources }) => ({
      ...textsOf(declaration),
      kind: declaration.kind,
      sources,
      elements: elementsOf(declaration, language),
    })),
    upstreams: upstreams.map(({ id, adapter, policy }) => ({
      id,
      agency: adapter.title[language],
      trust: adapter.trust,
      policy,
      skips: (adapter.skips ?? []).map(skip => ({ ...skip })),
    })),
  }
}

/** Each declaration once, with all its sources. */
function byDeclaration<Declaration extends Capability | Notice, Told>(
  pairs: readonly { readonly declaration: Declaration; readonly source: Told }[],
): { declaration: Declaration; sources: Told[] }[] {
  return [...Map.groupBy(pairs, ({ declaration }) => declaration.id).values()].map(same => ({
    declaration: same[0]!.declaration,
    sources: same.map(({ source }) => source),
  }))
}

/** As the rules name them, the first rule first; without a rule for it, as the configuration does. */
function inOrderAsked<Told extends { readonly upstream: string }>(
  capability: string,
  sources: readonly Told[],
  routes: readonly RouteSettings[],
): Told[] {
  const rules = routes.filter(route => route.capability === capability)
  if (rules.length === 0) return [...sources]
  const order = new Set(rules.flatMap(({ upstreams }) => upstreams))
  return [...order].flatMap(id => sources.filter(({ upstream }) => upstream === id))
}

const routesOf = ({ path, publicPath }: Capability) => [
  { method: 'POST' as const, path },
  ...(publicPath === undefined ? [] : [{ method: 'GET' as const, path: publicPath }]),
]

const elementsOf = ({ elements, output }: Capability | Notice, language: Language): CatalogueElement[] =>
  [...elements].map(([path, { label, dataClass }]) => ({
    path,
    label: label[language],
    dataClass,
    presence: isAlwaysThere(output, path) ? 'always' : 'optional',
  }))

/** Neither the element nor a group around it may be absent. An element of a list: in each item. */
function isAlwaysThere(record: z.ZodObject, path: ContractPath): boolean {
  let schema: z.core.$ZodType = record
  for (const key of path.slice(1).split('/')) {
    if (schema instanceof z.ZodArray) schema = schema.element
    else if (schema instanceof z.ZodObject) schema = schema.shape[key]!
    else return false // a group that may be absent or empty
  }
  return elementMeta(schema) !== undefined // else something around it makes it optional
}
