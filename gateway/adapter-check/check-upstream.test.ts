import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { toyAdapter } from '#gateway/conformance/toy-adapter.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { page, startScriptedAgency } from '#gateway/testing/scripted-agency.ts'
import { hasOpenssl, selfSigned } from '#gateway/testing/self-signed.ts'
import type { UpstreamSettings } from '#gateway/upstream/upstream.ts'
import dukcapil from '../../adapters/dukcapil/adapter.ts'
import { checkUpstream } from './check-upstream.ts'
import { lineOf } from './step.ts'

const nobody = '9999010101019999'
const password = 'kata-sandi-contoh'

/** The registry's adapter with these capabilities, each with a question about nobody. */
const probing = (...capabilities: readonly string[]): Adapter => ({
  ...dukcapil,
  operations: (operation, submit) =>
    dukcapil
      .operations(operation, submit)
      .filter(({ capability }) => capabilities.includes(capability.id))
      .map(({ capability, specification }) => ({
        capability,
        specification: { ...specification, probe: { nik: nobody } },
      })),
})

function upstream(baseUrl: string, changes: Partial<UpstreamSettings> = {}): UpstreamSettings {
  const { policy } = dukcapil
  return {
    id: 'registry',
    adapter: probing('resident.lookup'),
    baseUrl,
    timeZone: 'Asia/Jakarta',
    config: dukcapil.config.parse({
      institution: 'contoh',
      userId: 'pengguna-contoh',
      password,
      clientIp: '192.0.2.10',
    }),
    policy: { ...policy, retries: 0 },
    ...changes,
  }
}

/** What is printed, with every duration as `N ms` and every run of blanks as one. */
async function printed(settings: UpstreamSettings): Promise<string[]> {
  const lines = (await Array.fromAsync(checkUpstream(settings), lineOf)).join('\n').split('\n')
  return lines.map(line => line.replace(/\d+ ms  /, 'N ms ').replaceAll(/ +/g, ' '))
}

