/** From files to settings: everything is checked before anything listens, and every problem is told at once. */
import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { z } from 'zod'
import type { Adapter, TrustLevel } from '#contracts/adapter.ts'
import type { Agreement } from '#gateway/access/agreements.ts'
import { requireAdapter } from '#gateway/upstream/discovery.ts'
import { noticesOf, operationsOf, type UpstreamSettings } from '#gateway/upstream/upstream.ts'
import type { Identities } from '#gateway/validate.ts'
import { blockOf, check, fittingParts } from './check.ts'
import { checkRoutes } from './check-routes.ts'
import { isDemoKey } from './demo.ts'
import { checkWindows, windowsOf } from './maintenance.ts'
import { checkMembers, membersOf } from './members.ts'
import { type Known, readAgreements } from './read-agreements.ts'
import { type Environment, pathOf, placeOf, type Problem, readYaml } from './read-yaml.ts'
import { readServices } from './read-services.ts'
import { gatewayFile, upstreamBlock } from './schema.ts'
import type { Settings } from './settings.ts'

/** Thrown with all problems of the configuration, each place told once. */
export class SettingsInvalid extends Error {
  override readonly name = 'SettingsInvalid'
  readonly problems: readonly Problem[]

  constructor(all: readonly Problem[]) {
    // The first one found at a place is the cause of the others: a missing secret also looks like an empty text.
    const problems = all.filter(
      (one, index) => all.findIndex(other => placeOf(other) === placeOf(one)) === index,
    )
    super(problems.map(problem => `  ${placeOf(problem)}\n    expected ${problem.expected}`).join('\n'))
    this.problems = problems
  }
}

export interface LoadOptions {
  /** Found before, and told with the others. */
  readonly earlierProblems?: readonly Problem[]
  /** `gateway.yaml`, or the folder it is in; agreements are beside it in `agreements/`. */
  readonly path: string | undefined
  readonly environment: Environment
  /** Those of the house; the file may name others. */
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
  const fitting = fittingParts(gatewayFile, content)
  const known = withExternal(adapters, fitting.adapters ?? [], { folder, file }, problems)
  const memberIds = Object.keys(blockOf(members))
  const serving = checkUpstreams(blockOf(upstreams), known, fitting.identities ?? 'real', file, problems)
  checkAssistants(blockOf(upstreams), { file, memberIds }, problems)
  const timeZone = fitting.mall?.timeZone ?? 'Asia/Jakarta'
  const timeZoneOf = (block: unknown) => fittingParts(upstreamBlock, block).timeZone ?? timeZone
  checkWindows(blockOf(upstreams), timeZoneOf, file, problems)
  const targets: Known = {
    upstreams: serving,
    members: memberIds,
    routes: fitting.routes ?? [],
    timeZone,
  }
  const agreements = readAgreements(folder, environment, problems, targets)
  const services = readServices(folder, fitting.services, environment, problems)
  checkMembers(fitting, { file, memberIds }, problems)
  checkBoard(fitting, file, problems)
  checkRoutes(fitting.routes ?? [], { upstreams: serving, members: memberIds, file }, problems)

  if (problems.length > 0 || !gateway) throw new SettingsInvalid(problems)
  const { calendar, ...mall } = gateway.mall
  return {
    mall,
    calendar: { timeZone: mall.timeZone, ...calendar },
    services,
    identities: gateway.identities,
    keys: gateway.keys,
    anchors: gateway.ledger.anchors && {
      ...gateway.ledger.anchors,
      file: resolve(folder, gateway.ledger.anchors.file),
    },
    alarms: gateway.alarms,
    retention: gateway.retention,
    board: gateway.board.enabled ? gateway.board : undefined,
    members: membersOf(gateway),
    issuers: gateway.oidc?.issuers ?? [],
    upstreams: Object.entries(gateway.upstreams).map(([id, block]) =>
      upstreamOf(id, block, serving.get(id)!, gateway.mall.timeZone),
    ),
    routes: gateway.routes,
    trustedProxies: gateway.trustedProxies,
    limits: gateway.limits,
    agreements,
    readAgreements: () => readAgain(folder, environment, targets),
  }
}

