/** All that the kit checks of an adapter, as a list: `describe-adapter.ts` runs it, and prints it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect } from 'vitest'
import { type Adapter, contractVersion, type Operation, policy } from '#contracts/adapter.ts'
import { failures } from '#contracts/failures.ts'
import { Secret } from '#contracts/secret.ts'
import { noticesOf, operationsOf } from '#gateway/upstream/upstream.ts'
import { checkExchange } from './check-exchange.ts'
import {
  checkInbound,
  checkInboundFault,
  checkStranger,
  checkUnreadable,
  unreadableBodies,
} from './check-inbound.ts'
import { checkContractFault, contractFaults } from './contract-faults.ts'
import { type Exchange, type OrderFixture, readFixtures } from './fixtures.ts'
import { isObject, type Path, placesIn, pointerOf, valueAt } from './places.ts'
import { checkProtocolFault, protocolFaultsOf } from './protocol-faults.ts'
import { semanticFaultsOf } from './semantic-faults.ts'
import { checkTokenFault, tokenFaults } from './token-faults.ts'
import { checkTransportFault, transportFaults } from './transport-faults.ts'
import { isJson } from './wire-body.ts'

export interface Check {
  /** As it is printed, and as an adapter's `skips` name it. */
  readonly name: string
  /** Throws where a promise is not kept. */
  run(): Promise<void> | void
  /** The adapter's own reason to leave it out. */
  readonly leftOut?: string
}

/** A check that does not fit every agency. */
interface Fault {
  readonly name: string
  /** Returns why nothing can be checked here, if so. */
  run(): Promise<string | undefined | void> | void
}

interface Group<Of> {
  readonly name: string
  readonly checks: readonly Of[]
  /** By real sockets, in real time: the checks may run at once. */
  readonly bySockets?: true
}
export type CheckGroup = Group<Check>

/** `folder`: where the adapter stands. Throws for fixtures with mistakes in them. */
export function checksOf(adapter: Adapter, file: unknown, folder: string): readonly CheckGroup[] {
  const { config, exchanges, inbound } = readFixtures(adapter, file)
  const bound = operationsOf(adapter)
  const operations = bound.map(({ capability }) => capability.id)
  const notices = noticesOf(adapter).map(({ notice }) => notice.id)
  const asks = bound.flatMap(({ capability, follow }) => [
    { id: capability.id, ask: capability.kind === 'submission' ? ('deliver' as const) : undefined },
    ...(follow ? [{ id: capability.id, ask: 'status' as const }] : []),
  ])
  const successes = asks.flatMap(
    ({ id, ask }) => exchanges.find(one => isOf(one, id, ask) && isSuccess(one)) ?? [],
  )
  const kept = notices.flatMap(
    id => inbound.find(({ notice, expect: { data } }) => notice === id && data) ?? [],
  )
  const shown = [
    ...successes.filter(({ order }) => order?.ask !== 'status').map(({ capability }) => capability.id),
    ...kept.map(({ notice }) => notice),
  ]

  const faults = [
    ...successes.flatMap(exchange =>
      groupsOf(adapter, exchange, exchanges).map(group => withSkips(adapter, exchange.capability.id, group)),
    ),
    ...kept.map(call =>
      withSkips(adapter, call.notice, {
        name: `${call.notice} survives`,
        checks: [
          { name: 'a stranger', run: () => checkStranger(adapter, call) },
          ...unreadableBodies.map(({ name, alter }) => ({
            name,
            run: () => checkUnreadable(adapter, call, alter),
          })),
          ...contractFaults.map(fault => ({
            name: fault.name,
            run: () => checkInboundFault(adapter, call, fault),
          })),
        ],
      }),
    ),
  ]
  const skippable = new Set(faults.flatMap(({ checks }) => checks.map(({ name }) => name)))

  return [
    {
      name: 'shape',
      checks: [
        {
          name: 'stands in a folder of its own, with its four files',
          run: () => checkFolder(adapter, folder),
        },
        { name: 'has nothing left to fill in', run: () => checkFilledIn(adapter, folder) },
        {
          name: 'is written for this version of the contract, with a policy that is one',
          run() {
            expect(adapter.contract, 'the contract').toBe(contractVersion)
            expect(policy.safeParse(adapter.policy).error, 'the policy').toBeUndefined()
          },
        },
        { name: 'refuses settings that it does not know', run: () => checkStrictness(adapter, config) },
        {
          name: 'leaves out only checks that there are, each for a reason',
          run() {
            for (const { check, capability, reason } of adapter.skips ?? []) {
              expect([...skippable], 'a check to leave out').toContain(check)
              if (capability !== undefined) expect([...operations, ...notices]).toContain(capability)
              expect(reason.trim(), 'the reason').not.toBe('')
            }
          },
        },
        ...[...operations, ...notices].map(id => ({
          name: `shows ${id} succeed`,
          run() {
            expect(shown).toContain(id)
          },
        })),
        ...bound
          .filter(({ capability }) => capability.kind === 'submission')
          .flatMap(operation => orderChecks(adapter, operation, exchanges)),
      ],
    },
    {
      name: 'exchanges',
      checks: [
        ...exchanges.map(exchange => ({
          name: `${exchange.capability.id}: ${exchange.name}`,
          run: async () => void (await checkExchange(adapter, exchange)),
        })),
        ...inbound.map(call => ({
          name: `${call.notice}: ${call.name}`,
          run: () => checkInbound(adapter, call),
        })),
      ],
    },
    ...faults,
  ]
}

