import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadSettings, SettingsInvalid } from './load.ts'
import { placeOf } from './read-yaml.ts'

const random = 'xR6Ck2pIeUTgYe9zc0vJqY8mJt5u8wB1sJr0mH7y3kQ='
const hashOf = (letters: string): string => letters.repeat(32)

const gatewayYaml = `
mall: { name: Mal Contoh, timeZone: Asia/Makassar }
identities: synthetic
keys: { sealing: [{ id: first, key: ${random} }], ledger: ${random}, pseudonyms: ${random} }
limits:
  rate: { requests: 100, seconds: 10 }
members:
  front-office:
    name: Front office
    keys:
      - { id: old, sha256: ${hashOf('ab')}, expires: 2026-12-31 }
      - { id: new, sha256: ${hashOf('cd')} }
    webhooks:
      - { id: orders, url: https://counter.example/told, secrets: [whsec_${'A'.repeat(32)}], types: [submission.confirmed] }
  operations:
    name: Operations
    roles: [operator, auditor]
    rate: { requests: 5, seconds: 1 }
    keys:
      - { id: night, sha256: ${hashOf('ef')}, expires: '2027-01-01T06:00:00+07:00', roles: [auditor] }
  clinic:
    name: Clinic
oidc:
  issuers:
    - issuer: https://login.example/realms/mpp
      audience: mpp-gateway
      member: { claim: organisation, values: { Klinik Contoh: clinic } }
      roles: { claim: realm_access.roles, values: { petugas: member } }
      officer: officer
upstreams: {}
`

function load(yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-members-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'gateway.yaml'), yaml)
  return loadSettings({ path: folder, environment: {}, adapters: new Map() })
}

it('reads members, their keys and roles, limits, and whose tokens are accepted', () => {
  const { members, issuers } = load(gatewayYaml)
  const house = { requests: 100, seconds: 10 }
  expect(members).toEqual([
    {
      id: 'front-office',
      name: 'Front office',
      roles: ['member'],
      rateLimit: house,
      keys: [
        // the last day, itself included, as it ends in Makassar
        {
          id: 'old',
          sha256: hashOf('ab'),
          roles: ['member'],
          expiresAt: Date.parse('2027-01-01T00:00:00+08:00'),
        },
        { id: 'new', sha256: hashOf('cd'), roles: ['member'], expiresAt: Infinity },
      ],
      documentOrigins: new Set(),
      webhooks: [
        {
          id: 'orders',
          url: 'https://counter.example/told',
          secrets: [Buffer.alloc(24)],
          types: new Set(['submission.confirmed']),
        },
      ],
    },
    {
      id: 'operations',
      name: 'Operations',
      roles: ['operator', 'auditor'],
      rateLimit: { requests: 5, seconds: 1 },
      keys: [
        {
          id: 'night',
          sha256: hashOf('ef'),
          roles: ['auditor'],
          expiresAt: Date.parse('2027-01-01T06:00:00+07:00'),
        },
      ],
      documentOrigins: new Set(),
      webhooks: [],
    },
    {
      id: 'clinic',
      name: 'Clinic',
      roles: ['member'],
      rateLimit: house,
      keys: [],
      documentOrigins: new Set(),
      webhooks: [],
    },
  ])
  expect(issuers).toEqual([
    {
      issuer: 'https://login.example/realms/mpp',
      audience: 'mpp-gateway',
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      member: { claim: 'organisation', values: { 'Klinik Contoh': 'clinic' } },
      roles: { claim: 'realm_access.roles', values: { petugas: 'member' } },
      officer: 'officer',
    },
  ])
})

it('accepts no tokens and limits generously unless told', () => {
  const { members, issuers } = load(
    gatewayYaml.replace(/oidc:[^]*(?=upstreams)/, '').replace(/limits:\n.*\n/, ''),
  )
  expect(issuers).toEqual([])
  expect(members[0]!.rateLimit).toEqual({ requests: 6_000, seconds: 60 })
})

describe('says what does not fit', () => {
  const issuer = 'https://login.example/realms/mpp'
  it.each([
    [
      'a role that nobody knows',
      'roles: [operator, auditor]',
      'roles: [admin]',
      'members.operations.roles[0]',
    ],
    [
      "a key's role beyond its member's",
      'roles: [auditor] }',
      'roles: [auditor, member] }',
      'members.operations.keys[0].roles[1]',
    ],
    ['a key with the id of a token', 'id: new', 'id: token-1', 'members.front-office.keys[1].id'],
    ['two keys with one id', 'id: new', 'id: old', 'members.front-office.keys'],
    ['a day that is none', '2026-12-31', '2026-02-31', 'members.front-office.keys[0].expires'],
    [
      'a webhook without TLS',
      'url: https://counter',
      'url: http://counter',
      'members.front-office.webhooks[0].url',
    ],
    ['a secret that is none', 'whsec_A', 'whsec-A', 'members.front-office.webhooks[0].secrets[0]'],
    [
      'an event that there is not',
      'submission.confirmed',
      'submission.done',
      'members.front-office.webhooks[0].types[0]',
    ],
    [
      'two webhooks with one id',
      '    name: Clinic',
      `    name: Clinic\n    webhooks: [{ id: orders, url: 'https://clinic.example/', secrets: [whsec_${'B'.repeat(32)}] }]`,
      'members',
    ],
    ['no requests at all', 'requests: 5', 'requests: 0', 'members.operations.rate.requests'],
    [
      'a member that is none',
      'Klinik Contoh: clinic',
      'Klinik Contoh: nobody',
      'oidc.issuers[0].member.values.Klinik Contoh',
    ],
    ['an issuer without TLS', issuer, 'http://login.example', 'oidc.issuers[0].issuer'],
    ['an issuer that is no address', issuer, 'login', 'oidc.issuers[0].issuer'],
    [
      'shared secrets',
      'audience: mpp-gateway',
      'audience: a\n      algorithms: [HS256]',
      'oidc.issuers[0].algorithms[0]',
    ],
    [
      'no signature',
      'audience: mpp-gateway',
      'audience: a\n      algorithms: [none]',
      'oidc.issuers[0].algorithms[0]',
    ],
    [
      'keys of an issuer without TLS',
      'audience: mpp-gateway',
      'audience: a\n      jwksUri: http://10.0.0.1/keys',
      'oidc.issuers[0].jwksUri',
    ],
  ])('%s', (_, before, after, place) => {
    expect(gatewayYaml).toContain(before)
    let problems: readonly string[] = []
    try {
      load(gatewayYaml.replace(before, after))
    } catch (error) {
      if (!(error instanceof SettingsInvalid)) throw error
      problems = error.problems.map(placeOf)
    }
    expect(problems).toEqual([`gateway.yaml: ${place}`])
  })
})
