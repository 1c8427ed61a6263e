/**
 * A flat body as `application/x-www-form-urlencoded`. What is undefined is left out, as in JSON.
 * @throws TypeError for a value that is neither a text, a number nor a boolean; it names the key, never the value.
 */
export function encodeForm(body: unknown): string {
  if (typeof body !== 'object' || body === null) throw new TypeError('a form is made of an object')
  const form = new URLSearchParams()
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new TypeError(`a form holds texts, numbers and booleans only: ${key}`)
    form.append(key, String(value))
  }
  return form.toString()
}
