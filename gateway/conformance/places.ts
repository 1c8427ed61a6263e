/** The places of a JSON value: what stands where, and the same value with something else there. */

export type Path = readonly (string | number)[]

/** Every value in a value, itself first. */
export function* placesIn(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  yield { path, value }
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* placesIn(item, [...path, index])
  else if (isObject(value))
    for (const [key, child] of Object.entries(value)) yield* placesIn(child, [...path, key])
}

/** What stands at a path, if anything. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce((parent, key) => (isObject(parent) ? parent[key] : undefined), value)

/** A copy with something else at a path; `undefined` takes the place away. */
export function replaced(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement
  if (!isObject(value)) throw new TypeError('no such place')
  const changed = replaced(value[key], rest, replacement)
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed }
}

/** As a JSON Pointer: `/members/0/fullName`. */
export const pointerOf = (path: Path): string => path.map(key => `/${key}`).join('')

/** As a contract path: every index is a `*`. */
export const contractPathOf = (path: Path): string =>
  pointerOf(path.map(key => (typeof key === 'number' ? '*' : key)))

/** Objects and arrays alike. */
export const isObject = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null

/** An agency's text with the code that it was read as: what the data says in our own words. */
export const isCoded = (value: unknown): value is { readonly code: unknown; readonly text: unknown } =>
  isObject(value) && 'code' in value && 'text' in value
