/**
 * Pages that stay true while they are open. What several of them show is worked out once for all: a page that is watched is
 * looked at again at most once a second, and each one that is open is sent what has changed since it last took anything.
 */
import { randomBytes } from 'node:crypto'
import { html } from 'hono/html'
import { GatewayFailure } from '#gateway/failure.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import { createBell } from '#gateway/telling/bell.ts'
import type { Fragment, Look, View } from './view.ts'

/** A page as it is now. */
export interface Shown {
  readonly version: string
  readonly fragments: readonly ShownFragment[]
}

export interface ShownFragment extends Pick<Fragment, 'id' | 'list'> {
  readonly html: string
}

/** Who watches which page: those with one key see the same. */
export interface Watching {
  readonly key: string
  readonly view: View
  /** As of now. */
  readonly look: () => Look
}

export interface BoardStream extends Watching {
  /** What the page shows already. */
  readonly version: string
  /** Asked every few seconds. */
  readonly isStillKnown: () => boolean
  /** Breaks the connection of a page that takes nothing. */
  readonly cutOff: () => void
}

export interface Live {
  /** Looked at now, or within the last second by somebody else; `isFresh`: now. */
  show(watching: Watching, isFresh: boolean): Promise<Shown>
  /** Server-sent events; undefined: too many are open. */
  stream(options: BoardStream): ReadableStream<Uint8Array> | undefined
  readonly open: number
  /** Ends all streams. */
  drain(): void
}

export interface LiveHouse {
  readonly log: Log
  readonly now: () => number
  readonly onOpen: (open: number) => void
  readonly settings?: Partial<LiveSettings>
}

export interface LiveSettings {
  /** Between two looks at a page. */
  readonly everyMs: number
  /** A page hears from us at least so often. */
  readonly beatMs: number
  /** Then a page comes again, which renews its session. */
  readonly longestMs: number
  readonly patienceMs: number
  readonly most: number
}

const usual: LiveSettings = {
  everyMs: 1_000,
  beatMs: 5_000,
  longestMs: 60 * 60_000,
  patienceMs: 20_000,
  most: 256,
}

/** How a fragment stands: since which look. */
interface Kept extends ShownFragment {
  /** Without what only the passing of time changes. */
  readonly lasting: string
  readonly changedAt: number
  /** As JSON, once for all who are sent it. */
  readonly json: string
}

interface Watch {
  readonly watching: Watching
  readonly streams: Set<Stream>
  kept: ReadonlyMap<string, Kept>
  number: number
  lookedAt: number
  /** The last look came to nothing: what is shown may not be so any more. */
  isBlind: boolean
  looking: Promise<void> | undefined
}

interface Stream {
  wake(): void
  end(): void
}

const retryMs = 2_000
const keptMs = 10_000

