/** What the client needs to know of the contracts at run time, so that its users need not load the schemas. A test compares. */
import type { CapabilityId, SubmissionId } from '#contracts/capabilities.ts'

/** Where each capability is asked. */
export const paths = {
  'resident.lookup': '/v1/residents/lookup',
  'resident.match': '/v1/residents/match',
  'family.lookup': '/v1/families/lookup',
  'business.lookup': '/v1/businesses/lookup',
  'business.check': '/v1/businesses/check',
  'business.projects': '/v1/businesses/projects',
  'licence.lookup': '/v1/licences/lookup',
  'licence.status': '/v1/licences/status',
  'reference-table.read': '/v1/reference-tables/read',
  'vehicle.lookup': '/v1/vehicles/lookup',
  'driving-licence.lookup': '/v1/driving-licences/lookup',
  'police-record.status': '/v1/police-records/status',
} as const satisfies Record<CapabilityId, `/v1/${string}`>

/** Where each order is given. */
export const orderPaths = {
  'licence.issue': '/v1/licences/decisions',
  'licence.report-status': '/v1/licences/status-reports',
  'licence.update': '/v1/licences/updates',
  'loss-report.file': '/v1/loss-reports',
  'police-record.request': '/v1/police-records/requests',
  'driving-licence.renew': '/v1/driving-licences/renewals',
} as const satisfies Record<SubmissionId, `/v1/${string}`>

/** What may be asked without context: then public elements come back. */
export const publicIds = [
  'business.lookup',
  'business.check',
  'business.projects',
  'licence.lookup',
  'licence.status',
  'reference-table.read',
] as const satisfies readonly CapabilityId[]
