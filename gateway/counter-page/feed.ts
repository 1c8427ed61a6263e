/** One stream of the gateway's events for all browsers that watch, open while somebody does. */
import { setTimeout } from 'node:timers/promises'
import type { Client } from '#gateway/client/client.ts'

export interface Feed {
  /** Calls back when something may have happened to the order, until told to stop. */
  watch(order: string, onChange: () => void): () => void
  close(): void
}

const pauseMs = 2_000

export function createFeed(mpp: Pick<Client, 'events'>): Feed {
  const watching = new Set<{ readonly order: string; readonly onChange: () => void }>()
  let leaving: AbortController | undefined

  async function follow({ signal }: AbortController): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const { submission } of mpp.events({ signal }))
          for (const { order, onChange } of watching) if (order === submission) onChange()
      } catch {
        // The gateway is away, or we are leaving. What was missed meanwhile, each page sees when it looks again.
      }
      await setTimeout(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  return {
    watch(order, onChange) {
      const watcher = { order, onChange }
      watching.add(watcher)
      if (!leaving) {
        leaving = new AbortController()
        void follow(leaving)
      }
      return () => {
        watching.delete(watcher)
        if (watching.size > 0) return
        leaving?.abort()
        leaving = undefined
      }
    },
    close() {
      watching.clear()
      leaving?.abort()
      leaving = undefined
    },
  }
}
