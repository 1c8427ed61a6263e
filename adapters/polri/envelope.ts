/**
 * The envelope of the police's own gateway: HTTP 200, and a code that says what happened. Seen on its population proxy,
 * assumed for everything else.
 */
import { z } from 'zod'
import { type Failed, failed } from '#contracts/adapter.ts'
import type { AgencyFailureCode } from '#contracts/failures.ts'
import { text, unlisted } from './wire.ts'

export const envelope = <Payload extends z.ZodType>(payload: Payload) =>
  z.object({ StatusCode: z.string(), Payload: payload.nullish(), nik: text })

export interface Envelope<Payload> {
  readonly StatusCode: string
  readonly Payload?: Payload | null | undefined
  readonly nik?: string | null | undefined
}

/** Assumed: the success alone has been seen. */
const meanings = new Map<string, AgencyFailureCode>([['14', 'NOT_FOUND']])

/**
 * What is in the envelope, if it is about this NIK, or why there is nothing. An unlisted code is never a success.
 * `refusalIn`: what the content itself refuses. It goes before the code: which code goes with it has not been seen.
 */
export function open<Payload>(
  { StatusCode, Payload, nik }: Envelope<Payload>,
  asked: string,
  refusalIn: (payload: Payload) => Failed | undefined = () => undefined,
): Payload | Failed {
  // Somebody else's data must never reach a counter.
  if ((nik?.trim() || asked) !== asked)
    return failed('UPSTREAM_INVALID', undefined, 'answered about someone else')
  const refusal = Payload && refusalIn(Payload)
  if (refusal) return refusal
  const meaning = meanings.get(StatusCode)
  if (meaning) return failed(meaning, StatusCode)
  if (StatusCode !== '00') return failed('UPSTREAM_INVALID', unlisted(StatusCode))
  return Payload ?? failed('UPSTREAM_INVALID', undefined, 'an empty envelope')
}