export function createLive({ log, now, onOpen, settings = {} }: LiveHouse): Live {
  const { everyMs, beatMs, longestMs, patienceMs, most } = { ...usual, ...settings }
  /** Versions of another process are none of ours. */
  const process = randomBytes(4).toString('hex')
  const watches = new Map<string, Watch>()
  let open = 0
  let isDraining = false
  let timer: NodeJS.Timeout | undefined

  const watchOf = (watching: Watching): Watch =>
    watches.getOrInsertComputed(watching.key, () => ({
      watching,
      streams: new Set(),
      kept: new Map(),
      number: 0,
      lookedAt: -Infinity,
      isBlind: false,
      looking: undefined,
    }))

  function look(watch: Watch): Promise<void> {
    watch.looking ??= lookOnce(watch).finally(() => {
      watch.looking = undefined
    })
    return watch.looking
  }

  async function lookOnce(watch: Watch): Promise<void> {
    const { view, look } = watch.watching
    watch.lookedAt = performance.now()
    const fragments = await view.fragments(look()).catch((error: unknown) => {
      watch.isBlind = true
      throw error
    })
    const number = watch.number + 1
    const kept = new Map<string, Kept>()
    let hasChanged = fragments.length !== watch.kept.size
    const order = [...watch.kept.keys()]
    for (const [index, { id, list, content }] of fragments.entries()) {
      const text = String(await html`${content}`)
      const lasting = withoutAges(text)
      const before = watch.kept.get(id)
      const isSame = before?.lasting === lasting
      if (!isSame || order[index] !== id) hasChanged = true
      kept.set(
        id,
        isSame
          ? { ...before, html: text }
          : {
              id,
              html: text,
              lasting,
              changedAt: number,
              json: JSON.stringify([id, text]),
              ...(list && { list }),
            },
      )
    }
    watch.kept = kept
    watch.isBlind = false
    if (!hasChanged) return
    watch.number = number
    for (const stream of watch.streams) stream.wake()
  }

  function lookAtAll(): void {
    const at = performance.now()
    for (const [key, watch] of watches) {
      if (watch.streams.size === 0) {
        if (at - watch.lookedAt > keptMs) watches.delete(key)
      } else if (at - watch.lookedAt >= everyMs * 0.9)
        look(watch).catch((error: unknown) => {
          // That the store is away is told elsewhere.
          if (!(error instanceof GatewayFailure))
            log.error({ fault: faultOf(error) }, 'a page of the board could not be made')
        })
    }
    if (watches.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  const versionOf = (watch: Watch): string => `${process}.${watch.number}`
  const numberIn = (version: string): number =>
    version.startsWith(`${process}.`) ? Number(version.slice(process.length + 1)) : 0

  /** What a page has to be sent that shows this; and its new version. */
  function changesSince(watch: Watch, number: number): string {
    const all = [...watch.kept.values()]
    const changed = all.filter(({ changedAt }) => changedAt > number)
    const tiles = all.filter(({ list }) => list === 'tiles').map(({ id }) => id)
    const lists = tiles.length > 0 ? [['tiles', tiles]] : []
    return `event: change\ndata: {"at":${now()},"version":"${versionOf(watch)}","lists":${JSON.stringify(lists)},"fragments":[${changed.map(({ json }) => json).join(',')}]}\n\n`
  }

  function openStream(
    watch: Watch,
    { version, isStillKnown, cutOff }: BoardStream,
  ): ReadableStream<Uint8Array> {
    const bell = createBell()
    const encoder = new TextEncoder()
    const startedAt = performance.now()
    let number = numberIn(version)
    let isOpening = true
    let isEnding = isDraining
    let isOver = false
    let patience: NodeJS.Timeout | undefined

    const stream: Stream = {
      wake: bell.ring,
      end() {
        isEnding = true
        bell.ring()
      },
    }

    function over(): void {
      if (isOver) return
      isOver = isEnding = true
      clearTimeout(patience)
      watch.streams.delete(stream)
      onOpen((open -= 1))
      bell.ring()
    }

    async function next(): Promise<string | undefined> {
      if (isOpening) {
        isOpening = false
        return `retry: ${retryMs}\nevent: beat\ndata: ${now()}\n\n`
      }
      if (watch.number === number) await bell.wait(beatMs)
      if (isEnding || performance.now() - startedAt > longestMs) return undefined
      if (!isStillKnown()) {
        isEnding = true
        return 'event: over\ndata: \n\n'
      }
      // A page that hears nothing says that it is not live.
      if (watch.isBlind) return ': \n\n'
      if (watch.number === number) return `event: beat\ndata: ${now()}\n\n`
      const changes = changesSince(watch, number)
      number = watch.number
      return changes
    }

    watch.streams.add(stream)
    onOpen((open += 1))
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          clearTimeout(patience)
          const text = isEnding ? undefined : await next()
          if (isOver) return
          if (text === undefined) {
            over()
            return controller.close()
          }
          controller.enqueue(encoder.encode(text))
          patience = setTimeout(() => {
            cutOff()
            over()
          }, patienceMs)
        },
        cancel: over,
      },
      { highWaterMark: 0 },
    )
  }

  return {
    async show(watching, isFresh) {
      const watch = watchOf(watching)
      timer ??= setInterval(lookAtAll, everyMs).unref()
      await watch.looking
      if (isFresh || performance.now() - watch.lookedAt >= everyMs) await look(watch)
      return { version: versionOf(watch), fragments: [...watch.kept.values()] }
    },

    stream(options) {
      if (open >= most) return undefined
      const watch = watchOf(options)
      timer ??= setInterval(lookAtAll, everyMs).unref()
      return openStream(watch, options)
    },

    get open() {
      return open
    },

    drain() {
      isDraining = true
      clearInterval(timer)
      for (const { streams } of watches.values()) for (const stream of streams) stream.end()
    },
  }
}

/** Ages are told by the page itself. */
const withoutAges = (text: string): string => text.replaceAll(/(<time [^>]*data-age[^>]*>)[^<]*/g, '$1')
