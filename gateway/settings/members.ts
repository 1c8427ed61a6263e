import type { z } from 'zod'
import type { Member } from '#gateway/access/members.ts'
import { startOf } from './read-agreements.ts'
import { pathOf, type Problem } from './read-yaml.ts'
import type { gatewayFile } from './schema.ts'

type GatewayFile = z.output<typeof gatewayFile>

/** Checks what the schema cannot: roles within the member's own, and issuers that vouch for members that exist. */
export function checkMembers(
  { members = {}, oidc }: Partial<Pick<GatewayFile, 'members' | 'oidc'>>,
  { file, memberIds }: { readonly file: string; readonly memberIds: readonly string[] },
  problems: Problem[],
): void {
  const expect = (path: readonly PropertyKey[], expected: string): void =>
    void problems.push({ file, path: pathOf(path), expected })

  for (const [id, { roles, keys }] of Object.entries(members))
    for (const [index, key] of keys.entries())
      for (const [position, role] of key.roles?.entries() ?? [])
        if (!roles.includes(role))
          expect(
            ['members', id, 'keys', index, 'roles', position],
            `one of the member's roles: ${roles.join(', ')}`,
          )

  for (const [index, { member }] of oidc?.issuers.entries() ?? [])
    for (const [value, id] of Object.entries(member.values))
      if (!memberIds.includes(id))
        expect(
          ['oidc', 'issuers', index, 'member', 'values', value],
          `a member: one of ${memberIds.join(', ')}`,
        )
}

/** The members, with what they leave to the house filled in. */
export const membersOf = ({ members, limits, mall }: GatewayFile): Member[] =>
  Object.entries(members).map(
    ([id, { name, roles, rate = limits.rate, keys, documentOrigins, webhooks }]) => ({
      id,
      name,
      roles,
      rateLimit: rate,
      documentOrigins: new Set(documentOrigins.map(origin => new URL(origin).origin)),
      webhooks: webhooks.map(({ types, ...webhook }) => ({ ...webhook, types: types && new Set(types) })),
      keys: keys.map(key => ({
        id: key.id,
        sha256: key.sha256,
        roles: key.roles ?? roles,
        expiresAt: key.expires === undefined ? Infinity : startOf(key.expires, mall.timeZone, 1),
      })),
    }),
  )