const isOf = ({ capability, order }: Exchange, id: string, ask: OrderFixture['ask'] | undefined): boolean =>
  capability.id === id && order?.ask === ask

const stateOf = ({ expect: { data } }: Exchange): unknown => data?.['state']

/** The agency has taken an order, or knows it; or it has answered a question. */
const isSuccess = (exchange: Exchange): boolean =>
  exchange.order === undefined
    ? exchange.expect.data !== undefined
    : ['accepted', 'confirmed'].includes(String(stateOf(exchange)))

const isRefusal = (exchange: Exchange): boolean => {
  const { failure } = exchange.expect
  return (
    stateOf(exchange) === 'rejected' || (failure !== undefined && failures[failure].meaning === 'answered')
  )
}

/** What an order needs beside what a question does. */
function orderChecks(
  { policy }: Adapter,
  { capability: { id }, specification, follow }: Operation,
  exchanges: readonly Exchange[],
): readonly Check[] {
  const shows = (
    what: string,
    ask: OrderFixture['ask'],
    isShown: (exchange: Exchange) => boolean,
  ): Check => ({
    name: `shows ${id} ${what}`,
    run() {
      const names = exchanges.filter(one => isOf(one, id, ask)).map(({ name }) => name)
      expect(
        exchanges.some(one => isOf(one, id, ask) && isShown(one)),
        `among: ${names.join('; ')}`,
      ).toBe(true)
    },
  })
  return [
    {
      name: `sends ${id} once`,
      run() {
        expect(specification.repeatable, 'bound by `submit`, and not repeatable').toBe(false)
      },
    },
    shows('refused', 'deliver', isRefusal),
    ...(follow
      ? [
          shows('known to the agency, when it is asked', 'status', isSuccess),
          shows('absent, when the agency is asked', 'status', one => stateOf(one) === 'absent'),
          {
            name: `asks after ${id} when it makes sense`,
            run() {
              expect(follow.settleSeconds * 1_000, 'an attempt has ended by then').toBeGreaterThan(
                policy.deadlineMs,
              )
              expect(follow.everySeconds, 'seconds between two questions').toBeGreaterThanOrEqual(1)
              expect(follow.operation.specification.repeatable, 'asking has no effect').toBe(true)
            },
          },
        ]
      : []),
  ]
}

