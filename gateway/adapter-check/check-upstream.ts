import type { UpstreamSettings } from '#gateway/upstream/upstream.ts'
import { ask } from './ask.ts'
import { reach } from './reach.ts'
import type { Step } from './step.ts'

/** DNS → TCP → TLS → authentication → a question about nobody. Each is told as soon as it has ended. */
export async function* checkUpstream(settings: UpstreamSettings): AsyncGenerator<Step> {
  let isReached = true
  for await (const step of reach(settings)) {
    if (step.state === 'failed') isReached = false
    yield step
  }
  if (isReached) yield* ask(settings)
  else
    for (const name of ['authentication', 'question'])
      yield { name, state: 'not tried', detail: 'the agency cannot be reached' }
}