/** The agreements as their files are now. Every file at once, or none: what cannot be read replaces nothing. */
function readAgain(folder: string, environment: Environment, targets: Known): readonly Agreement[] {
  const problems: Problem[] = []
  const agreements = readAgreements(folder, environment, problems, targets)
  if (agreements.length === 0) {
    const expected = 'at least one file: to end every agreement, suspend each or stop the gateway'
    problems.push({ file: 'agreements', path: '', expected })
  }
  if (problems.length > 0) throw new SettingsInvalid(problems)
  return agreements
}

/** The folder with the configuration: the path itself, or the one that the file is in. */
export const configFolder = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path

/** The adapters of the house and those that the file names; an id that is taken is a problem. */
function withExternal(
  adapters: ReadonlyMap<string, Adapter>,
  specifiers: readonly string[],
  { folder, file }: { readonly folder: string; readonly file: string },
  problems: Problem[],
): ReadonlyMap<string, Adapter> {
  const known = new Map(adapters)
  for (const [index, specifier] of specifiers.entries()) {
    const expect = (expected: string): void =>
      void problems.push({ file, path: pathOf(['adapters', index]), expected })
    try {
      const adapter = requireAdapter(specifier, resolve(folder))
      if (known.has(adapter.id)) expect(`an adapter with an id of its own: ${adapter.id} is there already`)
      else known.set(adapter.id, adapter)
    } catch (error) {
      expect((error as Error).message)
    }
  }
  return known
}

/** What is known of an upstream before everything else about it is right. */
export interface Serving {
  /** Undefined when the upstream names none that exists. */
  readonly adapter: Adapter | undefined
  /** The capabilities that it serves here. */
  readonly capabilities: ReadonlySet<string>
  /** Of these, the orders that a person brings to the agency. */
  readonly assisted: ReadonlySet<string>
  /** Of what its agency tells, what is taken here. */
  readonly notices: ReadonlySet<string>
}

/** Checks what the schema of the file cannot: the adapter of each upstream, its config, and what it may serve. */
function checkUpstreams(
  blocks: Readonly<Record<string, unknown>>,
  adapters: ReadonlyMap<string, Adapter>,
  identities: Identities,
  file: string,
  problems: Problem[],
): ReadonlyMap<string, Serving> {
  const servingOf = new Map<string, Serving>()
  for (const [id, block] of Object.entries(blocks)) {
    const { adapter: adapterId = '', config = {}, acceptAssumed = [] } = fittingParts(upstreamBlock, block)
    const adapter = adapters.get(adapterId)
    const under = ['upstreams', id]
    const expect = (path: readonly PropertyKey[], expected: string): void =>
      void problems.push({ file, path: pathOf([...under, ...path]), expected })
    if (!adapter) {
      expect(['adapter'], `one of ${[...adapters.keys()].join(', ')}`)
      servingOf.set(id, { adapter, capabilities: new Set(), assisted: new Set(), notices: new Set() })
      continue
    }
    check(adapter.config, config, { file, under: [...under, 'config'] }, problems)
    checkInbound(blockOf(block)['inbound'], adapter, { file, under: [...under, 'inbound'] }, problems)
    const isAssumed = ({ specification }: { readonly specification: { readonly trust?: TrustLevel } }) =>
      (specification.trust ?? adapter.trust) === 'assumed'
    const operations = operationsOf(adapter).map(one => ({
      id: one.capability.id,
      isOrder: one.capability.kind === 'submission',
      isAssumed: isAssumed(one),
    }))
    const notices = noticesOf(adapter).map(one => ({ id: one.notice.id, isAssumed: isAssumed(one) }))
    const assumed = [...operations, ...notices].flatMap(({ id, isAssumed }) => (isAssumed ? [id] : []))
    for (const [index, accepted] of acceptAssumed.entries())
      if (!assumed.includes(accepted))
        expect(
          ['acceptAssumed', index],
          `one of the assumed ones: ${assumed.join(', ') || `${adapterId} has none`}`,
        )
    const served = (
      all: readonly { readonly id: string; readonly isAssumed: boolean; readonly isOrder?: boolean }[],
    ) =>
      new Set(
        all
          .filter(
            one =>
              !one.isAssumed ||
              acceptAssumed.includes(one.id) ||
              (identities === 'synthetic' && !one.isOrder),
          )
          .map(one => one.id),
      )
    const capabilities = served(operations)
    const assisted = new Set(
      operations.filter(one => one.isOrder && !capabilities.has(one.id)).map(one => one.id),
    )
    servingOf.set(id, {
      adapter,
      capabilities: capabilities.union(assisted),
      assisted,
      notices: served(notices),
    })
  }
  return servingOf
}

