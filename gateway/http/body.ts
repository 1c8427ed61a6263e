import type { Context } from 'hono'
import { GatewayFailure } from '#gateway/failure.ts'

/** Every body of this API is small; a form with all its elements stays under a tenth of it. */
const limitBytes = 64 * 1024

/** The body as JSON, read once and never beyond the limit. */
export async function readJson(c: Context): Promise<unknown> {
  const length = c.req.header('content-length')
  if (Number(length ?? 0) > limitBytes) throw tooLarge()
  // A measured body is never longer than it says: the HTTP parser sees to it, and the server reads it in one go.
  const reading = length === undefined ? readUnmeasured(c.req.raw) : c.req.raw.text()
  const text = await reading.catch((error: unknown) => {
    throw error instanceof GatewayFailure ? error : malformed('the body broke off')
  })
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('send a JSON object')
  }
}

async function readUnmeasured({ body }: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > limitBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const tooLarge = () =>
  new GatewayFailure('BODY_TOO_LARGE', { detail: `a body has at most ${limitBytes} bytes` })

const malformed = (detail: string) => new GatewayFailure('BODY_MALFORMED', { detail })
