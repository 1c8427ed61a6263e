import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process of its own, asked one thing at a time. */
export interface Child {
  /** Its first message. */
  readonly ready: unknown
  ask<Answer>(question: unknown): Promise<Answer>
  stop(): Promise<void>
}

interface ChildOptions {
  /** As `taskset -c` takes it. */
  readonly cores: string | undefined
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a script and waits until it is ready. It must end by itself when its parent disconnects. */
export async function startChild(script: string, { cores, environment = {} }: ChildOptions): Promise<Child> {
  const command = [...(cores === undefined ? [] : ['taskset', '-c', cores]), process.execPath, script]
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  })
  const ended = once(child, 'exit')

  /** The next message, or the child's end. */
  async function next<Message>(): Promise<Message> {
    const [message] = await Promise.race([
      once(child, 'message'),
      ended.then(([code]) => {
        throw new Error(`${script} ended with ${code}`)
      }),
    ])
    return message as Message
  }

  return {
    ready: await next(),
    async ask<Answer>(question: unknown) {
      child.send(question as object)
      const answer = await next<Answer | { error: string }>()
      if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error)
      return answer as Answer
    },
    async stop() {
      if (child.connected) child.disconnect()
      const patience = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await ended
      clearTimeout(patience)
    },
  }
}

/** The child's side: says that it is ready, then answers questions until the parent disconnects. */
export function answerParent(
  ready: unknown,
  answer: (question: never) => unknown,
  stop: () => unknown = () => {},
): void {
  process.on('message', async (question: unknown) => {
    try {
      process.send!(await answer(question as never))
    } catch (error) {
      process.send!({ error: (error as Error).message })
    }
  })
  process.once('disconnect', async () => {
    await stop()
    process.exit()
  })
  process.send!(ready)
}
