/** The gateway as a process: it loads what traces need only where a collector is named, and tells it the rest at its end. */
import { expect, it } from 'vitest'
import { startCollector } from '#gateway/testing/trace-collector.ts'
import { addressOf, defaultAgency, initTrial, start } from '../start/processes.ts'

/** Prints every module of OpenTelemetry's SDK that is loaded. (Its API comes with prom-client, and does nothing by itself.) */
const telling = `--import=data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({
    load(url, context, next) {
      if (/@opentelemetry.(?!api.)/.test(url)) process.stderr.write('loaded ' + url + '\\n')
      return next(url, context)
    },
  })
`)}`

it('loads nothing of the SDK unless a collector is named', async () => {
  const { folder } = await initTrial(defaultAgency)
  const gateway = start({ MPP_CONFIG: folder, NODE_OPTIONS: telling })
  await addressOf(gateway)
  expect(gateway.printed).not.toContain('loaded')
})

it('traces where one is named, and tells it the last spans before it ends', async () => {
  const collector = await startCollector()
  const { folder } = await initTrial(defaultAgency)
  const gateway = start({
    MPP_CONFIG: folder,
    NODE_OPTIONS: telling,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.settings.url,
    OTEL_SERVICE_NAME: 'mall-of-the-test',
  })
  const url = await addressOf(gateway)
  expect(gateway.printed).toContain('loaded')
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
  expect(collector.spans.map(({ name }) => name)).toContain('GET /health/live')
  expect(collector.bodies.join('')).toContain('mall-of-the-test')
})
