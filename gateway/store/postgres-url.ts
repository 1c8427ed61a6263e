import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

/** Where the database is, as `postgres://user:password@host:port/database?schema=…&sslmode=…` says it. */
export interface PostgresTarget {
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  /** The tables' own; that of the role's search path unless told. */
  readonly schema: string | undefined
  /** False is plain text. Certificates are always checked. */
  readonly ssl: false | ConnectionOptions
  /** `host:port/database`, for people: no credentials. */
  readonly name: string
}

const parameters: readonly string[] = ['schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']
const schemaPattern = /^[a-z_][a-z0-9_]{0,62}$/
const loopback: readonly string[] = ['localhost', '127.0.0.1', '::1']

/** Throws an Error whose message is what was expected, never what was found: the address may hold a password. */
export function readPostgresUrl(text: string): PostgresTarget {
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new Error('postgres://user:password@host:port/database')
  const url = new URL(text)
  const given = Object.fromEntries(url.searchParams)
  const unknown = Object.keys(given).find(name => !parameters.includes(name))
  if (unknown !== undefined) throw new Error(`no other parameters than ${parameters.join(', ')}`)
  const { schema } = given
  if (schema !== undefined && !schemaPattern.test(schema))
    throw new Error('schema: small letters, digits and _')
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (host === '') throw new Error('postgres://… with a host')
  const port = Number(url.port || 5432)
  const database = decodeURIComponent(url.pathname.slice(1)) || undefined
  return {
    host,
    port,
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    database,
    schema,
    ssl: readTls(given, loopback.includes(host)),
    name: `${url.hostname}:${port}${database === undefined ? '' : `/${database}`}`,
  }
}

/** TLS to everything but this machine, unless told otherwise; one that accepts any certificate is not to be had. */
function readTls(
  given: Readonly<Record<string, string | undefined>>,
  isLocal: boolean,
): false | ConnectionOptions {
  const { sslmode = isLocal ? 'disable' : 'verify-full', sslrootcert, sslcert, sslkey } = given
  if (sslmode === 'disable') return false
  if (sslmode !== 'require' && sslmode !== 'verify-full')
    throw new Error('sslmode: verify-full (require is the same here) or disable')
  return {
    rejectUnauthorized: true,
    ...(sslrootcert !== undefined && { ca: readFileSync(sslrootcert) }),
    ...(sslcert !== undefined && { cert: readFileSync(sslcert) }),
    ...(sslkey !== undefined && { key: readFileSync(sslkey) }),
  }
}
