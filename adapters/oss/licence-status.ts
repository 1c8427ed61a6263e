/** How far a licence has come, as `checkLicenseStatus` tells it. */
import { z } from 'zod'
import type { Failed } from '#contracts/adapter.ts'
import { licenceStatus } from '#contracts/licence-codes.ts'
import type { licenceStatusCheck } from '#contracts/licence.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { aboutAnother, answer, without, wrapped } from './answer.ts'
import { asLink, readNib, value } from './values.ts'

export const licenceStatusRow = z.object({
  nib: value,
  id_proyek: value,
  id_izin: value,
  kd_status: value,
  uraian_status: value,
  file_lampiran: value,
})

export const licenceStatusReply = answer(
  // The table, the sample of a success and the sample of a failure: three names for one wrapper.
  wrapped('dataIZIN', 'responcheckLicenseStatus', 'responcheckStatusLicense', 'responsecheckStatusLicense'),
  licenceStatusRow,
)

export type LicenceStatus = z.input<typeof licenceStatusCheck.output>

export function readLicenceStatus(
  row: z.output<typeof licenceStatusRow>,
  licenceId: string,
): LicenceStatus | Failed {
  if (read(row.id_izin, asIs) !== licenceId) return aboutAnother()
  const status = read(row.kd_status, licenceStatus.read)
  if (!status) return without('a status')
  return {
    licenceId,
    nib: readNib(row.nib),
    projectId: read(row.id_proyek, asIs),
    status,
    statusText: read(row.uraian_status, asIs),
    attachment: read(row.file_lampiran, asLink),
  }
}
