import { hash } from 'node:crypto'
import { join } from 'node:path'
import {
  allComponents,
  type Component,
  type Service,
  type Services,
  servicesFile,
} from '#gateway/services/service.ts'
import { blockOf, check } from './check.ts'
import { type Environment, pathOf, type Problem, readYaml } from './read-yaml.ts'

/** What the house comes with. */
const shipped = { folder: join(import.meta.dirname, '../../config'), file: 'services.yaml' }

/** The services of a file in the folder, or those that the house comes with; what is wrong is added to the problems. */
export function readServices(
  folder: string,
  file: string | undefined,
  environment: Environment,
  problems: Problem[],
): Services {
  const place = file === undefined ? shipped : { folder, file }
  const content = readYaml(place.folder, place.file, environment, problems)
  if (content === undefined) return new Map()
  const whole = check(servicesFile, content, place, problems)
  checkNames(content, place.file, problems)
  if (!whole) return new Map()

  const { sources, agencies, common } = whole
  const read = (component: object | undefined) =>
    component && 'source' in component
      ? { ...component, source: sources[component.source as string] }
      : (component ?? null)
  return new Map(
    Object.entries(whole.services).map(([code, block]) => {
      const said: Partial<Record<Component, object | undefined>> = { ...common, ...defined(block) }
      const service = {
        code,
        agency: { code: block.agency, ...agencies[block.agency] },
        title: block.title,
        ...Object.fromEntries(allComponents.map(component => [component, read(said[component])])),
      }
      return [code, { ...service, version: hash('sha256', JSON.stringify(service)).slice(0, 12) } as Service]
    }),
  )
}

/** Agencies and sources that the file does not have, whatever else is wrong with it. */
function checkNames(content: unknown, file: string, problems: Problem[]): void {
  const { sources, agencies, common, services } = blockOf(content)
  const expect = (path: readonly PropertyKey[], names: unknown): void =>
    void problems.push({
      file,
      path: pathOf(path),
      expected: `one of ${Object.keys(blockOf(names)).join(', ')}`,
    })

  function checkSources(block: unknown, under: readonly PropertyKey[]): void {
    for (const component of allComponents) {
      const { source } = blockOf(blockOf(block)[component])
      if (typeof source === 'string' && !Object.hasOwn(blockOf(sources), source))
        expect([...under, component, 'source'], sources)
    }
  }

  checkSources(common, ['common'])
  for (const [code, block] of Object.entries(blockOf(services))) {
    const under = ['services', code]
    const { agency } = blockOf(block)
    if (typeof agency === 'string' && !Object.hasOwn(blockOf(agencies), agency))
      expect([...under, 'agency'], agencies)
    checkSources(block, under)
  }
}

/** Without the keys whose value is undefined. */
const defined = (block: object): object =>
  Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined))
