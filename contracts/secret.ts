import { z } from 'zod'

/** A value that cannot be printed by accident: not by a template, JSON, a log line or an inspector. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself. Call it at the last moment, where the request is built. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

/** A configuration key that holds a secret: a string in the file or, better, `${NAME}` from the environment or a mounted file. */
export const secret = () =>
  z
    .string()
    .min(1)
    .transform(value => new Secret(value))

/** Compares what a caller shows with what is kept, in a time that tells nothing of where they differ. */
export function isSameSecret(shown: string, kept: string): boolean {
  let difference = shown.length ^ kept.length
  for (let index = 0; index < shown.length; index += 1)
    difference |= shown.charCodeAt(index) ^ kept.charCodeAt(index % Math.max(1, kept.length))
  return difference === 0
}
