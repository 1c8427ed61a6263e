import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { loadSettings, SettingsInvalid } from './load.ts'
import type { Problem } from './read-yaml.ts'

const key = Buffer.alloc(32, 'key').toString('base64')
const { adapters } = await discoverAdapters(join(import.meta.dirname, '../../adapters'))

const credentials = 'config: { username: ossuser, password: kata-sandi-contoh }'
const gatewayYaml = `
mall: { name: Mal Contoh }
identities: synthetic
trustedProxies: [10.0.0.1, '2001:db8::/64']
keys:
  sealing: [{ id: first, key: ${key} }]
  ledger: ${key}
  pseudonyms: ${key}
members: {}
upstreams:
  dukcapil:
    adapter: dukcapil
    baseUrl: http://127.0.0.1:9
    config: { institution: DINAS, userId: CONTOH, password: kata-sandi-contoh, clientIp: 10.0.0.5 }
  oss:
    adapter: oss
    baseUrl: http://127.0.0.1:9
    config: { userKey: kunci-contoh }
    inbound:
      allowFrom: [192.0.2.5, 198.51.100.0/24]
      ${credentials}
`

function load(before = '', after = '', { text = gatewayYaml, known = adapters } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  expect(text).toContain(before)
  writeFileSync(join(folder, 'gateway.yaml'), text.replace(before, after))
  return loadSettings({ path: folder, environment: {}, adapters: known })
}

function problemsOf(before: string, after: string): readonly Problem[] {
  try {
    load(before, after)
  } catch (error) {
    if (error instanceof SettingsInvalid) return error.problems
    throw error
  }
  throw new Error('it has no problem')
}

const dukcapilConfig = 'clientIp: 10.0.0.5 }\n'
const range = 'an IPv4 or IPv6 address, or a range such as 10.0.0.0/8'

describe('an inbound block', () => {
  it('that fits is read, its secrets sealed off', () => {
    const { upstreams, trustedProxies } = load()
    expect(trustedProxies).toEqual(['10.0.0.1', '2001:db8::/64'])
    const [dukcapil, oss] = upstreams
    expect(dukcapil!.inbound).toBeUndefined()
    expect(oss!.inbound!.allowFrom).toEqual(['192.0.2.5', '198.51.100.0/24'])
    const { password } = oss!.inbound!.config as { password: { reveal(): string } }
    expect(password.reveal()).toBe('kata-sandi-contoh')
    expect(JSON.stringify(upstreams)).not.toContain('kata-sandi-contoh')
  })

  it('and proxies may be left out: nobody calls, and no proxy is believed', () => {
    expect(load("trustedProxies: [10.0.0.1, '2001:db8::/64']\n").trustedProxies).toEqual([])
    const { upstreams } = load(`\n      allowFrom: [192.0.2.5, 198.51.100.0/24]`)
    expect(upstreams[1]!.inbound!.allowFrom).toBeUndefined()
  })

  it.each<[name: string, before: string, after: string, problems: readonly (readonly [string, string])[]]>([
    [
      'of an adapter whose agency calls nobody',
      dukcapilConfig,
      `${dukcapilConfig}    inbound: { config: {} }\n`,
      [['upstreams.dukcapil.inbound', 'no such block: the agency of dukcapil calls nobody']],
    ],
    [
      'with a name for an address, and at the same time no password',
      `allowFrom: [192.0.2.5, 198.51.100.0/24]\n      ${credentials}`,
      `allowFrom: [192.0.2.5, oss.example]\n      config: { username: ossuser }`,
      [
        ['upstreams.oss.inbound.allowFrom[1]', range],
        ['upstreams.oss.inbound.config.password', 'the scheme token needs it'],
      ],
    ],
    [
      'with a range that is none',
      '198.51.100.0/24',
      '198.51.100.0/33',
      [['upstreams.oss.inbound.allowFrom[1]', range]],
    ],
    [
      'that allows nobody',
      '[192.0.2.5, 198.51.100.0/24]',
      '[]',
      [['upstreams.oss.inbound.allowFrom', 'a list that is not empty']],
    ],
    [
      'without credentials',
      `\n      ${credentials}`,
      '',
      [
        ['upstreams.oss.inbound.config', 'a block of keys; it is missing'],
        ['upstreams.oss.inbound.config.username', 'the scheme token needs it'],
        ['upstreams.oss.inbound.config.password', 'the scheme token needs it'],
      ],
    ],
    ['with a proxy that is none', '10.0.0.1,', 'proxy.example,', [['trustedProxies[0]', range]]],
  ])('%s is told by its place', (_, before, after, problems) => {
    expect(problemsOf(before, after)).toEqual(
      problems.map(([place, expected]) => ({ file: 'gateway.yaml', path: place, expected })),
    )
  })
})

it('a notice whose wire contract is assumed is taken on trial, or where the configuration accepts it', () => {
  const assuming = { known: new Map(adapters).set('oss', { ...adapters.get('oss')!, trust: 'assumed' }) }
  const real = { ...assuming, text: gatewayYaml.replace('identities: synthetic', 'identities: real') }
  const oss = '    adapter: oss\n'
  const accepting = `${oss}    acceptAssumed: [business.changed]\n`
  expect([...load('', '', assuming).upstreams[1]!.notices!]).toHaveLength(2)
  expect([...load('', '', real).upstreams[1]!.notices!]).toEqual([])
  expect([...load(oss, accepting, real).upstreams[1]!.notices!]).toEqual(['business.changed'])
})
