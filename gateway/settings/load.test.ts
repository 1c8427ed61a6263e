import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { loadSettings, SettingsInvalid } from './load.ts'
import { placeOf, type Problem } from './read-yaml.ts'

const canary = 'rahasia-7b1f2c'
const random = 'xR6Ck2pIeUTgYe9zc0vJqY8mJt5u8wB1sJr0mH7y3kQ='
const discovered = await discoverAdapters(join(import.meta.dirname, '../../adapters'))
const adapters = new Map([['dukcapil', discovered.adapters.get('dukcapil')!]])

const gatewayYaml = `
mall:
  name: Mal Contoh
  timeZone: Asia/Makassar
identities: synthetic
keys:
  sealing:
    - { id: first, key: { file: key } }
  ledger: { file: key }
  pseudonyms: ${random}
members:
  front-office:
    name: Front office
    keys:
      - { id: first, sha256: ${'ab'.repeat(32)} }
upstreams:
  dukcapil:
    adapter: dukcapil
    baseUrl: http://10.0.0.1:8000/prefix
    policy: { retries: 0, breaker: { openMs: 500 } }
    config:
      institution: DISKOMINFO
      userId: 010126000CONTOH
      password: \${PASSWORD}
      clientIp: 10.0.0.5
`
const agreementYaml = `
id: pks-1
upstream: dukcapil
member: front-office
legalBasis: PKS 1
contact: { name: Ibu Contoh, email: pks@example.go.id }
valid: { from: 2026-01-01, until: 2026-12-31 }
grants:
  - { capability: resident.lookup, purposes: [skck.new], elements: [/fullName, /address] }
  - { capability: resident.lookup, purposes: [skck.new], elements: [/nik] }
`

type Files = Readonly<Record<string, string>>

function load(files: Files = {}, environment: Record<string, string> = { PASSWORD: canary }) {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const all = {
    'gateway.yaml': gatewayYaml,
    'agreements/one.yaml': agreementYaml,
    key: `${random}\n`,
    ...files,
  }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return loadSettings({ path: folder, environment, adapters })
}

function problemsOf(files: Files, environment?: Record<string, string>): readonly Problem[] {
  try {
    load(files, environment)
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error
    expect(error.message).not.toContain(canary)
    return error.problems
  }
  throw new Error('it has no problem')
}

/** The file with one thing changed; what is changed must be there. */
function edited(text: string, before: string, after: string): string {
  expect(text).toContain(before)
  return text.replace(before, () => after)
}

