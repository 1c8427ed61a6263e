/** CPU profiles of this process: the main thread, and each worker thread through the inspector's `NodeWorker` domain. */
import { once } from 'node:events'
import { type NodeWorker, type Profiler, Session } from 'node:inspector/promises'

export interface Profiled {
  readonly main: Profiler.Profile
  readonly workers: readonly Profiler.Profile[]
}

const sampleEveryUs = 200

/** Starts all profiles; what it returns stops them. */
export async function startProfile(): Promise<() => Promise<Profiled>> {
  const session = new Session()
  session.connect()
  const workers: string[] = []
  session.on('NodeWorker.attachedToWorker', ({ params }) => workers.push(params.sessionId))
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: sampleEveryUs })

  for (const worker of workers) {
    await askWorker(session, worker, 'Profiler.enable')
    await askWorker(session, worker, 'Profiler.setSamplingInterval', { interval: sampleEveryUs })
    await askWorker(session, worker, 'Profiler.start')
  }
  await session.post('Profiler.start')

  return async function stopProfile() {
    const { profile: main } = await session.post('Profiler.stop')
    const profiles: Profiler.Profile[] = []
    for (const worker of workers) {
      const { profile } = await askWorker<{ profile: Profiler.Profile }>(session, worker, 'Profiler.stop')
      profiles.push(profile)
    }
    session.disconnect()
    return { main, workers: profiles }
  }
}

let lastId = 0

async function askWorker<Result>(
  session: Session,
  sessionId: string,
  method: string,
  params = {},
): Promise<Result> {
  const id = (lastId += 1)
  const replied = once(session, 'NodeWorker.receivedMessageFromWorker')
  await session.post('NodeWorker.sendMessageToWorker', {
    sessionId,
    message: JSON.stringify({ id, method, params }),
  })
  for (let reply = replied; ; reply = once(session, 'NodeWorker.receivedMessageFromWorker')) {
    const [{ params: received }] = (await reply) as [
      { params: NodeWorker.ReceivedMessageFromWorkerEventDataType },
    ]
    const message = JSON.parse(received.message) as { id?: number; result: Result }
    if (received.sessionId === sessionId && message.id === id) return message.result
  }
}
