import { join } from 'node:path'
import { z } from 'zod'
import { check, fittingParts } from './check.ts'
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
}

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
})

/**
 * A variable that is set but empty counts as not set. One that does not fit is added to the problems, which stop the start
 * after the files have been checked as well.
 */
export function readProcessSettings(environment: Environment, problems: Problem[]): ProcessSettings {
  const given = withDatabaseUrl(
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
  }
}

/** Holds a password, so it may come in a file, as every secret may. */
function withDatabaseUrl(given: Environment, problems: Problem[]): Environment {
  const { DATABASE_URL, DATABASE_URL_FILE: file } = given
  if (DATABASE_URL !== undefined || file === undefined) return given
  const text = readText(file, code => {
    const expected = `a readable file named by DATABASE_URL_FILE (${code})`
    problems.push({ file: 'environment', path: 'DATABASE_URL_FILE', expected })
    return ''
  })
  return text === '' ? given : { ...given, DATABASE_URL: text }
}
