/**
 * Every question, every order and every notice of the house, by id: the typed client and the documentation read it.
 * The gateway serves what its adapters bring; of these, always as they are declared here.
 */
import { businessChanged, businessCheck, businessLookup, businessProjects } from './business.ts'
import { drivingLicenceLookup, drivingLicenceRenew } from './driving-licence.ts'
import { familyLookup } from './family.ts'
import { licenceIssue, licenceReportStatus, licenceUpdate } from './licence-orders.ts'
import { licenceDocumentSigned, licenceLookup, licenceStatusCheck } from './licence.ts'
import { lossReportFile } from './loss-report.ts'
import { policeRecordRequest, policeRecordStatusLookup } from './police-record.ts'
import { referenceTableRead } from './reference-table.ts'
import { residentLookup, residentMatch } from './resident.ts'
import { vehicleLookup } from './vehicle.ts'

export const capabilities = {
  'resident.lookup': residentLookup,
  'resident.match': residentMatch,
  'family.lookup': familyLookup,
  'business.lookup': businessLookup,
  'business.check': businessCheck,
  'business.projects': businessProjects,
  'licence.lookup': licenceLookup,
  'licence.status': licenceStatusCheck,
  'reference-table.read': referenceTableRead,
  'vehicle.lookup': vehicleLookup,
  'driving-licence.lookup': drivingLicenceLookup,
  'police-record.status': policeRecordStatusLookup,
}

/** What has an effect at an agency. */
export const submissions = {
  'licence.issue': licenceIssue,
  'licence.report-status': licenceReportStatus,
  'licence.update': licenceUpdate,
  'loss-report.file': lossReportFile,
  'police-record.request': policeRecordRequest,
  'driving-licence.renew': drivingLicenceRenew,
}

export const notices = {
  'business.changed': businessChanged,
  'licence.document-signed': licenceDocumentSigned,
}

export type Capabilities = typeof capabilities
export type CapabilityId = keyof Capabilities
export type Submissions = typeof submissions
export type SubmissionId = keyof Submissions
export type Notices = typeof notices
export type NoticeId = keyof Notices
