/** What `deploy/` watches is what the gateway emits, and what the documents say of it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { failures } from '#contracts/failures.ts'
import { environmentVariables } from '#gateway/settings/process.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { declaredIn, type Emitted, seriesIn, tellEverything } from './emitted.ts'
import { read } from './promql.ts'

const folder = join(import.meta.dirname, '../../../deploy')
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: {
    readonly summary: string
    readonly description: string
    readonly runbook_url: string
  }
}

interface Target {
  readonly expr: string
  readonly legendFormat: string
}

interface Dashboard {
  readonly panels: readonly {
    readonly id: number
    readonly type: string
    readonly title: string
    readonly datasource?: { readonly uid: string }
    readonly targets?: readonly Target[]
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  }[]
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] }
}

const rules = (parse(textOf('prometheus/alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  group => group.rules,
)
const dashboard = JSON.parse(textOf('grafana/mpp-gateway.json')) as Dashboard
const targets = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
)
const variables = dashboard.templating.list.flatMap(({ name, definition }) =>
  definition === undefined ? [] : [[name, definition] as const],
)

/** What Prometheus itself adds: to every series of a scrape, and about the scrape. */
const byPrometheus = ['job', 'instance']
const emitted: Emitted = new Map([...seriesIn(await tellEverything()), ['up', new Set<string>()]])

/** What an expression names and nobody emits. */
function inventedIn(expression: string, shown: readonly string[] = []): string[] {
  const { metrics, groupedBy } = read(expression)
  const known = new Set<string>(byPrometheus)
  const invented: string[] = []
  for (const { name, labels } of metrics) {
    const real = emitted.get(name)
    if (!real) invented.push(name)
    for (const label of real ?? []) known.add(label)
    for (const { label, value } of labels) {
      if (real && !real.has(label) && !byPrometheus.includes(label)) invented.push(`${name}{${label}}`)
      if (label === 'code' || label === 'outcome') invented.push(...inventedCodesIn(name, value))
    }
  }
  for (const label of [...groupedBy, ...shown]) if (!known.has(label)) invented.push(label)
  return invented
}

/** Codes in capitals are failures; the others are words of the metric's own. */
const inventedCodesIn = (name: string, value: string): string[] =>
  value
    .split('|')
    .filter(
      code => name !== 'mpp_alarms' && /^[A-Z]/.test(code) && code !== 'OK' && !Object.hasOwn(failures, code),
    )

const labelsShownIn = (template: string): string[] =>
  Array.from(template.matchAll(/\{\{\s*(?:\$labels\.)?([a-z]\w*)\s*\}\}/g), ([, label]) => label!)

describe('the gateway', () => {
  it('emits in a running house what the test of names goes by', async () => {
    await using house = await startHouse()
    const { text } = await house.get('/metrics')
    const told = await tellEverything()
    expect([...declaredIn(text)].toSorted()).toEqual([...declaredIn(told)].toSorted())
    // Each has a sample, so that its labels are known.
    const series = [...seriesIn(told).keys()]
    for (const name of declaredIn(told))
      if (name.startsWith('mpp_'))
        expect(
          series.some(one => one === name || one === `${name}_count`),
          name,
        ).toBe(true)
  })
})

describe('the test itself', () => {
  it.each([
    ['mpp_invented_total', ['mpp_invented_total']],
    ['rate(mpp_requests_total{place="x"}[5m])', ['mpp_requests_total{place}']],
    ['sum by (webhook) (mpp_requests_total)', ['webhook']],
    ['mpp_request_duration_seconds', ['mpp_request_duration_seconds']],
    ['mpp_requests_total{code=~"OK|MADE_UP"}', ['MADE_UP']],
    ['a_b / on (job) mpp_answers_total{mode!="live"} offset 5m > 0.5', ['a_b']],
  ])('finds what is invented in %s', (expression, invented) => {
    expect(inventedIn(expression)).toEqual(invented)
  })

  it.each(['made_up(up)', 'up{job="x"', 'up @ 5', 'sum by job (up)'])('refuses %s', expression => {
    expect(() => inventedIn(expression)).toThrow(SyntaxError)
  })
})

describe('alert rules', () => {
  it.each(rules.map(rule => [rule.alert, rule] as const))('%s', (alert, rule) => {
    const { summary, description, runbook_url } = rule.annotations
    expect(inventedIn(rule.expr, labelsShownIn(summary + description))).toEqual([])
    expect(rule.for).toMatch(/^\d+[mh]$/)
    expect(['critical', 'warning', 'info', '{{ $labels.severity }}']).toContain(rule.labels.severity)
    expect(summary).not.toMatch(/\.$/)
    expect(description).toMatch(/^[^]{20,}\.$/)
    expect(runbook_url).toBe(`docs/operators.md#${anchorOf(alert)}`)
  })

  it('have names of their own, and their sections in the list that the runbook is checked by', () => {
    const anchors = rules.map(({ alert }) => anchorOf(alert))
    expect(new Set(anchors).size).toBe(rules.length)
    expect(JSON.parse(textOf('prometheus/runbook.json'))).toEqual(anchors)
  })
})

