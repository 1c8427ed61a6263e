/** What whoever asks the ledger must say: the same in the API and at the command line. */
import { z } from 'zod'
import { isSynthetic, nik } from '#contracts/identifiers.ts'
import { contextHeaders } from '#gateway/access/context.ts'
import { tokenKeyPrefix } from '#gateway/access/tokens.ts'
import { type Identities, misplacedDetail } from '#gateway/validate.ts'

/** What decides on an input beside the input itself. */
export interface InputRules {
  readonly identities: Identities
  readonly now: () => number
}

const namesNobody = (text: string): boolean => !/(\D*\d){16}/.test(text)

/** The number of a request or an incident: it stands in the ledger as it is, and names nobody. */
export const reference = z
  .string()
  .trim()
  .min(1, { error: 'a reference that is not empty' })
  .max(100, { error: 'a reference of at most 100 characters' })
  .refine(namesNobody, {
    error: 'a reference of fewer than 16 digits: it stands in the ledger and must name nobody',
  })

/** Who asks, at the command line; in the API a header or a token says it. */
export const officer = z
  .string()
  .regex(contextHeaders['Mpp-Officer'].pattern, { error: contextHeaders['Mpp-Officer'].expected })

/** Epoch milliseconds of an ISO instant. */
const instant = z.iso
  .datetime({ offset: true, error: 'an instant with its offset such as 2026-11-30T09:00:00+07:00' })
  .transform(text => Date.parse(text))

/** The law's clock does not start in the future, and nobody has seen anything there. */
const pastInstant = (now: () => number) =>
  instant.refine(at => at <= now(), { error: 'an instant that has passed' })

/** Who asks to know who looked at them, and the request that they made. */
export const accessLogFields = ({ identities, now }: InputRules) => ({
  nik: nik.refine(value => isSynthetic(value) === (identities === 'synthetic'), {
    error: misplacedDetail[identities],
  }),
  request: z.strictObject({ reference, receivedAt: pastInstant(now) }),
})

/** By digits of its digest, which may happen to be sixteen numerals. */
const tokenWithoutId = new RegExp(`^${tokenKeyPrefix}[0-9a-f]{16}$`)

/** As the ledger names members and their keys. */
const nameInLedger = z
  .string()
  .min(1, { error: 'a name as it stands in the ledger' })
  .max(128, { error: 'a name of at most 128 characters' })
  .refine(text => namesNobody(text) || tokenWithoutId.test(text), {
    error: 'a name as it stands in the ledger: none there may be a NIK or NIP',
  })

/** What happened, and what it exposed: all that fits all that is given. Goes with `affectedRules`. */
export const affectedFields = ({ now }: InputRules) => ({
  incident: z.strictObject({ reference, discoveredAt: pastInstant(now) }),
  member: nameInLedger.optional(),
  key: nameInLedger.optional(),
  from: pastInstant(now).optional(),
  until: instant.optional(),
})

/** What the fields must be together; told beside what is wrong with one alone. */
export const affectedRules = z.superRefine<{
  readonly member?: string | undefined
  readonly key?: string | undefined
  readonly from?: number | undefined
  readonly until?: number | undefined
}>(
  ({ member, key, from, until }, context) => {
    const expect = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message })
    if ([member, key, from, until].every(part => part === undefined))
      expect('member', 'a member, one of its keys, or a period (from, until): whatever narrows it down')
    if (key !== undefined && member === undefined)
      expect('member', 'the member whose key it is: ids of keys differ within a member only')
    if (typeof from === 'number' && typeof until === 'number' && until <= from)
      expect('until', 'an instant after the first one')
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)
