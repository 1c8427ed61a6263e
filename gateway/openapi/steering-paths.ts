/** The addresses with which operators steer upstreams. */
import type { z } from 'zod'
import { endMaintenanceInput, maintenanceInput, modeInput } from '#gateway/http/steering.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { codesOf } from './problem-responses.ts'
import { exampleSteered, steeredListSchema, steeredSchema } from './steering-schemas.ts'
import type { Tools } from './submission-paths.ts'

export function steeringPaths({ language, operation, json, body, contextParameter }: Tools) {
  const say = (id: string, en: string): string => ({ id, en })[language]
  const schema = (of: z.ZodType) => jsonSchemaOf(of, 'output', language)
  const steered = json(say('Instansi itu kini', 'The upstream now'), schema(steeredSchema), exampleSteered)

  function act(id: string, summary: string, input: z.ZodType, example: object, status: 200 | 201 = 200) {
    const made = operation(id, 'operations', summary, codesOf.steer, { [status]: steered }, ['operator'])
    return {
      ...made,
      parameters: [contextParameter('Mpp-Officer'), ...made.parameters],
      requestBody: body(jsonSchemaOf(input, 'input', language), example),
    }
  }
  const inPath = (...names: string[]) =>
    names.map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

  return {
    '/v1/operator/upstreams': {
      get: operation(
        'operator.upstreams',
        'operations',
        say('Bagaimana tiap instansi diatur', 'How each upstream is steered'),
        codesOf.report,
        {
          200: json(say('Semua instansi', 'Every upstream'), schema(steeredListSchema), {
            upstreams: [exampleSteered],
          }),
        },
        ['operator', 'auditor', 'monitor'],
      ),
    },
    '/v1/operator/upstreams/{id}/mode': {
      parameters: inPath('id'),
      post: act(
        'operator.upstream.mode',
        say('Tahan, amati saja, atau lepaskan', 'Hold it, only measure it, or let it go'),
        modeInput,
        { mode: 'held', reason: 'answers with the data of others' },
      ),
    },
    '/v1/operator/upstreams/{id}/maintenance': {
      parameters: inPath('id'),
      post: act(
        'operator.upstream.maintenance',
        say('Nyatakan pemeliharaan', 'Declare maintenance'),
        maintenanceInput,
        {
          until: '2026-03-02T12:00:00+07:00',
          message: { id: 'Server dipindahkan, kembali pukul 12', en: 'Servers are moved, back at noon' },
          reason: 'letter of the agency of 1 March',
        },
        201,
      ),
    },
    '/v1/operator/upstreams/{id}/maintenance/{maintenance}/end': {
      parameters: inPath('id', 'maintenance'),
      post: act(
        'operator.upstream.maintenance.end',
        say('Akhiri pemeliharaan sebelum waktunya', 'End maintenance before its time'),
        endMaintenanceInput,
        { reason: 'the agency is back' },
      ),
    },
  }
}
