/** The addresses with which operators see alarms. */
import { reasonInput } from '#gateway/http/submissions.ts'
import { alarmListSchema, alarmSchema, exampleAlarm } from './alarm-schemas.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { codesOf } from './problem-responses.ts'
import type { Tools } from './submission-paths.ts'

export function alarmPaths({ language, operation, json, body, contextParameter }: Tools) {
  const say = (id: string, en: string): string => ({ id, en })[language]
  const list = operation(
    'operator.alarms',
    'operations',
    say('Apa yang perlu dilihat pengelola', 'What operators should look at'),
    codesOf.report,
    {
      200: json(
        say('Yang paling mendesak lebih dahulu', 'Most urgent first'),
        jsonSchemaOf(alarmListSchema, 'output', language),
        { alarms: [exampleAlarm] },
      ),
    },
    ['operator', 'auditor', 'monitor'],
  )
  const acknowledge = operation(
    'operator.alarm.acknowledge',
    'operations',
    say('Sudah dilihat, dan sedang ditangani', 'Seen, and being dealt with'),
    codesOf.steer,
    {
      200: json(
        say('Peringatan itu kini', 'The alarm now'),
        jsonSchemaOf(alarmSchema, 'output', language),
        exampleAlarm,
      ),
    },
    ['operator'],
  )
  return {
    '/v1/operator/alarms': {
      get: {
        ...list,
        parameters: [
          {
            name: 'state',
            in: 'query',
            description: say(
              'open: yang masih berlangsung. all: juga yang sudah selesai dalam tujuh hari.',
              'open: those that are open. all: also those cleared within seven days.',
            ),
            schema: { type: 'string', enum: ['open', 'all'], default: 'open' },
          },
          ...list.parameters,
        ],
      },
    },
    '/v1/operator/alarms/{id}/acknowledge': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      post: {
        ...acknowledge,
        parameters: [contextParameter('Mpp-Officer'), ...acknowledge.parameters],
        requestBody: body(jsonSchemaOf(reasonInput, 'input', language), {
          reason: 'called the agency, back at nine',
        }),
      },
    },
  }
}
