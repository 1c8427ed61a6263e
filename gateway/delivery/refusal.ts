import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import { decide } from '#gateway/access/decide.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'

/** Why an order may not be brought to the agency any more, though it was accepted: its agreement has ended or was suspended. */
export function refusalOf(
  { member, upstream, agreement, capability, purpose }: SubmissionRow,
  agreements: AgreementRegister,
  now: number,
): string | undefined {
  const current = agreements.between(member, upstream).find(({ id }) => id === agreement)
  if (!current) return 'AGREEMENT_MISSING'
  const decision = decide({ capability, purpose, asked: undefined }, current, now)
  return decision.granted ? undefined : decision.reason
}
