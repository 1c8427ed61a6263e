/** `docs/configuration.md`, made from the schemas: what is not described there is not described here. */
import { z } from 'zod'
import type { Adapter } from '#contracts/adapter.ts'
import { Secret } from '#contracts/secret.ts'
import { markdownCode as code, markdownTable } from './markdown.ts'
import { environmentVariables } from './process.ts'
import { servicesFile } from '#gateway/services/service.ts'
import { agreementFile, gatewayFile } from './schema.ts'

export function configurationReference(adapters: Iterable<Adapter>): string {
  const parts = [
    ...head,
    '## Environment',
    'A variable that is set but empty counts as not set.',
    table(environmentVariables),
    '## gateway.yaml',
    table(gatewayFile),
    '## agreements/*.yaml',
    'One agreement a file. What no agreement grants is never asked for and never shown.',
    table(agreementFile),
    '## services.yaml',
    'The service standards of UU 25/2009 and PermenPANRB 15/2014: fourteen components, the first six of them public at `GET /v1/services`. A component that nobody knows is left out, and the answer says that the mall has yet to confirm it. A bilingual text has the keys `id` and `en`. `common` holds components of every service that says nothing else: any but 1, 3, 4 and 5.',
    table(servicesFile.omit({ common: true })),
    '## Adapters',
    'What stands under `upstreams.<id>.config`, by adapter.',
    ...[...adapters].flatMap(sectionOf),
  ]
  return `${parts.join('\n\n')}\n`
}

const head = [
  '# Configuration',
  '<!-- Made by `npm run fix` from gateway/settings/schema.ts, gateway/settings/process.ts and the adapters. Do not edit. -->',
  '`npm run init <folder>` writes a commented configuration to begin with. `npm start` checks all of it before it listens, and lists every problem at once: where it is, and what was expected.',
  `A value may name what is kept elsewhere; secrets should:

- \`\${NAME}\`: the environment variable \`NAME\` or, when that is not set, the content of the file that \`NAME_FILE\` names; \`\${NAME_FILE}\` is that content too. It may be a part of a text.
- \`{ file: keys/ledger }\`: the content of a file, seen from the folder of \`gateway.yaml\`.

Blanks and line breaks around the content of a file are left out.`,
]

function sectionOf({ id, title, trust, config, policy, inbound }: Adapter): string[] {
  const { breaker, ...figures } = policy
  const said = (block: object): string =>
    Object.entries(block)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')
  return [
    `### ${id}`,
    `${title.en}. Its contract is ${trust}. Policy unless overridden: ${said(figures)}; breaker: ${said(breaker)}.`,
    table(config),
    ...(inbound
      ? ['Where its agency calls us, under `upstreams.<id>.inbound.config`:', table(inbound.config)]
      : []),
  ]
}

type JsonSchema = z.core.JSONSchema.BaseSchema & {
  readonly isSecret?: boolean
  readonly isBilingual?: boolean
}

/** Key, type, default, meaning. */
type Row = readonly [string, string, string, string]

function table(schema: z.ZodObject): string {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const isMade = zodSchema instanceof z.ZodPipe
      if (isMade && z.core.safeParse(zodSchema, 'text').data instanceof Secret) jsonSchema['isSecret'] = true
    },
  })
  return markdownTable([['Key', 'Type', 'Default', 'Meaning'], ...rowsUnder('', json)])
}

/** A row for each key of a block, and for the keys within it. */
function rowsUnder(prefix: string, { properties = {}, required = [], isBilingual }: JsonSchema): Row[] {
  if (isBilingual) return []
  return Object.entries(properties as Record<string, JsonSchema>).flatMap(([key, child]): Row[] => {
    const path = prefix + key
    const fallback = required.includes(key) ? 'required' : defaultOf(child)
    return [[code(path), typeOf(child), fallback, child.description ?? ''], ...rowsWithin(path, child)]
  })
}

function rowsWithin(path: string, { items, additionalProperties, ...block }: JsonSchema): Row[] {
  if (items) return rowsUnder(`${path}[].`, items as JsonSchema)
  if (typeof additionalProperties === 'object') return rowsUnder(`${path}.<id>.`, additionalProperties)
  return rowsUnder(`${path}.`, block)
}

const formats: Readonly<Record<string, string>> = { uri: 'address', base64: 'base64', ipv4: 'IPv4 address' }

function typeOf({ type, format, enum: choices, items, minimum, maximum, ...marks }: JsonSchema): string {
  if (marks.isSecret) return 'secret'
  if (marks.isBilingual) return 'bilingual text'
  if (choices) return choices.map(choice => code(String(choice))).join(', ')
  switch (type) {
    case 'array': {
      const item = typeOf(items as JsonSchema)
      return (items as JsonSchema).enum ? `list of ${item}` : `list of ${pluralOf(item)}`
    }
    case 'object':
      return 'block'
    case 'boolean':
      return [true, false].map(value => code(String(value))).join(', ')
    case 'integer':
    case 'number': {
      const range = [minimum, maximum].filter(
        bound => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER,
      )
      return [
        'number',
        range.length === 2 ? range.join(' to ') : range.map(bound => `from ${bound}`).join(''),
      ]
        .join(' ')
        .trim()
    }
    default:
      return formats[format ?? ''] ?? 'text'
  }
}

const pluralOf = (noun: string): string => (noun.endsWith('s') ? `${noun}es` : `${noun}s`)

const defaultOf = ({ default: value }: JsonSchema): string =>
  value === undefined || typeof value === 'object' ? '' : code(`${value as string | number}`)
