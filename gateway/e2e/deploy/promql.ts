/** Of a PromQL expression, which metrics it reads and which labels it names. Strict: what it does not understand, it refuses. */

export interface Reading {
  readonly metrics: readonly { readonly name: string; readonly labels: readonly Matcher[] }[]
  /** Labels that results are put together by. */
  readonly groupedBy: readonly string[]
}

export interface Matcher {
  readonly label: string
  readonly value: string
}

const functions = new Set(
  'avg count histogram_quantile increase label_values max min rate sort sum topk changes vector'.split(' '),
)
const grouping = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'])
const words = new Set(['and', 'or', 'unless', 'offset', 'bool'])

export function read(expression: string): Reading {
  const tokens = tokensOf(expression)
  const metrics: { name: string; labels: Matcher[] }[] = []
  const groupedBy: string[] = []
  let place = 0
  const next = (): string => tokens[place++] ?? ''
  const expects = (...those: string[]): string => {
    const token = next()
    if (!those.includes(token)) throw new SyntaxError(`${those.join(' or ')}, not ${token}, in ${expression}`)
    return token
  }

  function matchers(): Matcher[] {
    const found: Matcher[] = []
    if (tokens[place] !== '{') return found
    next()
    while (tokens[place] !== '}') {
      const label = next()
      expects('=', '!=', '=~', '!~')
      found.push({ label, value: JSON.parse(next()) as string })
      if (tokens[place] !== '}') expects(',')
    }
    next()
    return found
  }

  while (place < tokens.length) {
    const token = next()
    if (!/^[a-zA-Z_:]/.test(token)) continue
    if (grouping.has(token)) {
      expects('(')
      while (tokens[place] !== ')') {
        groupedBy.push(next())
        if (tokens[place] !== ')') expects(',')
      }
      next()
    } else if (tokens[place] === '(' || (functions.has(token) && grouping.has(tokens[place]!))) {
      if (!functions.has(token))
        throw new SyntaxError(`no function that is known: ${token}, in ${expression}`)
      if (token === 'label_values') return { metrics: labelValues(), groupedBy }
    } else if (!words.has(token)) metrics.push({ name: token, labels: matchers() })
  }
  return { metrics, groupedBy }

  /** Grafana's own: `label_values(metric, label)`. */
  function labelValues(): Reading['metrics'] {
    expects('(')
    const name = next()
    const labels = matchers()
    expects(',')
    return [{ name, labels: [...labels, { label: next(), value: '' }] }]
  }
}

/** Names, numbers, texts and signs; ranges in brackets are left out, and so are durations after `offset`. */
function tokensOf(expression: string): string[] {
  const pattern =
    /\s+|\[[^\]]+\]|(?<token>[a-zA-Z_:][\w:]*|"(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?[smhdw]?|[=!]=|[=!]~|[<>]=?|[=!(){},+*/-])/y
  const tokens: string[] = []
  while (pattern.lastIndex < expression.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(expression)
    if (!match) throw new SyntaxError(`not understood: ${expression.slice(at)}`)
    if (match.groups!['token'] !== undefined) tokens.push(match.groups!['token'])
  }
  return tokens
}
