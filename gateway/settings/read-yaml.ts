import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'

/** One thing wrong with the configuration: where, and what was expected. It never holds what was found: that may be a secret. */
export interface Problem {
  /** `gateway.yaml`, `agreements/registry.yaml`, or `environment`. */
  readonly file: string
  /** Within it: `upstreams.dukcapil.config.password`, `line 7`; empty for the whole. */
  readonly path: string
  readonly expected: string
}

export interface Environment {
  readonly [name: string]: string | undefined
}

/** `members.front-office.keys[0].sha256` */
export const pathOf = (keys: readonly PropertyKey[]): string =>
  keys
    .map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')

/** `gateway.yaml: members.front-office.keys[0].sha256` */
export const placeOf = ({ file, path }: Pick<Problem, 'file' | 'path'>): string =>
  path === '' ? file : `${file}: ${path}`

/**
 * A YAML file with its references resolved; whatever cannot be read is added to the problems.
 * `${NAME}` is the environment variable, or else the content of the file that NAME_FILE names; `${NAME_FILE}` is that content
 * too; `{ file: path }` is the content of a file, seen from the folder.
 */
export function readYaml(
  folder: string,
  file: string,
  environment: Environment,
  problems: Problem[],
): unknown {
  function resolved(node: unknown, path: readonly PropertyKey[]): unknown {
    const expect = (expected: string): '' => {
      problems.push({ file, path: pathOf(path), expected })
      return ''
    }
    if (typeof node === 'string') {
      return node.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => readVariable(name, environment, expect))
    }
    if (typeof node !== 'object' || node === null) return node
    if (Array.isArray(node)) return node.map((item, index) => resolved(item, [...path, index]))
    if ('file' in node && typeof node.file === 'string' && Object.keys(node).length === 1) {
      return readText(resolve(folder, node.file), code =>
        expect(`a readable file ${node.file as string} (${code})`),
      )
    }
    return Object.fromEntries(
      Object.entries(node).map(([key, child]) => [key, resolved(child, [...path, key])]),
    )
  }
  return resolved(parse(folder, file, problems), [])
}

function parse(folder: string, file: string, problems: Problem[]): unknown {
  const path = resolve(folder, file)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    problems.push({ file, path: '', expected: `a readable file at ${path} (${codeOf(error)})` })
    return undefined
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    // Not the parser's own message: it may quote the line, and a secret with it.
    const reason = code.toLowerCase().replaceAll('_', ' ')
    problems.push({ file, path: `line ${lines.linePos(pos[0]).line}`, expected: `valid YAML (${reason})` })
  }
  try {
    return document.errors.length > 0 ? undefined : document.toJS()
  } catch {
    problems.push({ file, path: '', expected: 'valid YAML (bad alias)' })
    return undefined
  }
}

/** A variable that is set but empty counts as not set. A name with _FILE at its end always means the file's content. */
function readVariable(name: string, environment: Environment, expect: (expected: string) => ''): string {
  const isFile = name.endsWith('_FILE')
  const direct = isFile ? undefined : environment[name]
  if (direct) return direct
  const fileVariable = isFile ? name : `${name}_FILE`
  const path = environment[fileVariable]
  if (path) return readText(path, code => expect(`a readable file named by ${fileVariable} (${code})`))
  return expect(
    isFile
      ? `the environment variable ${name}, naming a file`
      : `the environment variable ${name}, or ${fileVariable} naming a file`,
  )
}

/** The content of a file, without the blanks and line breaks around it. */
export function readText(path: string, otherwise: (code: string) => ''): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    return otherwise(codeOf(error))
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unreadable'