/** Listens on a free port of 127.0.0.1 until the test ends. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => sockets.add(socket.on('error', () => {})))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

const silent = () => listen(createServer())

const impatient = { policy: { ...dukcapil.policy, retries: 0, deadlineMs: 100 } }

describe('the way to an agency', () => {
  it('ends at a name that nobody knows', async () => {
    expect(await printed(upstream('https://nobody.invalid'))).toEqual([
      // A machine without a name server is told that instead.
      expect.stringMatching(/^DNS failed N ms (no such name|the name server does not answer) \(E\w+\)$/),
      expect.stringMatching(/^ next: check .* VPN/),
      'TCP not tried DNS failed',
      'TLS not tried DNS failed',
      'authentication not tried the agency cannot be reached',
      'question not tried the agency cannot be reached',
    ])
  })

  it('ends at a port on which nobody listens', async () => {
    const lines = await printed(upstream(`http://127.0.0.1:${await closedPort()}`))
    expect(lines.slice(0, 4)).toEqual([
      'DNS ok N ms 127.0.0.1 is an address',
      'TCP failed N ms refused: nobody listens on this port (ECONNREFUSED)',
      expect.stringMatching(/^ next: check the port .* firewall/),
      'TLS not tried TCP failed',
    ])
  })

  it('ends where nobody begins TLS, at a deadline', async () => {
    const lines = await printed(upstream(`https://127.0.0.1:${await silent()}`, impatient))
    expect(lines.slice(1, 4)).toEqual([
      expect.stringMatching(/^TCP ok N ms connected to 127\.0\.0\.1, port \d+$/),
      'TLS failed N ms the port is open, and nobody begins TLS (nothing within 100 ms)',
      expect.stringMatching(/^ next: check port and http:\/\/ or https:\/\//),
    ])
  })

  it('ends where something else than TLS answers', async () => {
    await using agency = await startScriptedAgency()
    const lines = await printed(upstream(agency.url.replace('http:', 'https:')))
    expect(lines[2]).toMatch(/^TLS failed N ms what answers here does not speak TLS \(ERR_SSL_\w+\)$/)
    expect(agency.received).toEqual([])
  })
})

const openssl = hasOpenssl()
if (!openssl) console.warn('skipped: the check of certificates (no openssl command)')

describe.skipIf(!openssl && !process.env['CI'])('certificates', () => {
  let ours: { cert: string; key: string }
  beforeAll(() => {
    ours = selfSigned('agency.example')
  })

  const facts = 'agency.example, issued by agency.example, valid until 2049-12-31, authority agency.example'

  async function tlsLines(tls: UpstreamSettings['tls'], server: TlsOptions = ours): Promise<string[]> {
    const port = await listen(createTlsServer(server, socket => socket.on('error', () => {})))
    const lines = await printed(
      upstream(`https://127.0.0.1:${port}`, { adapter: toyAdapter(), ...(tls && { tls }) }),
    )
    return lines.filter(line => /^TLS|next:/.test(line))
  }

  it('tells whose one is, until when, and which authority vouches for it', async () => {
    expect(await tlsLines({ ca: ours.cert, serverName: 'agency.example' })).toEqual([
      `TLS ok N ms ${facts}, as tls.ca has it; TLSv1.3`,
    ])
  })

  it('says where the authority belongs that signed an unknown one, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await tlsLines(undefined)).toEqual([
      `TLS failed N ms nobody that is trusted here vouches for its certificate (DEPTH_ZERO_SELF_SIGNED_CERT); shown: ${facts}`,
      ' next: ask the agency for the certificate of its authority (PEM), and name the file in upstreams.registry.tls.ca',
    ])
  })

  it('says where the name belongs that differs from the host', async () => {
    expect(await tlsLines({ ca: ours.cert })).toEqual([
      `TLS failed N ms its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID); shown: ${facts}`,
      ' next: the name in the certificate belongs into upstreams.registry.tls.serverName',
    ])
  })

  it('tells since when one has expired', async () => {
    const expired = selfSigned('agency.example', 2021)
    expect(await tlsLines({ ca: expired.cert, serverName: 'agency.example' }, expired)).toEqual([
      expect.stringMatching(
        /its certificate has expired \(CERT_HAS_EXPIRED\); shown: agency\.example, .*valid until 2021-12-31/,
      ),
      expect.stringMatching(/^ next: have the agency renew it/),
    ])
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'misses ours where the agency asks for it, over %s',
    async version => {
      const server = {
        ...ours,
        ca: ours.cert,
        requestCert: true,
        rejectUnauthorized: true,
        maxVersion: version,
      }
      const known = { ca: ours.cert, serverName: 'agency.example' }
      expect((await tlsLines({ ...known, ...ours }, server))[0]).toMatch(/^TLS ok N ms/)
      const [told, next] = await tlsLines(known, server)
      expect(told).toMatch(/^TLS failed N ms the agency (wants a certificate of ours|refuses the handshake)/)
      expect(next).toContain('upstreams.registry.tls.cert and upstreams.registry.tls.key')
    },
  )
})

describe('a question about nobody', () => {
  const plain = [
    'DNS ok N ms 127.0.0.1 is an address',
    expect.stringMatching(/^TCP ok/),
    'TLS not tried the address is http://, without TLS',
  ]
  const asked = async (
    says: Parameters<Awaited<ReturnType<typeof startScriptedAgency>>['says']>,
    changes: Partial<UpstreamSettings> = {},
  ) => {
    await using agency = await startScriptedAgency()
    agency.says(...says)
    const lines = await printed(upstream(agency.url, changes))
    expect(lines.slice(0, 3)).toEqual(plain)
    return { lines: lines.slice(3), received: [...agency.received] }
  }

  it('shows that the agency knows us, whether it finds somebody or not', async () => {
    const { lines, received } = await asked([page({ RESPONSE_CODE: '13', RESPON: 'Data Tidak Ditemukan' })])
    expect(lines).toEqual([
      'authentication ok the agency knows us',
      "question resident.lookup ok N ms answered: NOT_FOUND; agency's code 13",
    ])
    expect(JSON.parse(received[0]!)).toMatchObject({ nik: nobody, password })

    const found = await asked([page({ NIK: nobody, NAMA_LGKP: 'WARGA CONTOH' })])
    expect(found.lines).toEqual([
      'authentication ok the agency knows us',
      'question resident.lookup ok N ms answered',
    ])
  })

  it("tells a wrong password with the agency's own code, and asks once only", async () => {
    const { lines, received } = await asked([page({ RESPONSE_CODE: '03', RESPON: 'Login gagal' })], {
      adapter: probing('resident.lookup', 'resident.match'),
    })
    expect(lines).toEqual([
      "authentication failed N ms the agency refuses our access: UPSTREAM_MISCONFIGURED; agency's code 03",
      expect.stringMatching(/^ next: check the credentials in upstreams\.registry\.config, .* registered$/),
      'question resident.lookup not tried authentication failed',
      'question resident.match not tried authentication failed',
    ])
    expect(received).toHaveLength(1)
    expect(lines.join('\n')).not.toContain(password)
  })

  it('tells a refusal by HTTP the same way', async () => {
    const { lines } = await asked([{ status: 401, body: '' }])
    expect(lines[0]).toMatch(/^authentication failed .* UPSTREAM_MISCONFIGURED; agency's code HTTP 401/)
  })

  it('leaves our access open when no usable answer came', async () => {
    const silence = await asked(['silence'], impatient)
    expect(silence.lines).toEqual([
      'authentication not tried cannot be told: the question below got no usable answer',
      'question resident.lookup failed N ms UPSTREAM_TIMEOUT (deadline)',
      expect.stringMatching(/^ next: .* within 100 ms: .* upstreams\.registry\.policy\.deadlineMs$/),
    ])
    const page = await asked([
      { headers: { 'content-type': 'text/html' }, body: '<html>Selamat datang</html>' },
    ])
    expect(page.lines.slice(1)).toEqual([
      expect.stringMatching(/^question resident\.lookup failed N ms UPSTREAM_UNREADABLE/),
      expect.stringMatching(/^ next: something else answers here: check baseUrl/),
    ])
  })

  it('counts a spent quota as access that works', async () => {
    const { lines } = await asked([page({ RESPON: 'Kuota Akses Hari ini telah Habis' })])
    expect(lines.slice(0, 2)).toEqual([
      'authentication ok the agency knows us',
      "question resident.lookup failed N ms UPSTREAM_QUOTA_SPENT; agency's code 05",
    ])
  })

  it('asks for each capability that has one', async () => {
    const { lines, received } = await asked(
      [page({ RESPONSE_CODE: '13', RESPON: '' }), { status: 404, body: '' }],
      { adapter: probing('resident.lookup', 'resident.match') },
    )
    expect(lines.map(line => line.split(' N ms')[0])).toEqual([
      'authentication ok the agency knows us',
      'question resident.lookup ok',
      'question resident.match failed',
      expect.stringContaining('next: check baseUrl with its path and the names in upstreams.registry.config'),
    ])
    expect(received).toHaveLength(2)
  })

  it('is not asked when it is none that a counter could ask', async () => {
    const { lines, received } = await asked(['silence'], { adapter: probing('family.lookup') })
    expect(lines.slice(1)).toEqual([
      'question family.lookup failed N ms INPUT_INVALID; the probe does not fit the capability',
      " next: nothing was sent: mend the operation's probe in the adapter",
    ])
    expect(received).toEqual([])
  })

  it('is not asked where the adapter declares none', async () => {
    const { lines, received } = await asked(['silence'], { adapter: toyAdapter() })
    expect(lines).toEqual([
      'authentication not tried the adapter declares no question about nobody',
      'question not tried the adapter declares no question about nobody',
    ])
    expect(received).toEqual([])
  })
})
