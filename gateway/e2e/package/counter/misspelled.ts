import { createClient } from 'mpp-gateway/client'

const mpp = createClient({ baseUrl: 'http://127.0.0.1', apiKey: 'mpp_key_of_nobody' })
const context = { case: 'case_1', purpose: 'skck.new', counter: 'A-03', officer: 'o-7f3a' }
await mpp.ask(
  'resident.lookup',
  { nik: '9999011501900001' },
  { ...context, elements: ['/fullName', '/adress'] },
)
