import { describeAdapter } from 'mpp-gateway/conformance'
import adapter from './adapter.ts'
import fixtures from './fixtures.json' with { type: 'json' }

describeAdapter(adapter, fixtures)
