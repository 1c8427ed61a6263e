/** From files to settings: everything is checked before anything listens, and every problem is told at once. */
import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { z } from 'zod'
import type { Adapter } from '#contracts/adapter.ts'
import type { UpstreamSettings } from '#gateway/upstream/upstream.ts'
import { blockOf, check, fittingParts } from './check.ts'
import { isDemoKey } from './demo.ts'
import { readAgreements } from './read-agreements.ts'
import { type Environment, placeOf, type Problem, readYaml } from './read-yaml.ts'
import { gatewayFile, upstreamBlock } from './schema.ts'
import type { Settings } from './settings.ts'

/** Thrown with all problems of the configuration, each place told once. */
export class SettingsInvalid extends Error {
  override readonly name = 'SettingsInvalid'
  readonly problems: readonly Problem[]

  constructor(all: readonly Problem[]) {
    // The first one found at a place is the cause of the others: a missing secret also looks like an empty text.
    const problems = all.filter(({ path }, index) => all.findIndex(other => other.path === path) === index)
    super(problems.map(({ path, expected }) => `  ${path}\n    expected ${expected}`).join('\n'))
    this.problems = problems
  }
}

export interface LoadOptions {
  /** Found before, and told with the others. */
  readonly earlierProblems?: readonly Problem[]
  /** `gateway.yaml`, or the folder it is in; agreements are beside it in `agreements/`. */
  readonly path: string | undefined
  readonly environment: Environment
  readonly adapters: ReadonlyMap<string, Adapter>
  /** The demo's keys protect nobody: only the demo may use them. */
  readonly isDemo?: boolean
}

export function loadSettings({
  path,
  environment,
  adapters,
  isDemo = false,
  earlierProblems = [],
}: LoadOptions): Settings {
  const problems = [...earlierProblems]
  if (path === undefined) throw new SettingsInvalid(problems)
  const folder = configFolder(path)
  const file = folder === path ? 'gateway.yaml' : basename(path)
  const content = readYaml(folder, file, environment, problems)
  if (content === undefined) throw new SettingsInvalid(problems)

  const gateway = check(gatewayFile, content, { file }, problems)
  if (!isDemo) problems.push(...demoKeysIn(content, [], file))
  const { members, upstreams } = blockOf(content)
  const agreements = readAgreements(folder, environment, problems, {
    adapters: checkUpstreams(blockOf(upstreams), adapters, file, problems),
    members: Object.keys(blockOf(members)),
    timeZone: fittingParts(gatewayFile, content).mall?.timeZone ?? 'Asia/Jakarta',
  })

  if (problems.length > 0 || !gateway) throw new SettingsInvalid(problems)
  return {
    mall: gateway.mall,
    identities: gateway.identities,
    keys: gateway.keys,
    members: Object.entries(gateway.members).map(([id, member]) => ({ id, ...member })),
    upstreams: Object.entries(gateway.upstreams).map(([id, block]) =>
      upstreamOf(id, block, adapters.get(block.adapter)!, gateway.mall.timeZone),
    ),
    agreements,
  }
}

/** The folder with the configuration: the path itself, or the one that the file is in. */
export const configFolder = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path

/** Checks what the schema of the file cannot: the adapter of each upstream, and its config. */
function checkUpstreams(
  blocks: Readonly<Record<string, unknown>>,
  adapters: ReadonlyMap<string, Adapter>,
  file: string,
  problems: Problem[],
): ReadonlyMap<string, Adapter | undefined> {
  const adapterOf = new Map<string, Adapter | undefined>()
  for (const [id, block] of Object.entries(blocks)) {
    const { adapter: adapterId = '', config = {} } = fittingParts(upstreamBlock, block)
    const adapter = adapters.get(adapterId)
    adapterOf.set(id, adapter)
    const under = ['upstreams', id]
    if (adapter) check(adapter.config, config, { file, under: [...under, 'config'] }, problems)
    else
      problems.push({
        path: placeOf(file, [...under, 'adapter']),
        expected: `one of ${[...adapters.keys()].join(', ')}`,
      })
  }
  return adapterOf
}

function upstreamOf(
  id: string,
  block: z.output<typeof upstreamBlock>,
  adapter: Adapter,
  mallTimeZone: string,
): UpstreamSettings {
  const { baseUrl, policy, tls, timeZone = mallTimeZone } = block
  return {
    id,
    adapter,
    baseUrl,
    timeZone,
    config: adapter.config.parse(block.config),
    policy: {
      ...adapter.policy,
      ...defined(policy),
      breaker: { ...adapter.policy.breaker, ...defined(policy?.breaker) },
    },
    ...(tls && { tls: defined(tls) }),
  }
}

function demoKeysIn(node: unknown, path: readonly PropertyKey[], file: string): Problem[] {
  if (typeof node === 'string') {
    const expected = "a key of your own: the demo's is known to everyone (npm run init makes new ones)"
    return isDemoKey(node) ? [{ path: placeOf(file, path), expected }] : []
  }
  const children: [PropertyKey, unknown][] = Array.isArray(node)
    ? [...node.entries()]
    : Object.entries(blockOf(node))
  return children.flatMap(([key, child]) => demoKeysIn(child, [...path, key], file))
}

/** Without the keys whose value is undefined. */
const defined = <Value extends object>(value: Value | undefined) =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>
  }
