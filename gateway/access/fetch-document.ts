const longestBytes = 256 * 1024

/** A document that cannot be used; the message is a short code of ours. */
export class DocumentUnusable extends Error {
  override readonly name = 'DocumentUnusable'
}

export interface DocumentRequest {
  readonly method?: 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams
  readonly timeoutMs?: number
}

/** A JSON document of an identity provider: no redirect is followed, nothing long or slow is waited for. */
export async function fetchDocument(
  address: string,
  { headers, timeoutMs = 5_000, ...request }: DocumentRequest = {},
): Promise<unknown> {
  const response = await fetch(address, {
    ...request,
    headers: { accept: 'application/json', ...headers },
    redirect: 'manual', // a redirect is an answer like any other that is no document
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new DocumentUnusable(`HTTP_${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > longestBytes) throw new DocumentUnusable('TOO_LONG')
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString())
}

/** Why, for the log: a code, or the error's class; a message of others may hold anything. */
export function faultCodeOf(error: unknown): string {
  if (error instanceof DocumentUnusable) return error.message
  const { name, cause } = error as Error
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? name
}
