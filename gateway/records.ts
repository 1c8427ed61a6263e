/** Records against their contract: where they break it, and where they hold what no code list knows. Never what. */
import { isUnknownCode } from '#contracts/code-list.ts'
import type { ContractPath } from '#contracts/elements.ts'

/** The first places where a record breaks its contract; the values may be personal. */
export const pathsOf = (issues: readonly { path: readonly PropertyKey[]; code: string }[]): string =>
  issues
    .slice(0, 5)
    .map(
      ({ path, code }) =>
        `/${path.map(key => (typeof key === 'number' ? '*' : String(key))).join('/')} (${code})`,
    )
    .join(', ')

/** Coded elements whose text no code list knows. */
export function unknownCodesIn(
  value: unknown,
  path = '',
  found = new Set<ContractPath>(),
): Set<ContractPath> {
  if (typeof value !== 'object' || value === null) return found
  if (isUnknownCode(value)) found.add(path as ContractPath)
  else if (Array.isArray(value)) for (const item of value) unknownCodesIn(item, `${path}/*`, found)
  else for (const [key, child] of Object.entries(value)) unknownCodesIn(child, `${path}/${key}`, found)
  return found
}

/** An agency's code, as logs and evidence may hold it: a text in its place may be anything, a long number anybody. */
export const codeOf = (upstreamCode: string | undefined): string | undefined =>
  upstreamCode === undefined || looksLikeCode(upstreamCode) ? upstreamCode : 'unlisted'

const looksLikeCode = (text: string): boolean =>
  /^(unlisted )?[\w.-]{1,16}$/.test(text) && text.replaceAll(/\D/g, '').length < 10
