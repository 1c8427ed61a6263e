/**
 * Every question and every notice of the house, by id: the typed client and the documentation read it.
 * The gateway serves what its adapters bring; of these, always as they are declared here.
 */
import { businessChanged, businessCheck, businessLookup, businessProjects } from './business.ts'
import { drivingLicenceLookup } from './driving-licence.ts'
import { familyLookup } from './family.ts'
import { licenceDocumentSigned, licenceLookup, licenceStatusCheck } from './licence.ts'
import { policeRecordStatusLookup } from './police-record.ts'
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

export const notices = {
  'business.changed': businessChanged,
  'licence.document-signed': licenceDocumentSigned,
}

export type Capabilities = typeof capabilities
export type CapabilityId = keyof Capabilities
export type Notices = typeof notices
export type NoticeId = keyof Notices
