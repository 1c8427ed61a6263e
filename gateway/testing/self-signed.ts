import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** An authority of one certificate; it signs any day, past ones too. */
const authority = `
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
`

/** A throw-away certificate that is its own authority, valid until the end of a year. Needs the openssl command. */
export function selfSigned(name: string, untilYear = 2049): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-certificate-'))
  const openssl = (command: string): void =>
    void execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'ignore' })
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
  try {
    writeFileSync(join(folder, 'index'), '')
    writeFileSync(join(folder, 'authority'), authority)
    openssl(
      `req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key -out wish -subj /CN=${name} -addext subjectAltName=DNS:${name}`,
    )
    openssl(
      `ca -batch -config authority -selfsign -in wish -keyfile key -out cert -notext -startdate 20200101000000Z -enddate ${untilYear}1231000000Z`,
    )
    return { cert: read('cert'), key: read('key') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
