/** OSS's JSON: texts and numbers interchanged, and three ways to say nothing ('', '-' and null). */
export type Value = string | number | boolean | null | Row | readonly Row[]

export interface Row {
  readonly [key: string]: Value
}

/** A record with every key of the model, whatever the values. */
export type Given<Model> = { readonly [Key in keyof Model]: Value }

/** Every key of the model, in its order: '' where nothing is given. */
export function like<Model extends object>(model: Model, given: Partial<Given<Model>>): Given<Model> {
  const blank = Object.fromEntries(Object.keys(model).map(key => [key, ''])) as Given<Model>
  return { ...blank, ...given }
}

/** A value as text; '' when it is neither text nor number. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
