/** `--profile`: where the gateway's CPU time goes. */
import type { Profiler } from 'node:inspector'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { House } from './house.ts'
import { cases, type Load, measure } from './measure.ts'
import type { Profiled } from './servers/profiler.ts'
import type { ServerQuestion } from './servers/under-test.ts'
import { columns } from './table.ts'

const root = pathToFileURL(join(import.meta.dirname, '../')).href

export async function profile(house: House, load: Load): Promise<void> {
  const { ask } = house.servers.get('gateway')!
  const ours = cases.filter(({ server }) => server === 'gateway')
  for (const one of ours) await measure(house, one, load) // to warm up
  for (const one of ours) {
    await ask('start profile' satisfies ServerQuestion)
    const { cpu, mainCpu } = await measure(house, one, load)
    const { main, workers } = await ask<Profiled>('stop profile' satisfies ServerQuestion)
    console.log(
      `${one.title}: ${cpu.toFixed(1)} µs CPU a request under the profiler, ${mainCpu.toFixed(1)} of them in the main thread\n`,
    )
    console.log(`${describe('main thread', readProfile(main), mainCpu)}\n`)
    for (const worker of workers)
      console.log(`${describe('store thread', readProfile(worker), cpu - mainCpu)}\n`)
  }
}

/**
 * Busy time, by three views of the same samples. The profiler's clock is the wall's and goes on while the core is another
 * thread's, so only shares count: of the CPU time that the thread really used.
 */
interface Times {
  readonly busy: number
  /** By the code that ran: a folder of the house, a package, a part of Node. */
  readonly byPlace: ReadonlyMap<string, number>
  /** By the folder of the house that wanted it, whatever ran for it. */
  readonly byRoom: ReadonlyMap<string, number>
  /** By function. */
  readonly byFunction: ReadonlyMap<string, number>
}

function readProfile({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Times {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const parents = new Map(nodes.flatMap(node => (node.children ?? []).map(child => [child, node] as const)))
  const selfTimes = new Map<number, number>()
  samples.forEach((id, index) => add(selfTimes, id, timeDeltas[index + 1] ?? 0))

  const byPlace = new Map<string, number>()
  const byRoom = new Map<string, number>()
  const byFunction = new Map<string, number>()
  let busy = 0
  for (const [id, time] of selfTimes) {
    const node = byId.get(id)!
    const { functionName, url, lineNumber } = node.callFrame
    if (functionName === '(idle)') continue
    busy += time
    // Native code has no place of its own: it belongs to whoever called it.
    const placed = find(node, ({ callFrame }) => callFrame.url !== '')
    const place = functionName.startsWith('(') ? functionName : placeOf(placed?.callFrame.url ?? '')
    const room = find(node, ({ callFrame }) => isOurs(callFrame.url))
    add(byPlace, place, time)
    add(
      byRoom,
      room
        ? placeOf(room.callFrame.url)
        : functionName.startsWith('(')
          ? functionName
          : 'outside: server, client, event loop',
      time,
    )
    const file = url.replace(root, '').replace(/^.*node_modules\//, '')
    add(
      byFunction,
      `${functionName || '(anonymous)'} ${url ? `${file}:${lineNumber + 1}` : `native, in ${place}`}`,
      time,
    )
  }
  return { busy, byPlace, byRoom, byFunction }

  function find(
    from: Profiler.ProfileNode,
    fits: (node: Profiler.ProfileNode) => boolean,
  ): Profiler.ProfileNode | undefined {
    let node: Profiler.ProfileNode | undefined = from
    while (node && !fits(node)) node = parents.get(node.id)
    return node
  }
}

const isOurs = (url: string): boolean =>
  url.startsWith(root) && !url.includes('/node_modules/') && !url.includes('/bench/')

/** `gateway/http`, `gateway/query.ts`, `zod`, `node:http`. */
function placeOf(url: string): string {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(url) ?? []
  if (inPackage) return inPackage
  if (url.startsWith(root)) return url.slice(root.length).split('/').slice(0, 2).join('/')
  if (/^node:(_http|internal\/http)/.test(url)) return 'node:http'
  if (/^node:(net|internal\/(net|stream_base|streams))/.test(url)) return 'node:net, streams'
  if (/^node:(internal\/)?(timers|process|async|event|events)/.test(url)) return 'node:timers, events, ticks'
  return url.replace(/^node:internal\//, 'node:').replace(/^(node:[^/]+).*$/, '$1') || 'native'
}

function describe(thread: string, { busy, byPlace, byRoom, byFunction }: Times, cpu: number): string {
  const rows = (title: string, times: ReadonlyMap<string, number>, most: number) => [
    [title, '%', 'µs/request'],
    ...[...times]
      .toSorted(([, one], [, other]) => other - one)
      .slice(0, most)
      .map(([name, time]) => [name, ((100 * time) / busy).toFixed(1), ((time / busy) * cpu).toFixed(2)]),
  ]
  return [
    columns(rows(`${thread}: for whom`, byRoom, 30)),
    columns(rows(`${thread}: what ran`, byPlace, 30)),
    columns(rows(`${thread}: functions by self time`, byFunction, 25)),
  ].join('\n\n')
}

function add<Key>(times: Map<Key, number>, key: Key, time: number): void {
  times.set(key, (times.get(key) ?? 0) + time)
}
