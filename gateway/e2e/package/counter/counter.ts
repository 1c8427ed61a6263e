/** A counter application: it asks about two residents' parking permits, and prints what it learns. */
import { parkingLookup } from 'mpp-adapter-parking'
import { createClient, isProblem } from 'mpp-gateway/client'

const [baseUrl = '', apiKey = ''] = process.argv.slice(2)
const mpp = createClient({ baseUrl, apiKey, language: 'en' })
const { id } = await mpp.openCase()
const context = { case: id, purpose: 'parking.renewal', counter: 'A-03', officer: 'o-7f3a' }

const { data, withheld } = await mpp.ask(parkingLookup, { nik: '9999011501900001' }, context)
const number: string | undefined = data.permit?.number
console.log(number, withheld.join(' '))

try {
  await mpp.ask(parkingLookup, { nik: '9999010106600003' }, { ...context, elements: ['/permit'] })
} catch (error) {
  if (!isProblem(error, 'NOT_FOUND', 'SUBJECT_DECEASED')) throw error
  const code: 'NOT_FOUND' | 'SUBJECT_DECEASED' = error.code
  console.log(code, error.title)
}

try {
  await mpp.ask('resident.lookup', { nik: '9999011501900001' }, { ...context, elements: ['/fullName'] })
} catch (error) {
  if (!isProblem(error)) throw error
  console.log(error.code, error.reason, error.sent)
}
