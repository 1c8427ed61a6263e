/** What compiles and what does not; the compiler is the judge, `npm run check` the court. */
import { expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { defineCapability } from '#contracts/capability.ts'
import { optional, personal, publicElement } from '#contracts/elements.ts'
import { lossReportFile } from '#contracts/loss-report.ts'
import type { SubmissionState } from '#contracts/submission.ts'
import type { openCase } from '#gateway/http/cases.ts'
import type { NoticesAnswer } from '#gateway/http/notices.ts'
import type { Problem } from '#gateway/http/problem.ts'
import type { ShownNotice } from '#gateway/inbound/mailbox.ts'
import {
  createClient,
  type DataOf,
  type ElementOf,
  MppProblem,
  type NoticeOf,
  type NoticesPage,
  type ProblemCode,
  type SubmissionOf,
  type Visit,
} from './client.ts'

const sent: unknown[] = []
const mpp = createClient({
  baseUrl: 'http://127.0.0.1',
  apiKey: 'mpp_key_of_nobody',
  fetch: async (_, init) => {
    sent.push(init?.body)
    return Response.json({ data: {} })
  },
})
const context = { case: 'case_1', purpose: 'skck.new', counter: 'A-03', officer: 'o-7f3a' }

const parkingLookup = defineCapability({
  id: 'parking.lookup',
  kind: 'query',
  path: '/v1/parking-permits/lookup',
  title: { id: 'Izin parkir', en: 'Parking permit' },
  description: { id: 'Izin parkir.', en: 'A parking permit.' },
  input: z.strictObject({ permit: z.string() }),
  output: z.object({
    permit: publicElement(z.string(), 'Nomor', 'Number'),
    holders: z.array(z.object({ fullName: optional(personal(z.string(), 'Nama', 'Name')) })),
  }),
  subjects: () => [],
  example: { input: { permit: 'P-1' }, output: { permit: 'P-1', holders: [] } },
})

it('takes capabilities, inputs and elements of the contracts, and no others', async () => {
  await mpp.ask('resident.lookup', { nik: '1' }, { ...context, elements: ['/fullName', '/address'] })
  await mpp.ask('family.lookup', { familyCardNumber: '1' }, { ...context, elements: ['/members/*/fullName'] })
  await mpp.ask(parkingLookup, { permit: 'P-1' }, { ...context, elements: ['/holders', '/permit'] })

  // @ts-expect-error an element that the contract does not name
  await mpp.ask('resident.lookup', { nik: '1' }, { ...context, elements: ['/fullNam'] })
  // @ts-expect-error what lies within an element has no path of its own
  await mpp.ask('resident.lookup', { nik: '1' }, { ...context, elements: ['/sex/code'] })
  // @ts-expect-error a match asks for what its input holds
  await mpp.ask('resident.match', { nik: '1' }, { ...context, elements: ['/fullName'] })
  // @ts-expect-error an element of another capability
  await mpp.ask('family.lookup', { familyCardNumber: '1' }, { ...context, elements: ['/fullName'] })
  // @ts-expect-error an item is named by *
  await mpp.ask('family.lookup', { familyCardNumber: '1' }, { ...context, elements: ['/members/0/fullName'] })
  // @ts-expect-error everything is asked for by leaving the elements out
  await mpp.ask('resident.lookup', { nik: '1' }, { ...context, elements: [''] })
  // @ts-expect-error an element that one's own capability does not name
  await mpp.ask(parkingLookup, { permit: 'P-1' }, { ...context, elements: ['/holder'] })
  // @ts-expect-error an input misspelled
  await mpp.ask('resident.lookup', { nikk: '1' }, context)
  // @ts-expect-error an identifier is a text
  await mpp.ask('resident.lookup', { nik: 9901 }, context)
  // @ts-expect-error a context that does not say who
  await mpp.ask('resident.lookup', { nik: '1' }, { case: 'case_1', purpose: 'skck.new', counter: 'A-03' })
  // @ts-expect-error a question about a person without context
  await mpp.ask('resident.lookup', { nik: '1' })
  // @ts-expect-error half a context
  await mpp.ask('business.lookup', { nib: '1' }, { purpose: 'licence.new' })
  await mpp.ask('business.lookup', { nib: '1' })
  await mpp.ask('business.lookup', { nib: '1' }, { elements: ['/name'] })
  await expect(
    // @ts-expect-error a capability misspelled
    mpp.ask('resident.lookp', { nik: '1' }, context),
  ).rejects.toThrow('no such capability: resident.lookp')

  expect(sent).toHaveLength(17)
})

it('takes orders and their inputs, and no others', async () => {
  sent.length = 0
  const { example } = lossReportFile
  const report = await mpp.order('loss-report.file', example.input, context)
  expectTypeOf(report.state).toEqualTypeOf<SubmissionState>()
  expectTypeOf<NonNullable<typeof report.data>['reportNumber']>().toEqualTypeOf<string | undefined>()

  // @ts-expect-error a question is no order
  await expect(mpp.order('resident.lookup', { nik: '1' }, context)).rejects.toThrow('no such capability')
  // @ts-expect-error an order is no question
  await expect(mpp.ask('loss-report.file', example.input, context)).rejects.toThrow('no such capability')
  // @ts-expect-error an input of another order
  await mpp.order('driving-licence.renew', example.input, context)
  // @ts-expect-error an order always says where, who and why
  await mpp.order('loss-report.file', example.input, { idempotencyKey: 'order-0001' })
  // @ts-expect-error half a context
  await mpp.submission('id', { purpose: 'skck.new' })
  expect(sent).toHaveLength(4)
})

it('tells orders apart by their capability', () => {
  const read = (order: SubmissionOf) =>
    order.capability === 'loss-report.file' ? order.data?.reportNumber : undefined
  expectTypeOf(read).returns.toEqualTypeOf<string | undefined>()
})

it('knows what an answer may hold: anything may be withheld, and some may be empty', () => {
  type Resident = DataOf<'resident.lookup'>
  expectTypeOf<Resident['fullName']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<Resident['motherName']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<NonNullable<Resident['sex']>['code']>().toEqualTypeOf<'male' | 'female' | 'unknown'>()
  expectTypeOf<NonNullable<Resident['address']>['street']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<NonNullable<DataOf<'family.lookup'>['members']>[number]['nik']>().toEqualTypeOf<
    string | undefined
  >()
  expectTypeOf<DataOf<typeof parkingLookup>['permit']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<ElementOf<typeof parkingLookup>>().toEqualTypeOf<
    '/permit' | '/holders' | '/holders/*' | '/holders/*/fullName'
  >()
  // @ts-expect-error not in the contract
  expectTypeOf<Resident['salary']>()
})

it('knows the codes of problems', () => {
  const problem = new MppProblem<ProblemCode>('NOT_FOUND', 404, {})
  expect(problem.code === 'NOT_FOUND').toBe(true)
  // @ts-expect-error no such code
  expect(problem.code === 'NOT_FUOND').toBe(false)
})

it('reads what the gateway writes', () => {
  type Read = Omit<MppProblem, 'name' | 'message' | 'stack' | 'cause' | 'toJSON' | 'code'>
  expectTypeOf<keyof Problem>().toEqualTypeOf<keyof Read | 'code'>()
  expectTypeOf<Problem['errors']>().toExtend<Read['errors'] | undefined>()
  expectTypeOf<Problem['sent']>().toEqualTypeOf<Read['sent']>()
  expectTypeOf<Problem['retryAfter']>().toEqualTypeOf<Read['retryAfter']>()
  expectTypeOf<Awaited<ReturnType<typeof openCase>>>().toExtend<Visit>()
  expectTypeOf<keyof ShownNotice>().toEqualTypeOf<keyof NoticeOf>()
  expectTypeOf<keyof NoticesAnswer>().toEqualTypeOf<keyof NoticesPage>()
})

it('tells notices apart by their type', () => {
  const read = (notice: NoticeOf) => (notice.type === 'business.changed' ? notice.data.nib : undefined)
  expectTypeOf(read).returns.toEqualTypeOf<string | undefined>()
})
