/**
 * Days that cannot lie in the future: of a birth, of a loss. A schema does not know what day it is; the gateway, which does,
 * refuses a later one (`futureDatesIn`).
 */
import { z } from 'zod'

const registry = z.registry<{ readonly latest: 'today' }>()

/** A calendar day, ISO 8601, today at the latest, in the mall's time zone. */
export const pastDate = z.iso.date().register(registry, { latest: 'today' })

/** Where a value that was meant for the schema, right or wrong, has a past date later than today. */
export function* futureDatesIn(
  schema: z.core.$ZodType,
  value: unknown,
  today: string,
  path: readonly PropertyKey[] = [],
): Generator<readonly PropertyKey[]> {
  if (registry.has(schema)) {
    const day = pastDate.safeParse(value)
    if (day.success && day.data > today) yield path
  } else if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  )
    yield* futureDatesIn(schema.unwrap(), value, today, path)
  else if (schema instanceof z.ZodUnion) {
    const meant = schema.options.find(option => z.safeParse(option, value).success)
    if (meant) yield* futureDatesIn(meant, value, today, path)
  } else if (schema instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* futureDatesIn(schema.element, item, today, [...path, index])
  } else if (schema instanceof z.ZodObject && typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(schema.shape))
      if (Object.hasOwn(value, key))
        yield* futureDatesIn(child as z.core.$ZodType, (value as Record<string, unknown>)[key], today, [
          ...path,
          key,
        ])
  }
}
