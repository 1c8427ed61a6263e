import type { Header } from '#gateway/access/context.ts'
import { GatewayFailure } from '#gateway/failure.ts'

const pattern = /^[\x21-\x7e]{8,128}$/

/** `Idempotency-Key`, of the IETF draft; also as it writes it, in quotes. */
export function readIdempotencyKey(header: Header): string {
  const key = header('Idempotency-Key')
    ?.trim()
    .replace(/^"(.*)"$/, '$1')
  if (key !== undefined && pattern.test(key)) return key
  const detail =
    'expected: 8 to 128 visible characters that you make up for each order (a UUID, say) and repeat when you ask again'
  throw new GatewayFailure('IDEMPOTENCY_KEY_MISSING', {
    detail,
    errors: [{ header: 'Idempotency-Key', detail }],
  })
}
