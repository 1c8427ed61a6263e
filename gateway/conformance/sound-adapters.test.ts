/** Whoever keeps the promises passes, however the agency knows us and in whatever format it speaks. */
import { describe } from 'vitest'
import { adapterFolder } from './adapter-folder.ts'
import { checksOf } from './checks.ts'
import { describeChecks } from './describe-adapter.ts'
import { contractFaults } from './contract-faults.ts'
import {
  basicFixtures,
  formatFixtures,
  inboundFixtures,
  orderFixtures,
  signatureFixtures,
  tokenFixtures,
  toyAdapter,
  toyFixtures,
  toyWithBasic,
  toyWithFormat,
  toyWithInbound,
  toyWithOrder,
  toyWithSignature,
  toyWithToken,
} from './toy-adapter.ts'

const changesInside = [
  ...contractFaults.map(({ name }) => name),
  'a code that no list knows',
  'a person in place of the code',
]

const folder = adapterFolder('adapters/toy')

describe.each([
  { speaks: 'JSON, with credentials in the body', adapter: toyAdapter(), fixtures: toyFixtures },
  { speaks: 'JSON, with Basic credentials', adapter: toyWithBasic(), fixtures: basicFixtures },
  { speaks: 'JSON, with a signature over time', adapter: toyWithSignature(), fixtures: signatureFixtures },
  { speaks: 'JSON, with a token', adapter: toyWithToken(), fixtures: tokenFixtures },
  { speaks: 'in a format of its own', adapter: toyWithFormat(changesInside), fixtures: formatFixtures },
  { speaks: 'JSON, and takes orders', adapter: toyWithOrder(), fixtures: orderFixtures },
  { speaks: 'JSON, and calls us', adapter: toyWithInbound(), fixtures: inboundFixtures },
])('an agency that speaks $speaks', ({ adapter, fixtures }) =>
  describeChecks(checksOf(adapter, fixtures, folder)),
)