/** `MppUpstreamDown` is explained at `#upstream-down`. */
const anchorOf = (alert: string): string =>
  alert
    .replace(/^Mpp/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase()

describe('the dashboard', () => {
  it.each(targets)('%s: %s', (_, expression, legend) => {
    expect(inventedIn(plain(expression), labelsShownIn(legend))).toEqual([])
  })

  it.each(variables)('lets one choose %s: %s', (_, definition) => {
    expect(inventedIn(definition)).toEqual([])
  })

  it('can be imported: ids of their own, no overlap, the chosen data source and variables that there are', () => {
    const { panels, templating } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const taken = new Set<string>()
    for (const { gridPos, title } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x}/${y}`), title).toBe(false)
          taken.add(`${x}/${y}`)
        }
    }
    for (const { type, datasource } of panels)
      if (type !== 'row') expect(datasource?.uid).toBe('${datasource}')
    const known = new Set(['__rate_interval', '__all', ...templating.list.map(({ name }) => name)])
    const used = Array.from(JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g), ([, name]) => name!)
    expect(used.filter(name => !known.has(name))).toEqual([])
  })
})

/** As Prometheus sees it. */
const plain = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, '.*')

describe('docs/operators.md', () => {
  const text = readFileSync(join(folder, '../docs/operators.md'), 'utf8')

  it('names every metric of the gateway, with its labels', async () => {
    const told = await tellEverything()
    const series = seriesIn(told)
    const missing = [...declaredIn(told)]
      .filter(name => name.startsWith('mpp_'))
      .map(name => {
        const labels = [...(series.get(name) ?? series.get(`${name}_count`) ?? [])].toSorted()
        return { name, labels: labels.join() }
      })
      .filter(({ name, labels }) => !documented(name).includes(labels))
    expect(missing).toEqual([])
  })

  /** Each set of labels that a metric is named with. */
  const documented = (name: string): string[] =>
    Array.from(text.matchAll(new RegExp(`\\b${name}(?:\\{([^}]*)\\})?\\W`, 'g')), ([, labels = '']) =>
      labels.split(',').toSorted().join(),
    )
})

const hasPromtool = commandAnswers('promtool')

it('promtool is there in CI', () => {
  if (process.env['CI']) expect(hasPromtool).toBe(true)
})

describe.skipIf(!hasPromtool)('promtool', () => {
  it('accepts the rules, and plays them through', () => {
    const prometheus = join(folder, 'prometheus')
    expect(promtool(prometheus, 'check', 'rules', 'alerts.yaml')).toContain(`${rules.length} rules found`)
    expect(promtool(prometheus, 'test', 'rules', 'alerts.test.yaml')).toContain('SUCCESS')
    promtool(prometheus, 'check', 'config', '--syntax-only', 'prometheus.yaml')
  })

  it('accepts every expression of the dashboard', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'mpp-deploy-'))
    onTestFinished(() => rmSync(scratch, { recursive: true }))
    const recorded = targets.map(([, expr], index) => ({ record: `panel:${index}`, expr: plain(expr) }))
    writeFileSync(
      join(scratch, 'panels.yaml'),
      JSON.stringify({ groups: [{ name: 'panels', rules: recorded }] }),
    )
    expect(promtool(scratch, 'check', 'rules', 'panels.yaml')).toContain(`${targets.length} rules found`)
  })
})

describe('the example of two gateways', () => {
  const { services, volumes, secrets } = parse(textOf('compose.yaml'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string>; volumes?: string[]; secrets?: string[] }>
    volumes: Record<string, unknown>
    secrets: Record<string, unknown>
  }

  it('tells the gateways nothing that they do not know, and all that two need', () => {
    const { shape } = environmentVariables
    for (const name of ['gateway-1', 'gateway-2']) {
      const { environment = {} } = services[name]!
      expect(Object.keys(environment).filter(variable => !Object.hasOwn(shape, variable))).toEqual([])
      expect(Object.keys(environment)).toEqual(expect.arrayContaining(['DATABASE_URL_FILE', 'REDIS_URL']))
    }
  })

  it('names no volume and no secret that is not there', () => {
    for (const service of Object.values(services)) {
      for (const secret of service.secrets ?? []) expect(Object.keys(secrets)).toContain(secret)
      for (const volume of service.volumes ?? [])
        if (!volume.startsWith('.')) expect(Object.keys(volumes)).toContain(volume.split(':')[0])
    }
  })
})

function commandAnswers(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const promtool = (cwd: string, ...args: string[]): string =>
  execFileSync('promtool', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
