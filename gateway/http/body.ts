import type { Context } from 'hono'
import type { z } from 'zod'
import { GatewayFailure } from '#gateway/failure.ts'
import { deepestNesting, nestsDeeperThan } from '#gateway/json-depth.ts'
import { inputInvalid } from '#gateway/validate.ts'

/** Every body of this API is small; a form with all its elements stays under a tenth of it. */
const smallBytes = 64 * 1024

/**
 * The body as JSON, read once and never beyond the limit, whatever its content type says. Of a key that stands twice the
 * last counts, here and for everyone after: what is checked, decided, recorded and asked is this one value.
 */
export async function readJson(c: Context): Promise<unknown> {
  const text = await read(c, smallBytes, body => body.text())
  if (nestsDeeperThan(deepestNesting, text)) throw malformed(`nest at most ${deepestNesting} levels deep`)
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('send a JSON object')
  }
}

/** The body as the schema reads it. @throws INPUT_INVALID with every offending field at once. */
export async function readInput<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const input = schema.safeParse(await readJson(c))
  if (!input.success) throw inputInvalid(input.error)
  return input.data
}

/** The fields of a form, read once and never beyond the limit; of one that stands twice the last counts. */
export const readForm = async (c: Context): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(new URLSearchParams(await read(c, smallBytes, body => body.text())))

/** The body as it is, read once and never beyond the limit. */
export const readBytes = async (c: Context, limitBytes: number): Promise<Buffer> =>
  Buffer.from(await read(c, limitBytes, body => body.arrayBuffer()))

async function read<Content>(
  c: Context,
  limitBytes: number,
  contentOf: (body: Request | Response) => Promise<Content>,
): Promise<Content> {
  const encoding = c.req.header('content-encoding') ?? 'identity'
  if (encoding !== 'identity') throw malformed('send it without content-encoding: nothing is unpacked here')
  const length = c.req.header('content-length')
  if (Number(length ?? 0) > limitBytes) throw tooLarge(limitBytes)
  try {
    // A measured body is never longer than it says: the HTTP parser sees to it, and the server reads it in one go.
    return await contentOf(length === undefined ? await measured(c.req.raw, limitBytes) : c.req.raw)
  } catch (error) {
    throw error instanceof GatewayFailure ? error : malformed('the body broke off')
  }
}

async function measured({ body }: Request, limitBytes: number): Promise<Response> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > limitBytes) throw tooLarge(limitBytes)
    chunks.push(chunk)
  }
  return new Response(Buffer.concat(chunks))
}

const tooLarge = (limitBytes: number) =>
  new GatewayFailure('BODY_TOO_LARGE', { detail: `a body has at most ${limitBytes} bytes` })

const malformed = (detail: string) => new GatewayFailure('BODY_MALFORMED', { detail })
