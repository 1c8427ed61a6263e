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

/** As `placesIn`, of the items of a list that are made alike no more than two: what holds for those holds for all. */
export function* samplesIn(value: unknown): Generator<{ path: Path; value: unknown }> {
  const seen = new Map<string, number>()
  for (const place of placesIn(value)) {
    const kind = `${contractPathOf(place.path)} ${makeOf(place.value)}`
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    if (count <= 2) yield place
  }
}

/** `2026-01-05` is made as `2027-11-30` is, and unlike `-`; an object as another with the same keys. */
function makeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length === 0 ? '' : makeOf(value[0])}]`
  if (isObject(value)) return `{${Object.keys(value).join()}}`
  if (typeof value !== 'string') return typeof value
  return `"${value.replaceAll(/\p{L}[\p{L} ]*/gu, 'a').replaceAll(/\d+/g, '9')}"`
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