function groupsOf(
  adapter: Adapter,
  exchange: Exchange,
  exchanges: readonly Exchange[],
): readonly Group<Fault>[] {
  const { id } = exchange.capability
  const isStatus = exchange.order?.ask === 'status'
  const what = isStatus ? `${id}, asked after,` : id
  const groups: readonly Group<Fault>[] = [
    {
      name: `${what} survives`,
      checks: [
        ...protocolFaultsOf(adapter, exchange).map(fault => ({
          name: `${fault.name}: ${fault.outcome === 'answer' ? 'answer' : fault.outcome.join(' or ')}`,
          run: () => checkProtocolFault(adapter, exchange, fault),
        })),
        ...contractFaults.map(fault => ({
          name: fault.name,
          run: () =>
            isJson(exchange.response)
              ? checkContractFault(adapter, exchange, fault)
              : Promise.resolve('the answer is not JSON: the kit cannot change a value in it'),
        })),
        ...semanticFaultsOf(exchange).map(fault => ({
          name: fault.name,
          run: () => fault.check(adapter, exchange, exchanges),
        })),
        ...(exchange.authentication ? tokenFaults : []).map(fault => ({
          name: fault.name,
          run: () => checkTokenFault(adapter, exchange, fault),
        })),
      ],
    },
    {
      name: `${what} survives on the way`,
      bySockets: true,
      checks: transportFaults.map(fault => ({
        name: `${fault.name}: ${fault.outcome}`,
        run: () => checkTransportFault(adapter, exchange, fault),
      })),
    },
  ]
  // Told apart by name, so that each can be left out by itself.
  const named = ({ name, ...fault }: Fault): Fault => ({ ...fault, name: `asked after: ${name}` })
  return isStatus ? groups.map(group => ({ ...group, checks: group.checks.map(named) })) : groups
}

/** What is not checked of an agency is told on the capability page, and why: so the adapter must say it. */
function withSkips({ skips = [] }: Adapter, capability: string, group: Group<Fault>): CheckGroup {
  const checks = group.checks.map(({ name, run }): Check => {
    const skip = skips.find(skip => skip.check === name && (skip.capability ?? capability) === capability)
    return {
      name,
      ...(skip && { leftOut: skip.reason }),
      async run() {
        const why = await run()
        if (why === undefined) return
        const due = `{ check: '${name}', capability: '${capability}', reason: '…' }`
        throw new Error(`cannot be checked: ${why}. Tell it in the adapter's skips: ${due}`)
      },
    }
  })
  return { ...group, checks }
}

/** Where folders are scanned, the id must be the folder's name; a package may be called something else. */
function checkFolder({ id }: Adapter, folder: string): void {
  if (basename(dirname(folder)) === 'adapters') expect(basename(folder), "the folder's name").toBe(id)
  const files = [
    ['adapter.ts', 'adapter.js'],
    ['adapter.test.ts', 'adapter.test.js'],
    ['fixtures.json'],
    ['README.md'],
  ]
  const missing = files.filter(names => !names.some(name => existsSync(join(folder, name))))
  expect(
    missing.map(([name]) => name),
    'missing files',
  ).toEqual([])
}

/** The template marks its holes; those of the stand-in beside it count too. */
function checkFilledIn({ id }: Adapter, folder: string): void {
  const standIn = join(folder, '../../mocks', id)
  const holes = [folder, ...(existsSync(standIn) ? [standIn] : [])].flatMap(place =>
    readdirSync(place, { withFileTypes: true })
      .filter(entry => entry.isFile())
      .flatMap(({ name }) => {
        const lines = readFileSync(join(place, name), 'utf8').split('\n')
        const path = place === folder ? name : `mocks/${id}/${name}`
        return lines.flatMap((line, index) =>
          /FILL IN/.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [],
        )
      }),
  )
  if (holes.length > 0)
    throw new Error(`${holes.length} places are left to fill in:\n  ${holes.join('\n  ')}`)
}

/** In every group of settings: a slip of the pen must not go unseen, whatever it was to switch on. */
function checkStrictness(adapter: Adapter, config: Readonly<Record<string, unknown>>): void {
  const parsed: unknown = adapter.config.parse(config)
  const groups = [...placesIn(parsed)].filter(
    ({ value }) => isObject(value) && !Array.isArray(value) && !(value instanceof Secret),
  )
  for (const { path } of groups) {
    const { success } = adapter.config.safeParse(withUnknown(config, parsed, path))
    expect(success, `an unknown setting at ${pointerOf(path) || '/'} is taken`).toBe(false)
  }
}

/** Settings with one more at a path; groups that they leave to their defaults are written out. */
function withUnknown(value: unknown, parsed: unknown, [key, ...rest]: Path): unknown {
  const group = isObject(value) ? value : (parsed as Record<string | number, unknown>)
  if (key === undefined) return { ...group, 'no-such-setting': true }
  const changed = withUnknown(group[key], valueAt(parsed, [key]), rest)
  return Array.isArray(group) ? group.with(Number(key), changed) : { ...group, [key]: changed }
}
