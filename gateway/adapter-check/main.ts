/** `npm run adapter-check <upstream>`: tries a configured upstream step by step. Needs neither the store nor Redis. */
import { SettingsInvalid } from '#gateway/settings/load.ts'
import { readSettings } from '#gateway/settings/read.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import { checkUpstream } from './check-upstream.ts'
import { lineOf, type Step } from './step.ts'

const id = process.argv[3]

if (id === undefined) {
  console.error(
    'Which upstream? MPP_CONFIG=<folder> npm run adapter-check <upstream> tries one of the configuration, step by step.',
  )
  process.exitCode = 1
} else await check(id)

async function check(upstreamId: string): Promise<void> {
  const startedAt = performance.now()
  const configuration = (state: 'ok' | 'failed', detail: string): void =>
    tell({ name: 'configuration', state, ms: performance.now() - startedAt, detail })

  let settings: Settings
  try {
    settings = (await readSettings(process.env)).settings
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error
    configuration('failed', 'mend this first:')
    return console.log(`\n${error.message}\n`)
  }
  const { upstreams } = settings
  const upstream = upstreams.find(({ id }) => id === upstreamId)
  if (!upstream) {
    const known = upstreams.map(({ id }) => id).join(', ')
    return configuration('failed', `it has no upstream ${upstreamId}: expected one of ${known}`)
  }
  configuration('ok', `${upstream.adapter.title.en} at ${upstream.baseUrl}`)
  for await (const step of checkUpstream(upstream)) tell(step)
}

function tell(step: Step): void {
  console.log(lineOf(step))
  if (step.state === 'failed') process.exitCode = 1
}
