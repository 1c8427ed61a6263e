import { answerParent } from '../child.ts'
import { type Profiled, startProfile } from './profiler.ts'

/** CPU time used so far, in microseconds. */
export interface Usage {
  /** All threads, the system's part included. */
  readonly process: number
  /** The one thread that answers. */
  readonly main: number
}

export type ServerQuestion = 'usage' | 'start profile' | 'stop profile'
/** Of a gateway only; `open orders`: how many are not over yet. */
export type GatewayQuestion = ServerQuestion | 'hold' | 'release' | 'open orders'

/** What every server here does besides answering: it says where it is and what it costs. */
export function underTest(
  url: string,
  stop?: () => unknown,
  others: Partial<Record<GatewayQuestion, () => unknown>> = {},
): void {
  let stopProfile: (() => Promise<Profiled>) | undefined
  answerParent(
    { url },
    async (question: GatewayQuestion) => {
      switch (question) {
        case 'usage':
          return { process: sum(process.cpuUsage()), main: sum(process.threadCpuUsage()) } satisfies Usage
        case 'start profile':
          stopProfile = await startProfile()
          return 'started'
        case 'stop profile':
          return await stopProfile?.()
        default:
          return (await others[question]?.()) ?? 'done'
      }
    },
    stop,
  )
}

const sum = ({ user, system }: NodeJS.CpuUsage): number => user + system
