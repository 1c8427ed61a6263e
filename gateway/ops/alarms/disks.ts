/** How much room there is where things are kept. Of a database elsewhere nobody here can know it. */
import type { StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import type { DiskFacts } from './conditions.ts'

export type ReadDisk = (path: string) => Promise<Pick<StatsFs, 'bsize' | 'blocks' | 'bavail'>>

export interface Disk {
  /** `data`, `anchors` */
  readonly name: string
  readonly path: string
}

/** Without those that cannot be read, or that have no size. */
export async function readDisks(
  disks: readonly Disk[],
  read: ReadDisk = statfs,
): Promise<readonly DiskFacts[]> {
  const found = await Promise.allSettled(
    disks.map(async ({ name, path }) => {
      const { bsize, blocks, bavail } = await read(path)
      return { name, freeBytes: bavail * bsize, totalBytes: blocks * bsize }
    }),
  )
  return found.flatMap(one => (one.status === 'fulfilled' && one.value.totalBytes > 0 ? [one.value] : []))
}
