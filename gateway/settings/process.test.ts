import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readProcessSettings } from './process.ts'
import type { Problem } from './read-yaml.ts'

function read(environment: Record<string, string>) {
  const problems: Problem[] = []
  const { traces } = readProcessSettings({ MPP_CONFIG: 'mall', ...environment }, problems)
  return { traces, wrong: problems.map(({ path, expected }) => `${path}: ${expected}`) }
}

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.mall.example:4318' }

it('traces nothing unless a collector is named', () => {
  expect(read({})).toEqual({ traces: undefined, wrong: [] })
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_SERVICE_NAME: 'mall' }).traces).toBeUndefined()
})

it('posts to /v1/traces of the endpoint, all that begins here, as mpp-gateway', () => {
  const usual = {
    url: 'http://collector.mall.example:4318/v1/traces',
    headers: {},
    serviceName: 'mpp-gateway',
    sampler: { followsParent: true, ratio: 1 },
  }
  expect(read(endpoint)).toEqual({ traces: usual, wrong: [] })
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint.OTEL_EXPORTER_OTLP_ENDPOINT}/` }).traces).toEqual(
    usual,
  )
})

it('takes the address of traces as it is', () => {
  const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/otlp' }
  expect(read({ ...endpoint, ...whole }).traces?.url).toBe('https://traces.example/otlp')
})

it.each([
  ['parentbased_always_on', '0.5', { followsParent: true, ratio: 1 }],
  ['parentbased_always_off', undefined, { followsParent: true, ratio: 0 }],
  ['parentbased_traceidratio', '0.25', { followsParent: true, ratio: 0.25 }],
  ['always_on', undefined, { followsParent: false, ratio: 1 }],
  ['always_off', undefined, { followsParent: false, ratio: 0 }],
  ['traceidratio', '0.01', { followsParent: false, ratio: 0.01 }],
  ['traceidratio', undefined, { followsParent: false, ratio: 1 }],
])('samples by %s with %s', (name, share, sampler) => {
  const given = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: share ?? '' }
  expect(read({ ...endpoint, ...given }).traces?.sampler).toEqual(sampler)
})

it('takes headers from the environment, or from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-process-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'headers')
  writeFileSync(file, 'authorization=Bearer%20of-the-file\n')
  expect(read({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS_FILE: file }).traces?.headers).toEqual({
    authorization: 'Bearer of-the-file',
  })
  const OTEL_EXPORTER_OTLP_HEADERS = 'x-mall=contoh, authorization=Basic%20YTpi'
  expect(read({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS }).traces?.headers).toEqual({
    'x-mall': 'contoh',
    authorization: 'Basic YTpi',
  })
})

it('lists everything that does not fit, and repeats no secret', () => {
  const { wrong } = read({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'grpc://collector',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_HEADERS: 'sekretkenari',
    OTEL_TRACES_SAMPLER: 'sometimes',
    OTEL_TRACES_SAMPLER_ARG: '20%',
  })
  expect(wrong).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT: http://… or https://…',
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: http://… or https://…',
    'OTEL_EXPORTER_OTLP_PROTOCOL: http/json: no other protocol is spoken',
    'OTEL_EXPORTER_OTLP_HEADERS: name=value,name=value, percent-encoded',
    expect.stringMatching(/^OTEL_TRACES_SAMPLER: one of parentbased_always_on, /),
    'OTEL_TRACES_SAMPLER_ARG: a share, from 0 to 1',
  ])
})

it.each(['a', '=b', 'a b=c', 'a=%0D%0Ab', 'a=%zz'])('takes no headers like %s', text => {
  expect(read({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: text }).wrong).toHaveLength(1)
})
