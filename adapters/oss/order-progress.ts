/** What the status of a licence says of an order about it. */
import type { z } from 'zod'
import type { LicenceStatusCode } from '#contracts/licence-codes.ts'
import { licenceStatus } from '#contracts/licence-codes.ts'
import type { licenceIssue, licenceReportStatus } from '#contracts/licence-orders.ts'
import type { Order, Progress } from '#contracts/submission.ts'
import type { LicenceStatus } from './licence-status.ts'
import { wireOf } from './values.ts'

type Step = Pick<Progress, 'state' | 'clock'>

/** Lampiran 10; every other step of it is on the way, 93 too: what is refused there is the requirements, not the licence (90). */
const steps: { readonly [Code in LicenceStatusCode]?: Step } = {
  clarificationAsked: { state: 'accepted', clock: 'pause' },
  clarificationGiven: { state: 'accepted', clock: 'resume' },
  clarificationAskedAgain: { state: 'accepted', clock: 'reset' },
  clarificationGivenAgain: { state: 'accepted', clock: 'restart' },
  approved: { state: 'confirmed', clock: 'done' },
  approvedBySilence: { state: 'confirmed', clock: 'approved-by-silence' },
  refused: { state: 'rejected' },
}

/** Acts on a licence that there is. */
const sanctions: readonly LicenceStatusCode[] = ['warned', 'suspended', 'fined']

/** The order was to refuse the licence, or to act on it: when OSS has that, it is done. */
const endsAsSent: ReadonlySet<string> = new Set<LicenceStatusCode>([
  'refused',
  'requirementsRefused',
  ...sanctions,
])

/** They hand the application back to the applicant, who may then bring it to any step, an earlier one included. */
const handsBack: ReadonlySet<string> = new Set<LicenceStatusCode>([
  'documentsIncomplete',
  'paymentToBeCorrected',
  'requirementsRefused',
])

const wireStatus = (code: LicenceStatusCode): string => wireOf(licenceStatus, code)

/**
 * Does this step show that the one that was sent did not arrive? The codes rise with the procedure, so an earlier one does. A later
 * one shows nothing, since the applicant or OSS itself may have gone on from ours (42 after 41, 57 after any, 58 after 50); nor
 * does another decision, which may be older or newer than ours.
 */
function isBefore(found: LicenceStatusCode, sent: LicenceStatusCode): boolean {
  const isUnderWay = wireStatus(found) < wireStatus('approved')
  if (handsBack.has(sent) || !(isUnderWay || sanctions.includes(sent))) return false
  return wireStatus(found) < wireStatus(sent)
}

/** Nobody can tell from this step; the order stays as it is, for a person to see. What is no code may be anything, and is not told. */
const undecided = (text: string): Progress<never> => ({
  state: 'unlisted',
  agencyState: /^\w{1,4}$/.test(text) ? text : undefined,
})

/** Of an order that may or may not have arrived; undefined: it has. */
function unarrived(found: LicenceStatusCode, sent: LicenceStatusCode): Progress<never> | undefined {
  if (found === sent) return undefined
  return isBefore(found, sent) ? { state: 'absent' } : undecided(wireStatus(found))
}

export function progressOfIssue(
  { licenceId, status, statusText, attachment }: LicenceStatus,
  { input, reference, isAccepted }: Order<z.output<typeof licenceIssue.input>>,
): Progress<z.input<typeof licenceIssue.output>> {
  const { code, text } = status
  if (code === 'unknown') return undecided(text)
  const missing = isAccepted ? undefined : unarrived(code, input.status)
  if (missing) return missing
  const step: Step =
    code === input.status && endsAsSent.has(code)
      ? { state: 'confirmed', clock: 'done' }
      : (steps[code] ?? { state: 'accepted' })
  return {
    ...step,
    agencyState: wireStatus(code),
    result: { licenceId, status, statusText, number: reference, attachment },
  }
}

export function progressOfReport(
  { licenceId, status, statusText }: LicenceStatus,
  { input }: Order<z.output<typeof licenceReportStatus.input>>,
): Progress<z.input<typeof licenceReportStatus.output>> {
  const { code, text } = status
  if (code === 'unknown') return undecided(text)
  return (
    unarrived(code, input.status) ?? {
      state: 'confirmed',
      agencyState: wireStatus(code),
      result: { licenceId, status, statusText },
    }
  )
}
