import type { Agreement } from '#gateway/access/agreements.ts'
import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import { decide } from '#gateway/access/decide.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'

/** Why an order may not be brought to the agency any more, though it was accepted: its agreement has ended or was suspended. */
export function refusalOf(
  row: SubmissionRow,
  agreements: AgreementRegister,
  now: number,
): string | undefined {
  const { capability, purpose } = row
  const current = agreementOf(row, agreements)
  if (!current) return 'AGREEMENT_MISSING'
  const decision = decide({ capability, purpose, asked: undefined }, current, now)
  return decision.granted ? undefined : decision.reason
}

/** The agreement that an order was accepted under, as it is now; undefined when it has ended. */
export const agreementOf = (
  { member, upstream, agreement }: SubmissionRow,
  agreements: AgreementRegister,
): Agreement | undefined => agreements.between(member, upstream).find(({ id }) => id === agreement)

/** Whoever looks at an order says why, and that must be what it was ordered for. @throws NOT_GRANTED */
export function checkPurpose(row: Pick<SubmissionRow, 'purpose'>, purpose: string): void {
  if (purpose === row.purpose) return
  const detail = `this was ordered for ${row.purpose}: look at it for that`
  throw new GatewayFailure('NOT_GRANTED', {
    reason: 'PURPOSE_NOT_GRANTED',
    detail,
    errors: [{ header: 'Mpp-Purpose', detail }],
  })
}
