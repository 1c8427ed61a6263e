import { join } from 'node:path'
import { z } from 'zod'
import { check, fittingParts } from './check.ts'
import type { TraceSettings } from '#gateway/ops/tracing.ts'
import { readPostgresUrl } from '#gateway/store/postgres-url.ts'
import { configFolder } from './load.ts'
import { type Environment, type Problem, readText } from './read-yaml.ts'

/** What a process is told by its environment. */
export interface ProcessSettings {
  readonly configPath: string | undefined
  readonly host: string
  readonly port: number
  readonly dataFolder: string
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  /** Undefined: nothing is traced. */
  readonly traces: TraceSettings | undefined
}

/** The share that a sampler takes where nobody has decided yet; undefined: `OTEL_TRACES_SAMPLER_ARG` says it. */
const samplers = {
  parentbased_always_on: { followsParent: true, ratio: 1 },
  parentbased_always_off: { followsParent: true, ratio: 0 },
  parentbased_traceidratio: { followsParent: true, ratio: undefined },
  always_on: { followsParent: false, ratio: 1 },
  always_off: { followsParent: false, ratio: 0 },
  traceidratio: { followsParent: false, ratio: undefined },
} as const
const samplerNames = Object.keys(samplers) as (keyof typeof samplers)[]

const collectorUrl = z.url({ protocol: /^https?$/, error: 'http://… or https://…' })

export const environmentVariables = z.object({
  MPP_CONFIG: z
    .string({ error: 'the folder that `npm run init <folder>` wrote, or its gateway.yaml' })
    .describe('The folder with `gateway.yaml` and `agreements/`, or the `gateway.yaml` itself.'),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'The address to listen on; `0.0.0.0` for all. Whoever listens beyond this machine puts TLS in front.',
    ),
  PORT: z
    .string()
    .refine(text => /^\d{1,5}$/.test(text) && Number(text) < 65_536, {
      error: 'a port number; 0 takes a free one',
    })
    .transform(Number)
    .prefault('8080')
    .describe('The port to listen on; `0` takes a free one.'),
  MPP_DATA: z
    .string()
    .optional()
    .describe(
      'The data folder: cases and ledger. One gateway at a time; made when absent. Default: `data` beside `gateway.yaml`. Not used with `DATABASE_URL`.',
    ),
  DATABASE_URL: z
    .string()
    .superRefine((text, context) => {
      try {
        readPostgresUrl(text)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
      }
    })
    .optional()
    .describe(
      'PostgreSQL instead of the data folder, for any number of gateways: `postgres://user:password@host:port/database`, with `?schema=…`, `sslmode=…`, `sslrootcert=…` where needed.',
    ),
  DATABASE_URL_FILE: z.string().optional().describe('A file that holds `DATABASE_URL`.'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'redis://… or rediss://…' })
    .optional()
    .describe('Shared answers are kept here too, sealed. Default: in memory only.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl
    .optional()
    .describe(
      'A collector of OpenTelemetry traces, `http://127.0.0.1:4318` say: spans are posted to its `/v1/traces`. Without it nothing is traced.',
    ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collectorUrl
    .optional()
    .describe('The whole address that spans are posted to, instead.'),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .literal('http/json', { error: 'http/json: no other protocol is spoken' })
    .optional()
    .describe('Only `http/json` is spoken.'),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .refine(text => headersOf(text) !== undefined, { error: 'name=value,name=value, percent-encoded' })
    .transform(text => headersOf(text)!)
    .optional()
    .describe('What the collector wants to see with every post: `name=value,name=value`, percent-encoded.'),
  OTEL_EXPORTER_OTLP_HEADERS_FILE: z
    .string()
    .optional()
    .describe('A file that holds `OTEL_EXPORTER_OTLP_HEADERS`.'),
  OTEL_SERVICE_NAME: z.string().default('mpp-gateway').describe('What this gateway is called in traces.'),
  OTEL_TRACES_SAMPLER: z
    .enum(samplerNames)
    .default('parentbased_always_on')
    .describe(
      'Which traces are told. `parentbased_…`: those that a caller has begun as the caller decided, and of the others this share.',
    ),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .refine(text => /^\d*\.?\d+$/.test(text) && Number(text) <= 1, { error: 'a share, from 0 to 1' })
    .transform(Number)
    .prefault('1')
    .describe('The share of the two samplers called `…traceidratio`.'),
})

/** Undefined: they do not fit. */
function headersOf(text: string): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      text.split(',').map(pair => {
        const [, name, value] = /^([\w!#$%&'*+.^`|~-]+)=(.*)$/.exec(pair.trim())!
        const decoded = decodeURIComponent(value!)
        if (!/^[ -~]*$/.test(decoded)) throw new TypeError('no value of a header')
        return [name, decoded]
      }),
    )
  } catch {
    return undefined
  }
}

/**
 * A variable that is set but empty counts as not set. One that does not fit is added to the problems, which stop the start
 * after the files have been checked as well.
 */
export function readProcessSettings(environment: Environment, problems: Problem[]): ProcessSettings {
  const given = withSecretFiles(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
    problems,
  )
  check(environmentVariables, given, { file: 'environment' }, problems)
  const parts = fittingParts(environmentVariables, given)
  const { MPP_CONFIG, HOST = '', PORT = 0, MPP_DATA, DATABASE_URL, REDIS_URL } = parts
  return {
    configPath: MPP_CONFIG,
    host: HOST,
    port: PORT,
    dataFolder: MPP_DATA ?? join(configFolder(MPP_CONFIG ?? ''), 'data'),
    databaseUrl: DATABASE_URL,
    redisUrl: REDIS_URL,
    traces: traceSettings(parts),
  }
}

function traceSettings(parts: Partial<z.output<typeof environmentVariables>>): TraceSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = parts
  const url = whole ?? (base && `${base.replace(/\/$/, '')}/v1/traces`)
  const { OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, OTEL_EXPORTER_OTLP_HEADERS } =
    parts
  if (url === undefined || !OTEL_TRACES_SAMPLER) return undefined
  const { followsParent, ratio = OTEL_TRACES_SAMPLER_ARG ?? 1 } = samplers[OTEL_TRACES_SAMPLER]
  return {
    url,
    headers: OTEL_EXPORTER_OTLP_HEADERS ?? {},
    serviceName: OTEL_SERVICE_NAME ?? '',
    sampler: { followsParent, ratio },
  }
}

/** These hold passwords, so they may come in a file, as every secret may. */
const secrets = ['DATABASE_URL', 'OTEL_EXPORTER_OTLP_HEADERS'] as const

function withSecretFiles(given: Environment, problems: Problem[]): Environment {
  const read = secrets.flatMap(name => {
    const file = given[`${name}_FILE`]
    if (given[name] !== undefined || file === undefined) return []
    const text = readText(file, code => {
      const expected = `a readable file named by ${name}_FILE (${code})`
      problems.push({ file: 'environment', path: `${name}_FILE`, expected })
      return ''
    })
    return text === '' ? [] : [[name, text]]
  })
  return { ...given, ...Object.fromEntries(read) }
}