/** Who brings orders to an agency is a member. */
function checkAssistants(
  blocks: Readonly<Record<string, unknown>>,
  { file, memberIds }: { readonly file: string; readonly memberIds: readonly string[] },
  problems: Problem[],
): void {
  for (const [id, block] of Object.entries(blocks))
    for (const [index, member] of (fittingParts(upstreamBlock, block).assistedBy ?? []).entries())
      if (!memberIds.includes(member))
        problems.push({
          file,
          path: pathOf(['upstreams', id, 'assistedBy', index]),
          expected: `a member: one of ${memberIds.join(', ')}`,
        })
}

/** Whoever signs in at the board is a person with a role, and the issuer vouches for both. */
function checkBoard(
  { board, oidc }: Partial<z.output<typeof gatewayFile>>,
  file: string,
  problems: Problem[],
): void {
  if (!board?.oidc) return
  const expect = (path: readonly PropertyKey[], expected: string): void =>
    void problems.push({ file, path: pathOf(['board', ...path]), expected })
  const issuers = oidc?.issuers ?? []
  const issuer = issuers.find(one => one.issuer === board.oidc!.issuer)
  if (!issuer)
    expect(['oidc', 'issuer'], `one of oidc.issuers: ${issuers.map(one => one.issuer).join(', ') || 'none'}`)
  else if (!issuer.roles || issuer.officer === undefined)
    expect(['oidc', 'issuer'], 'an issuer that names the claims roles and officer')
  if (board.address === undefined) expect(['address'], 'the address of this gateway, for oidc')
}

/** Its config is checked whatever else of the block is wrong. */
function checkInbound(
  block: unknown,
  { id, inbound }: Adapter,
  { file, under }: { readonly file: string; readonly under: readonly PropertyKey[] },
  problems: Problem[],
): void {
  if (block === undefined) return
  if (!inbound) {
    problems.push({ file, path: pathOf(under), expected: `no such block: the agency of ${id} calls nobody` })
    return
  }
  const { config = {} } = blockOf(block)
  check(inbound.config, config, { file, under: [...under, 'config'] }, problems)
}

function upstreamOf(
  id: string,
  block: z.output<typeof upstreamBlock>,
  { adapter, capabilities, assisted, notices }: Serving,
  mallTimeZone: string,
): UpstreamSettings {
  const { baseUrl, policy, tls, inbound, quota, owner, timeZone = mallTimeZone } = block
  const standard = adapter!.policy
  return {
    id,
    adapter: adapter!,
    capabilities,
    assisted,
    assistedBy: new Set(block.assistedBy),
    ...(owner !== undefined && { owner }),
    notices,
    baseUrl,
    timeZone,
    maintenance: windowsOf(block.maintenance, timeZone),
    config: adapter!.config.parse(block.config),
    policy: {
      ...standard,
      ...defined(policy),
      breaker: { ...standard.breaker, ...defined(policy?.breaker) },
    },
    ...(quota && { quota }),
    ...(tls && { tls: defined(tls) }),
    ...(inbound && {
      inbound: { allowFrom: inbound.allowFrom, config: adapter!.inbound!.config.parse(inbound.config) },
    }),
  }
}

function demoKeysIn(node: unknown, path: readonly PropertyKey[], file: string): Problem[] {
  if (typeof node === 'string') {
    const expected = "a key of your own: the demo's is known to everyone (npm run init makes new ones)"
    return isDemoKey(node) ? [{ file, path: pathOf(path), expected }] : []
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