describe('what fits', () => {
  it('is read with its secrets, defaults and overrides', () => {
    const { mall, identities, keys, members, upstreams } = load()
    expect(mall).toEqual({ name: 'Mal Contoh', timeZone: 'Asia/Makassar', dayEnds: '24:00' })
    expect(identities).toBe('synthetic')
    expect(keys.ledger).toEqual(Buffer.from(random, 'base64'))
    expect(members).toMatchObject([{ id: 'front-office', keys: [{ id: 'first' }] }])
    const { policy } = adapters.get('dukcapil')!
    expect(upstreams[0]).toMatchObject({
      id: 'dukcapil',
      timeZone: 'Asia/Makassar',
      policy: { ...policy, retries: 0, breaker: { ...policy.breaker, openMs: 500 } },
    })
    const { password } = upstreams[0]!.config as { password: { reveal(): string } }
    expect(password.reveal()).toBe(canary)
    expect(JSON.stringify(upstreams)).not.toContain(canary)
  })

  it('is real, and keeps nothing, unless the files say otherwise', () => {
    const { identities, agreements } = load({
      'gateway.yaml': edited(gatewayYaml, 'identities: synthetic\n', ''),
    })
    expect(identities).toBe('real')
    expect(agreements[0]!.reuse).toEqual({ scope: 'none', timeToLiveMs: 0, staleMs: 0 })
  })

  it("reads the days of a term in the mall's time zone, the last one included", () => {
    const [agreement] = load().agreements
    expect(new Date(agreement!.validFrom).toISOString()).toBe('2025-12-31T16:00:00.000Z')
    expect(new Date(agreement!.validUntil).toISOString()).toBe('2026-12-31T16:00:00.000Z')
  })

  it('adds up what several grants say, parents expanded', () => {
    const elements = load().agreements[0]!.grants.get('resident.lookup')!.get('skck.new')!
    expect(elements).toContain('/nik')
    expect(elements).toContain('/fullName')
    expect(elements).toContain('/address/street')
    expect(elements).not.toContain('/motherName')
  })

  it.each([
    ['${PASSWORD}', { PASSWORD: '' }],
    ['${PASSWORD_FILE}', {}],
  ])('takes a secret from the file that a variable names: %s', (reference, environment) => {
    const folder = mkdtempSync(join(tmpdir(), 'mpp-secret-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'password'), `${canary}\n`)
    const files = { 'gateway.yaml': edited(gatewayYaml, '${PASSWORD}', reference) }
    const { upstreams } = load(files, { ...environment, PASSWORD_FILE: join(folder, 'password') })
    const { password } = upstreams[0]!.config as { password: { reveal(): string } }
    expect(password.reveal()).toBe(canary)
  })
})

describe('what does not fit is told by its place, and with what was expected', () => {
  const address = 'baseUrl: http://10.0.0.1:8000/prefix'

  it.each<[name: string, before: string, after: string, place: string, expected: string | RegExp]>([
    [
      'an unknown key',
      'name: Mal Contoh',
      `nmae: ${canary}\n  name: x`,
      'mall.nmae',
      'one of the keys name, timeZone, dayEnds, calendar',
    ],
    ['a missing key', '  name: Mal Contoh\n', '', 'mall.name', 'a text; it is missing'],
    ['an empty text', 'name: Mal Contoh', "name: ''", 'mall.name', 'a text that is not empty'],
    ['a number for a text', 'name: Mal Contoh', 'name: 2026', 'mall.name', 'a text, here in quotes'],
    ['a list for a block', 'mall:\n', 'mall: []\nx:\n', 'mall', 'a block of keys'],
    ['a time zone that is none', 'Asia/Makassar', 'Asia/Contoh', 'mall.timeZone', /Asia\/Jayapura/],
    [
      'a choice that is none',
      'identities: synthetic',
      `identities: ${canary}`,
      'identities',
      'one of real, synthetic',
    ],
    [
      'a short key',
      `pseudonyms: ${random}`,
      'pseudonyms: c2hvcnQ=',
      'keys.pseudonyms',
      '32 random bytes in base64',
    ],
    [
      'a key that is no base64',
      `pseudonyms: ${random}`,
      `pseudonyms: ${canary}`,
      'keys.pseudonyms',
      '32 random bytes in base64',
    ],
    [
      'an id that is none',
      'front-office:\n',
      'Front_Office:\n',
      'members.Front_Office',
      /^an id of small letters/,
    ],
    [
      'a key instead of its hash',
      'ab'.repeat(32),
      canary,
      'members.front-office.keys[0].sha256',
      /^the SHA-256 of the key/,
    ],
    [
      'two sealing keys with one id',
      '    - { id: first, key: { file: key } }\n',
      '    - { id: first, key: { file: key } }\n    - { id: first, key: { file: key } }\n',
      'keys.sealing',
      'a list of keys whose ids differ',
    ],
    [
      'two members with one API key',
      'upstreams:\n',
      `  police: { name: Police, keys: [{ id: first, sha256: ${'ab'.repeat(32)} }] }\nupstreams:\n`,
      'members',
      'an API key of its own for each member: one of them stands here twice',
    ],
    [
      'an unknown adapter',
      'adapter: dukcapil',
      `adapter: ${canary}`,
      'upstreams.dukcapil.adapter',
      'one of dukcapil',
    ],
    ['no adapter', '    adapter: dukcapil\n', '', 'upstreams.dukcapil.adapter', 'a text; it is missing'],
    [
      'an address that is none',
      address,
      `baseUrl: ${canary}`,
      'upstreams.dukcapil.baseUrl',
      'an http:// or https:// address',
    ],
    [
      'an address with a password in it',
      address,
      `baseUrl: http://me:${canary}@10.0.0.1`,
      'upstreams.dukcapil.baseUrl',
      'an address without user, query or fragment',
    ],
    [
      'a window that ends before it starts',
      '    policy: { retries: 0',
      '    maintenance: [{ from: 2026-12-31T22:00, until: 2026-12-31T21:00 }]\n    policy: { retries: 0',
      'upstreams.dukcapil.maintenance[0].until',
      'an end after its beginning, 2026-12-31T22:00',
    ],
    [
      'a window that ends before it starts, written with two offsets',
      '    policy: { retries: 0',
      "    maintenance: [{ from: 2026-12-31T22:00, until: '2026-12-31T22:00:00+08:00' }]\n    policy: { retries: 0",
      'upstreams.dukcapil.maintenance[0].until',
      'an end after its beginning, 2026-12-31T22:00',
    ],
    [
      'a window of no length',
      '    policy: { retries: 0',
      "    maintenance: [{ hours: '22:00-22:00' }]\n    policy: { retries: 0",
      'upstreams.dukcapil.maintenance[0].hours',
      'hours such as 12:00-13:00, or 22:00-02:00 until the next day',
    ],
    [
      'a window of both kinds',
      '    policy: { retries: 0',
      "    maintenance: [{ hours: '22:00-23:00', until: 2026-12-31T21:00 }]\n    policy: { retries: 0",
      'upstreams.dukcapil.maintenance[0]',
      '`hours`, of every day or of `days`; or `from` and `until`',
    ],
    ['a policy out of range', 'retries: 0', 'retries: 99', 'upstreams.dukcapil.policy.retries', 'at most 5'],
    ['half a number', 'retries: 0', 'retries: 0.5', 'upstreams.dukcapil.policy.retries', 'a whole number'],
    [
      "an adapter's own key",
      'clientIp: 10.0.0.5',
      `clientIp: ${canary}`,
      'upstreams.dukcapil.config.clientIp',
      'an IPv4 address',
    ],
    [
      "a key missing in an adapter's config",
      '      institution: DISKOMINFO\n',
      '',
      'upstreams.dukcapil.config.institution',
      /./,
    ],
    [
      'a certificate without its key',
      address,
      `${address}\n    tls: { cert: '-----BEGIN ${canary}' }`,
      'upstreams.dukcapil.tls',
      'PEM texts that can be read, and cert and key of one pair',
    ],
    [
      'a file that is not there',
      'ledger: { file: key }',
      'ledger: { file: no-key }',
      'keys.ledger',
      'a readable file no-key (ENOENT)',
    ],
  ])('%s', (_, before, after, place, expected) => {
    const problems = problemsOf({ 'gateway.yaml': edited(gatewayYaml, before, after) })
    const problem = problems.find(({ path }) => path === place)
    expect(problem?.expected).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    )
  })

  it.each<[name: string, before: string, after: string, place: string, expected: string | RegExp]>([
    ['an unknown upstream', 'upstream: dukcapil', 'upstream: oss', 'upstream', 'one of dukcapil'],
    ['an unknown member', 'member: front-office', 'member: police', 'member', 'one of front-office'],
    [
      'an unknown capability',
      'capability: resident.lookup',
      'capability: resident.guess',
      'grants[0].capability',
      'one of resident.lookup, resident.match, family.lookup',
    ],
    [
      'an unknown element',
      '[/fullName, /address]',
      '[/fullName, /shoeSize]',
      'grants[0].elements[1]',
      /^an element of resident\.lookup: \/nik, /,
    ],
    [
      'a day that is none',
      'until: 2026-12-31',
      'until: 2026-02-30',
      'valid.until',
      /^a day YYYY-MM-DD, or an instant/,
    ],
    [
      'an end before the start',
      'until: 2026-12-31',
      'until: 2025-12-30',
      'valid.until',
      'a time after valid.from',
    ],
    [
      'a quota of a purpose that is not granted',
      'grants:',
      'quotas: [{ purpose: skck.renewal, perDay: 5 }]\ngrants:',
      'quotas[0].purpose',
      'a purpose that is granted: skck.new',
    ],
    [
      'two quotas of the same',
      'grants:',
      'quotas: [{ perDay: 5 }, { perDay: 6 }]\ngrants:',
      'quotas',
      'one quota for each purpose, and one for all together',
    ],
    ['a quota of nothing', 'grants:', 'quotas: [{ perDay: 0 }]\ngrants:', 'quotas[0].perDay', 'at least 1'],
    [
      'a suspension by nobody who could',
      'grants:',
      'suspendedBy: [auditor]\ngrants:',
      'suspendedBy[0]',
      'one of member, upstream, gateway',
    ],
    [
      'a contact that cannot be reached',
      'pks@example.go.id',
      'nowhere',
      'contact.email',
      'an e-mail address',
    ],
    [
      'nobody to turn to',
      'contact: { name: Ibu Contoh, email: pks@example.go.id }\n',
      '',
      'contact',
      'a block of keys; it is missing',
    ],
    [
      'no grant',
      agreementYaml.slice(agreementYaml.indexOf('\n  - {')),
      ' []',
      'grants',
      'a list that is not empty',
    ],
  ])('in an agreement: %s', (_, before, after, place, expected) => {
    const problems = problemsOf({ 'agreements/one.yaml': edited(agreementYaml, before, after) })
    expect(problems).toEqual([
      {
        file: 'agreements/one.yaml',
        path: place,
        expected: typeof expected === 'string' ? expected : expect.stringMatching(expected),
      },
    ])
  })

  it('an id that two agreements have', () => {
    expect(problemsOf({ 'agreements/two.yaml': agreementYaml })).toEqual([
      {
        file: 'agreements/two.yaml',
        path: 'id',
        expected: 'an id of its own: agreements/one.yaml has the same',
      },
    ])
  })

  it('a missing secret, once', () => {
    expect(problemsOf({}, {})).toEqual([
      {
        file: 'gateway.yaml',
        path: 'upstreams.dukcapil.config.password',
        expected: 'the environment variable PASSWORD, or PASSWORD_FILE naming a file',
      },
    ])
  })

  it('a secret given where the name of its file belongs, without telling it', () => {
    expect(problemsOf({}, { PASSWORD_FILE: canary })).toEqual([
      {
        file: 'gateway.yaml',
        path: 'upstreams.dukcapil.config.password',
        expected: 'a readable file named by PASSWORD_FILE (ENOENT)',
      },
    ])
  })

  it.each([
    ['an indent', `password: x\n     userName: ${canary}`, 'bad indent'],
    ['the same key twice', `password: x\n      password: ${canary}`, 'duplicate key'],
    ['an unknown tag', `password: x\n      other: !${canary} x`, 'tag resolve failed'],
  ])('bad YAML by its line, without quoting it: %s', (_, after, reason) => {
    const text = edited(gatewayYaml, 'password: ${PASSWORD}', after)
    const line = text.slice(0, text.indexOf(canary)).split('\n').length
    expect(problemsOf({ 'gateway.yaml': text })[0]).toEqual({
      file: 'gateway.yaml',
      path: `line ${line}`,
      expected: `valid YAML (${reason})`,
    })
  })

  it('a file that is not there, by where it was sought', () => {
    const attempt = () => loadSettings({ path: '/no-such-folder', environment: {}, adapters })
    expect(attempt).toThrow(
      'gateway.yaml\n    expected a readable file at /no-such-folder/gateway.yaml (ENOENT)',
    )
  })

  it('everything at once, in the order of the files', () => {
    const broken = edited(
      edited(gatewayYaml, 'Asia/Makassar', 'Asia/Contoh'),
      'clientIp: 10.0.0.5',
      'clientIp: x',
    )
    const agreement = edited(
      edited(agreementYaml, 'legalBasis: PKS 1\n', ''),
      'member: front-office',
      'member: police',
    )
    const files = {
      'gateway.yaml': edited(broken, 'http://10.0.0.1', 'ftp://10.0.0.1'),
      'agreements/one.yaml': agreement,
    }
    const places = problemsOf(files, {}).map(placeOf)
    expect(places).toEqual([
      'gateway.yaml: upstreams.dukcapil.config.password',
      'gateway.yaml: mall.timeZone',
      'gateway.yaml: upstreams.dukcapil.baseUrl',
      'gateway.yaml: upstreams.dukcapil.config.clientIp',
      'agreements/one.yaml: legalBasis',
      'agreements/one.yaml: member',
    ])
  })
})

describe('who is asked', () => {
  const region = `
  region:
    adapter: dukcapil
    baseUrl: http://10.0.0.2:8000
    config: { institution: DINSOS, userId: 010126001CONTOH, password: kata-sandi-contoh, clientIp: 10.0.0.5 }
`
  const both = (routes: string) => ({ 'gateway.yaml': `${gatewayYaml}${region}${routes}` })
  const everything = ['resident.lookup', 'resident.match', 'family.lookup']
  const rules = (...more: string[]) =>
    [
      'routes:',
      ...more,
      ...everything.map(id => `  - { capability: ${id}, upstreams: [dukcapil, region] }`),
      '',
    ].join('\n')

  it('must be said as soon as two upstreams serve the same; both are named', () => {
    expect(problemsOf(both(''))).toEqual([
      {
        file: 'gateway.yaml',
        path: 'routes',
        expected:
          'a rule for each capability that several upstreams serve: resident.lookup (dukcapil, region), resident.match (dukcapil, region), family.lookup (dukcapil, region)',
      },
    ])
    const { routes, upstreams } = load(both(rules()))
    expect(upstreams.map(({ id }) => id)).toEqual(['dukcapil', 'region'])
    expect(routes[0]).toEqual({ capability: 'resident.lookup', upstreams: ['dukcapil', 'region'] })
  })

  it.each([
    [
      '  - { capability: resident.find, upstreams: [region] }',
      'routes[0].capability',
      `one of ${everything.join(', ')}`,
    ],
    [
      '  - { capability: resident.lookup, upstreams: [regio] }',
      'routes[0].upstreams[0]',
      'one that serves resident.lookup: dukcapil, region',
    ],
    [
      '  - { capability: resident.lookup, members: [police], upstreams: [region] }',
      'routes[0].members[0]',
      'one of front-office',
    ],
  ])('names a rule that points nowhere: %s', (rule, path, expected) => {
    expect(problemsOf(both(rules(rule)))).toContainEqual({ file: 'gateway.yaml', path, expected })
  })

  it('an agreement that no rule leads to is no agreement', () => {
    const rule = '  - { capability: resident.lookup, members: [front-office], upstreams: [region] }'
    const text = both(
      `routes:\n${rule}\n${rules()
        .replace('routes:', '')
        .replace(/ {2}- { capability: resident.lookup.*\n/, '')}`,
    )
    expect(problemsOf(text)).toContainEqual({
      file: 'agreements/one.yaml',
      path: 'grants[0].capability',
      expected:
        'something that front-office is led to: no route for resident.lookup leads from it to dukcapil',
    })
  })
})

describe('an assumed wire contract', () => {
  const real = edited(gatewayYaml, 'identities: synthetic\n', '')
  const family = `${agreementYaml}  - { capability: family.lookup, purposes: [skck.new], elements: [/members] }\n`
  const accepted = real.replace(
    'adapter: dukcapil\n',
    'adapter: dukcapil\n    acceptAssumed: [family.lookup]\n',
  )

  it('is served to citizens only where the configuration accepts it', () => {
    expect([...load({ 'gateway.yaml': real }).upstreams[0]!.capabilities!]).not.toContain('family.lookup')
    expect([...load({ 'gateway.yaml': accepted }).upstreams[0]!.capabilities!]).toContain('family.lookup')
    expect([...load().upstreams[0]!.capabilities!]).toContain('family.lookup') // on trial
  })

  it('stops the start where an agreement grants it and nobody has accepted it', () => {
    expect(problemsOf({ 'gateway.yaml': real, 'agreements/one.yaml': family })).toEqual([
      {
        file: 'agreements/one.yaml',
        path: 'grants[2].capability',
        expected:
          'family.lookup among acceptAssumed of the upstream: its wire contract is assumed, and nobody has accepted it',
      },
    ])
    load({ 'gateway.yaml': accepted, 'agreements/one.yaml': family })
  })

  it('that is not one cannot be accepted', () => {
    const text = accepted.replace('[family.lookup]', '[resident.lookup]')
    expect(problemsOf({ 'gateway.yaml': text })).toEqual([
      {
        file: 'gateway.yaml',
        path: 'upstreams.dukcapil.acceptAssumed[0]',
        expected: 'one of the assumed ones: family.lookup',
      },
    ])
  })
})

describe('orders that people bring to an agency', () => {
  const withBlock = (block: string) =>
    edited(gatewayYaml, 'adapter: dukcapil\n', `adapter: dukcapil\n    ${block}\n`)

  it('are those of members that exist, and somebody looks after what cannot go on', () => {
    const text = withBlock('assistedBy: [front-office]\n    owner: loket-it@kab.example')
    const [upstream] = load({ 'gateway.yaml': text }).upstreams
    expect(upstream).toMatchObject({ assistedBy: new Set(['front-office']), owner: 'loket-it@kab.example' })
    expect(load().upstreams[0]!.assistedBy).toEqual(new Set())
    expect(problemsOf({ 'gateway.yaml': withBlock('assistedBy: [front-office, nobody]') })).toEqual([
      {
        file: 'gateway.yaml',
        path: 'upstreams.dukcapil.assistedBy[1]',
        expected: expect.stringMatching(/^a member: one of .*front-office/),
      },
    ])
  })
})

describe('an adapter kept elsewhere', () => {
  const dukcapil = pathToFileURL(join(import.meta.dirname, '../../adapters/dukcapil/adapter.ts')).href
  const withAdapter = (specifier: string, changes: string, file = 'elsewhere.mjs') => ({
    'gateway.yaml': `${edited(gatewayYaml, 'adapter: dukcapil', 'adapter: elsewhere')}adapters: ['${specifier}']\n`,
    [file]: `import adapter from '${dukcapil}'\nexport default { ...adapter, ${changes} }\n`,
  })

  it('is found by its path, seen from the file', () => {
    const { upstreams } = load(withAdapter('./elsewhere.mjs', "id: 'elsewhere'"))
    expect(upstreams[0]!.adapter.id).toBe('elsewhere')
  })

  it('is found by the name of its package', () => {
    const { upstreams } = load({
      ...withAdapter('@regency/elsewhere', "id: 'elsewhere'", 'node_modules/@regency/elsewhere/adapter.mjs'),
      'node_modules/@regency/elsewhere/package.json': '{ "exports": "./adapter.mjs" }',
    })
    expect(upstreams[0]!.adapter.id).toBe('elsewhere')
  })

  it.each([
    ['./nowhere.mjs', "id: 'elsewhere'", /^a module that loads: Cannot find module/],
    ['./elsewhere.mjs', "id: 'elsewhere', contract: 0", /^contract version 1, not 0$/],
    ['./elsewhere.mjs', "id: 'elsewhere', policy: undefined", /^an adapter with policy$/],
    ['./elsewhere.mjs', "trust: 'asumed'", /^an adapter with trust$/],
    ['./elsewhere.mjs', 'policy: { ...adapter.policy, retries: 99 }', /^an adapter with policy.retries$/],
    ['./elsewhere.mjs', 'operations: 5', /^an adapter with operations$/],
    ['./elsewhere.mjs', 'operations: () => []', /^an adapter with operations$/],
    [
      './elsewhere.mjs',
      'operations: bind => adapter.operations((capability, { read, ...rest }) => bind(capability, rest))',
      /^an adapter with operations.0.specification.read, operations.1.specification.read, /,
    ],
    [
      './elsewhere.mjs',
      "operations: (_, order) => [order({ id: 'x' }, { status: {} })]",
      /operations.0.specification.request, .*operations.0.specification.status.settleSeconds/,
    ],
    ['./elsewhere.mjs', 'inbound: {}', /^an adapter with inbound.config, inbound.operations$/],
    ['./elsewhere.mjs', 'cause: unheard.of', /^a module that loads: unheard is not defined$/],
    ['./elsewhere.mjs', "id: 'dukcapil'", /^an adapter with an id of its own: dukcapil is there already$/],
  ])('stops the start when it is none: %s, %s', (specifier, changes, expected) => {
    const problem = problemsOf(withAdapter(specifier, changes)).find(({ path }) => path === 'adapters[0]')
    expect(problem?.expected).toMatch(expected)
  })

  const declaring = (changes: string) =>
    `operations: bind => adapter.operations((capability, specification) => bind({ ...capability, ${changes} }, specification))`

  it.each([
    [
      'elements that the house calls personal',
      "elements: new Map([...capability.elements].map(([path, element]) => [path, { ...element, dataClass: 'public' }]))",
      'an adapter that declares resident.lookup as the house does, or calls it otherwise',
    ],
    [
      'an address of the gateway',
      "id: 'x.' + capability.id, path: '/v1/x' + capability.path, publicPath: '/v1/notices'",
      'another address for x.resident.lookup: GET /v1/notices is taken by the gateway itself',
    ],
    [
      "another's address",
      "id: 'x.' + capability.id",
      'another address for x.resident.lookup: POST /v1/residents/lookup is taken by resident.lookup',
    ],
    [
      "another's public address by another name",
      "id: 'x.' + capability.id, path: '/v1/x' + capability.path, publicPath: '/v1/businesses/{nik}'",
      'another address for x.resident.lookup: GET /v1/businesses/{nik} is taken by business.lookup',
    ],
    [
      'a field that it does not have',
      "id: 'x.' + capability.id, path: '/v1/x' + capability.path, publicPath: '/v1/people/{name}'",
      'a publicPath of x.resident.lookup that names fields of its input: name is none',
    ],
  ])('may not claim %s', (_, changes, expected) => {
    const problem = problemsOf(withAdapter('./elsewhere.mjs', `id: 'elsewhere', ${declaring(changes)}`)).find(
      ({ path }) => path === 'upstreams.dukcapil.adapter',
    )
    expect(problem?.expected).toBe(expected)
  })

  it('may declare a capability of another adapter only as that one does', () => {
    const path =
      "operations: operation => adapter.operations((capability, specification) => operation({ ...capability, path: '/v1/elsewhere' }, specification))"
    const files = withAdapter('./elsewhere.mjs', `id: 'elsewhere', ${path}`)
    const text = files['gateway.yaml'].replace(
      'upstreams:\n',
      'upstreams:\n  central:\n    adapter: dukcapil\n    baseUrl: http://10.0.0.2\n    config: { institution: A, userId: b, password: c, clientIp: 10.0.0.5 }\n',
    )
    expect(problemsOf({ ...files, 'gateway.yaml': text })).toContainEqual({
      file: 'gateway.yaml',
      path: 'upstreams.dukcapil.adapter',
      expected: 'an adapter that declares resident.lookup as the house does, or calls it otherwise',
    })
  })
})

describe("the demo's keys", () => {
  const demo = join(import.meta.dirname, '../../config/demo')
  const agency = 'http://127.0.0.1:9'
  const environment = { MOCK_DUKCAPIL_URL: agency, MOCK_OSS_URL: agency, MOCK_POLRI_URL: agency }
  const { adapters } = discovered

  it('are refused, on trial as well, each by its place', () => {
    const attempt = () => loadSettings({ path: demo, environment, adapters })
    const refused = [
      'keys.sealing[0].key',
      'keys.ledger',
      'keys.pseudonyms',
      ...['front-office', 'health-desk', 'operations', 'inspection', 'monitoring'].map(
        member => `members.${member}.keys[0].sha256`,
      ),
    ]
    const expected = refused.map(place => `gateway.yaml: ${place}\n    expected a key of your own`)
    for (const text of expected) expect(attempt).toThrow(text)
  })

  it('are for the demo only', () => {
    expect(loadSettings({ path: demo, environment, adapters, isDemo: true }).identities).toBe('synthetic')
  })
})
