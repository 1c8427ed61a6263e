/** The addresses of orders: to order, to see what became of it, the work list, attachments, and what operators do. */
import { z } from 'zod'
import { submissionStates, type Submission } from '#contracts/submission.ts'
import type { FailureCode } from '#contracts/failures.ts'
import type { Text } from '#contracts/text.ts'
import { contextHeaders } from '#gateway/access/context.ts'
import type { Role } from '#gateway/access/members.ts'
import { attachmentLimits, attachmentTypes } from '#gateway/delivery/attachments.ts'
import { openStates } from '#gateway/delivery/operators.ts'
import { rerunAllInput, rerunInput, resolveInput } from '#gateway/http/operator-submissions.ts'
import { pageSize } from '#gateway/http/paging.ts'
import type { Language } from '#gateway/http/problem.ts'
import { reasonInput } from '#gateway/http/submissions.ts'
import { finishInput, releaseInput, workOrders, workStates } from '#gateway/http/work-list.ts'
import { idempotencyDays } from '#gateway/submission.ts'
import { jsonSchemaOf, recordSchemaOf } from './json-schema.ts'
import { codesOf } from './problem-responses.ts'
import {
  attachmentSchema,
  bareSubmissionSchema,
  exampleItem,
  exampleOperated,
  exampleShown,
  operatedListSchema,
  operatedSchema,
  rerunSchema,
  submissionSchema,
  submissionsSchema,
  workDetailSchema,
  workItemSchema,
  workListSchema,
} from './submission-schemas.ts'

/** What the document makes every operation of. */
export interface Tools {
  readonly language: Language
  operation(
    id: string,
    tag: 'submissions' | 'operations',
    summary: string,
    codes: readonly FailureCode[],
    responses: object,
    roles?: readonly Role[],
  ): { readonly parameters: readonly object[]; readonly responses: object }
  json(description: string, schema: object, example?: unknown): object
  body(schema: object, example: unknown): object
  contextParameter(name: string): object
}

export function submissionPaths({ language, operation, json, body, contextParameter }: Tools) {
  const say = (id: string, en: string): string => ({ id, en })[language]
  const schema = (of: z.ZodType) => jsonSchemaOf(of, 'output', language)
  const input = (of: z.ZodType) => jsonSchemaOf(of, 'input', language)
  const officer = contextParameter('Mpp-Officer')
  const optionally = (...names: string[]) =>
    names.map(name => ({ ...contextParameter(name), required: false }))

  const query = (name: string, description: string, of: object) => ({
    name,
    in: 'query',
    description,
    schema: of,
  })
  const text = { type: 'string' }
  const page = [
    query('cursor', say('Dari halaman sebelumnya', 'From the page before'), text),
    query('limit', say('Isi satu halaman paling banyak', 'What a page holds at most'), {
      type: 'integer',
      minimum: 1,
      maximum: pageSize.most,
      default: pageSize.usual,
    }),
  ]
  const stateOf = (states: readonly string[]) => ({
    name: 'state',
    in: 'query',
    description: say('Satu keadaan atau lebih, dipisahkan koma', 'One state or several, separated by commas'),
    explode: false,
    schema: { type: 'array', items: { type: 'string', enum: states } },
  })
  const caseOf = query('case', say('Satu kunjungan', 'One case'), text)
  const upstreamOf = query('upstream', say('Satu instansi', 'One agency'), text)
  const capabilityOf = query('capability', say('Satu kemampuan', 'One capability'), text)
  const inPath = (name: string) => ({ name, in: 'path', required: true, schema: text })

  interface Route {
    readonly id: string
    readonly summary: string
    readonly codes: readonly FailureCode[]
    readonly answer: object
    readonly description?: Text
    readonly roles?: readonly Role[]
    readonly parameters?: readonly object[]
    readonly requestBody?: object
  }
  function route({
    id,
    summary,
    codes,
    answer,
    description,
    roles = ['member'],
    parameters = [],
    requestBody,
  }: Route) {
    const made = operation(id, 'submissions', summary, codes, { 200: answer }, roles)
    return {
      ...made,
      ...(description && { description: description[language] }),
      parameters: [...parameters, ...made.parameters],
      ...(requestBody && { requestBody }),
    }
  }

  const atWork = ['member', 'operator'] as const
  const item = json(say('Permohonan itu kini', 'The order now'), schema(workItemSchema), exampleItem)
  const operated = json(say('Permohonan itu kini', 'The order now'), schema(operatedSchema), exampleOperated)
  const exampleDetail: z.output<typeof submissionSchema> = {
    ...exampleShown,
    behind: null,
    history: [{ at: exampleShown.acceptedAt, type: 'submission.queued', state: 'queued' }],
    service: null,
    reference: null,
    reason: null,
    data: null,
    withheld: [],
    auditId: null,
  }

  /** `POST` of an order. */
  function order(capability: Submission) {
    const { id, title, description, example } = capability
    const detail = schema(submissionSchema)
    const data = { anyOf: [recordSchemaOf(capability, 'output', language), { type: 'null' }] }
    const shown = { ...detail, properties: { ...detail.properties, data } }
    const answer = (text: string, changes: object, of: object = shown) => ({
      ...json(text, of, { ...exampleDetail, capability: id, ...changes }),
      headers: answerHeaders(language),
    })
    const made = operation(id, 'submissions', title[language], codesOf.order, {
      200: answer(say('Sudah selesai', 'It has ended already'), {
        state: 'confirmed',
        stateText: submissionStates.confirmed[language],
        attempts: 1,
        next: null,
        data: example.output,
      }),
      202: answer(
        say(
          'Diterima: tidak akan hilang atau terkirim ganda',
          'Accepted: neither lost nor doubled from now on',
        ),
        {},
        { anyOf: [shown, schema(bareSubmissionSchema)] },
      ),
    })
    return {
      ...made,
      description: `${description[language]}\n\n${ordered[language]}`,
      parameters: [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          description: say(
            `Anda buat sendiri, satu untuk setiap permohonan, dan ulangi bila mencoba lagi. Berlaku ${idempotencyDays} hari; tidak terpakai oleh permintaan yang ditolak.`,
            `Made up by you, one for each order, and repeated when you ask again. Remembered for ${idempotencyDays} days; a refused request does not use it up.`,
          ),
          schema: { type: 'string', minLength: 8, maxLength: 128 },
          example: '5f0c1d3e-7c4b-4b60-9d7a-0f6f6e2b1a90',
        },
        {
          name: 'Prefer',
          in: 'header',
          description: say(
            'wait=N: tunggu paling lama N detik (sampai 30) kalau-kalau selesai saat itu juga; tidak menunggu yang harus dikerjakan petugas atau operator',
            'wait=N: wait for up to N seconds (at most 30) should it end meanwhile; not for an officer or operator who must act',
          ),
          schema: { type: 'string' },
          example: 'wait=10',
        },
        ...Object.keys(contextHeaders).map(name => ({ $ref: `#/components/parameters/${name}` })),
        ...made.parameters,
      ],
      requestBody: body(recordSchemaOf(capability, 'input', language), example.input),
    }
  }

  const paths = {
    '/v1/submissions': {
      get: route({
        id: 'submissions.list',
        summary: say('Permohonan instansi Anda', "Your organisation's orders"),
        codes: codesOf.list,
        parameters: [caseOf, stateOf(Object.keys(submissionStates)), capabilityOf, ...page],
        answer: json(say('Satu halaman, terbaru dulu', 'A page, newest first'), schema(submissionsSchema), {
          submissions: [exampleShown],
          cursor: null,
        }),
      }),
    },
    '/v1/submissions/{id}': {
      parameters: [inPath('id')],
      get: route({
        id: 'submission',
        summary: say('Satu permohonan', 'One order'),
        description: seen,
        codes: codesOf.submission,
        parameters: optionally(...Object.keys(contextHeaders)),
        answer: json(say('Permohonan', 'The order'), schema(submissionSchema), exampleDetail),
      }),
    },
    '/v1/submissions/{id}/cancel': {
      parameters: [inPath('id')],
      post: route({
        id: 'submission.cancel',
        summary: say('Batalkan selama belum dikirim', 'Cancel it while nothing was sent'),
        codes: codesOf.submissionAct,
        parameters: [officer],
        requestBody: body(input(reasonInput), { reason: 'pemohon membatalkan' }),
        answer: json(say('Dibatalkan', 'Cancelled'), schema(submissionSchema), {
          ...exampleDetail,
          state: 'cancelled',
          stateText: submissionStates.cancelled[language],
          next: null,
        }),
      }),
    },
    '/v1/attachments': {
      post: {
        ...operation(
          'attachments.keep',
          'submissions',
          say('Unggah lampiran', 'Upload an attachment'),
          codesOf.attachment,
          {
            201: json(say('Tersimpan', 'Kept'), schema(attachmentSchema), {
              id: 'att_AAAAAAAAAAAAAAAAAAAAAA',
              contentType: 'application/pdf',
              bytes: 183_442,
              expiresAt: '2026-03-03T01:05:00.000Z',
            }),
          },
        ),
        description: uploaded[language],
        requestBody: {
          required: true,
          content: Object.fromEntries(
            [...attachmentTypes, 'application/octet-stream'].map(type => [
              type,
              { schema: { type: 'string', format: 'binary', maxLength: attachmentLimits.bytes } },
            ]),
          ),
        },
      },
    },
    '/v1/work-list': {
      get: route({
        id: 'work-list',
        summary: say('Yang menunggu petugas', 'What waits for an officer'),
        description: listed,
        codes: codesOf.list,
        roles: atWork,
        parameters: [
          upstreamOf,
          stateOf(workStates),
          caseOf,
          query('order', say('Terlama atau terbaru dulu', 'Oldest or newest first'), {
            type: 'string',
            enum: workOrders,
            default: 'oldest',
          }),
          ...page,
        ],
        answer: json(say('Satu halaman', 'A page'), schema(workListSchema), {
          items: [exampleItem],
          cursor: null,
        }),
      }),
    },
    '/v1/work-list/{id}': {
      parameters: [inPath('id')],
      get: route({
        id: 'work-list.item',
        summary: say('Isi permohonan', 'What was ordered'),
        description: looked,
        codes: codesOf.workItem,
        roles: atWork,
        parameters: optionally('Mpp-Purpose', 'Mpp-Counter', 'Mpp-Officer'),
        answer: json(say('Permohonan', 'The order'), schema(workDetailSchema), {
          ...exampleItem,
          order: null,
          auditId: null,
        }),
      }),
    },
    '/v1/work-list/{id}/attachments/{attachment}': {
      parameters: [inPath('id'), inPath('attachment')],
      get: route({
        id: 'work-list.attachment',
        summary: say('Lampirannya', 'An attachment of it'),
        codes: codesOf.workItem,
        roles: atWork,
        parameters: ['Mpp-Purpose', 'Mpp-Counter', 'Mpp-Officer'].map(contextParameter),
        answer: {
          description: say('Seperti diunggah', 'As it was uploaded'),
          content: Object.fromEntries(
            attachmentTypes.map(type => [type, { schema: { type: 'string', format: 'binary' } }]),
          ),
        },
      }),
    },
    '/v1/work-list/{id}/take': {
      parameters: [inPath('id')],
      post: route({
        id: 'work-list.take',
        summary: say('Ambil untuk dikerjakan', 'Take it in hand'),
        description: taken,
        codes: codesOf.workTake,
        roles: atWork,
        parameters: [officer],
        answer: item,
      }),
    },
    '/v1/work-list/{id}/release': {
      parameters: [inPath('id')],
      post: route({
        id: 'work-list.release',
        summary: say('Kembalikan ke daftar', 'Put it back'),
        description: released,
        codes: codesOf.submissionAct,
        roles: atWork,
        parameters: [officer],
        requestBody: body(input(releaseInput), { acted: false, reason: 'ganti petugas' }),
        answer: item,
      }),
    },
    '/v1/work-list/{id}/finish': {
      parameters: [inPath('id')],
      post: route({
        id: 'work-list.finish',
        summary: say('Catat hasilnya', 'Enter what came of it'),
        description: finished,
        codes: codesOf.submissionAct,
        roles: atWork,
        parameters: [officer],
        requestBody: body(input(finishInput), { outcome: 'confirmed', reference: 'STPL/B/17/III/2026' }),
        answer: item,
      }),
    },
    '/v1/operator/submissions': {
      get: route({
        id: 'operator.submissions',
        summary: say('Permohonan semua instansi', 'Orders of all organisations'),
        description: overseen,
        codes: codesOf.list,
        roles: ['operator'],
        parameters: [
          stateOf(Object.keys(submissionStates)),
          upstreamOf,
          capabilityOf,
          query('member', say('Satu pemesan', 'Ordered by this one'), text),
          caseOf,
          query(
            'olderThanMinutes',
            say('Dalam keadaan itu lebih lama dari ini', 'Longer than this in its state'),
            { type: 'integer', minimum: 0 },
          ),
          ...page,
        ],
        answer: json(say('Satu halaman, terbaru dulu', 'A page, newest first'), schema(operatedListSchema), {
          submissions: [exampleOperated],
          cursor: null,
        }),
      }),
    },
    '/v1/operator/submissions/{id}/rerun': {
      parameters: [inPath('id')],
      post: route({
        id: 'operator.submission.rerun',
        summary: say('Jalankan lagi yang terhenti', 'Run a dead one again'),
        description: rerun,
        codes: codesOf.submissionAct,
        roles: ['operator'],
        parameters: [officer],
        requestBody: body(input(rerunInput), { reason: 'instansi sudah pulih' }),
        answer: operated,
      }),
    },
    '/v1/operator/submissions/rerun': {
      post: route({
        id: 'operator.submissions.rerun',
        summary: say('Jalankan lagi semua yang cocok', 'Run all dead ones again that fit'),
        description: rerun,
        codes: codesOf.rerunAll,
        roles: ['operator'],
        parameters: [officer],
        requestBody: body(input(rerunAllInput), {
          filter: { upstream: 'example-agency' },
          reason: 'instansi sudah pulih',
          dryRun: true,
        }),
        answer: json(say('Yang mana, dan menjadi apa', 'Which, and where they go'), schema(rerunSchema), {
          dryRun: true,
          count: 1,
          submissions: [{ id: exampleShown.id, state: 'queued' }],
          more: false,
        }),
      }),
    },
    '/v1/operator/submissions/{id}/resolve': {
      parameters: [inPath('id')],
      post: route({
        id: 'operator.submission.resolve',
        summary: say('Nyatakan bagaimana berakhirnya', 'Say how it ended'),
        description: resolved,
        codes: codesOf.submissionAct,
        roles: ['operator'],
        parameters: [officer],
        requestBody: body(input(resolveInput), {
          outcome: 'confirmed',
          reference: 'STPL/B/17/III/2026',
          reason: 'dicek di aplikasi instansi',
        }),
        answer: operated,
      }),
    },
  }
  return { order, paths }
}

const answerHeaders = (language: Language) => {
  const told = (id: string, en: string) => ({ description: { id, en }[language], schema: { type: 'string' } })
  return {
    Location: told('Di mana permohonan ini dilihat', 'Where this order is seen'),
    'Preference-Applied': told('Selama apa ditunggu', 'How long it was waited for'),
    'Idempotency-Replayed': told(
      'true: permohonan yang sama sudah diterima sebelumnya dengan kunci ini',
      'true: the same order was accepted before under this key',
    ),
  }
}

const ordered: Text = {
  id: 'Disimpan sebelum dijawab, lalu dibawa ke instansi paling banyak satu kali. Bila instansi tidak punya API, seorang petugas mengerjakannya dari daftar kerja. Kunci yang sama dengan isi yang sama memberikan permohonan yang sama; dengan isi lain ditolak.',
  en: 'Kept before it is answered, then brought to the agency at most once. Where the agency has no API, an officer does so from the work list. The same key with the same content gives the same order; with another it is refused.',
}

const seen: Text = {
  id: 'Keadaan, riwayat, dan apa selanjutnya. Dengan header konteks juga nomor dan hasil dari instansi, sejauh diizinkan perjanjian; itu tercatat sebagai bukti.',
  en: "State, history and what happens next. With context headers also the agency's number and what came of it, as far as the agreement grants it; that goes on record.",
}

const uploaded: Text = {
  id: `Berkasnya sendiri sebagai isi permintaan: PDF, JPEG atau PNG menurut byte-nya, paling besar 2 MB. Disimpan tersegel; hilang setelah ${attachmentLimits.unusedHours} jam bila tidak disebut oleh permohonan.`,
  en: `The file itself as the body: PDF, JPEG or PNG by its bytes, at most 2 MB. Kept sealed; gone after ${attachmentLimits.unusedHours} hours unless an order names it.`,
}

const listed: Text = {
  id: 'Permohonan yang dikerjakan petugas di aplikasi instansi: yang instansinya tanpa API, dan yang tidak pasti atau tidak dapat diikuti. Tampak bagi instansi yang memesan, bagi instansi yang ditetapkan membantu, dan bagi operator. Yang terlama menunggu lebih dulu. Tanpa data pribadi.',
  en: "Orders that an officer completes in the agency's own application: of agencies without an API, and those that are uncertain or cannot be followed. Seen by the organisation that ordered, by those that assist the agency, and by operators. Whoever has waited longest comes first. Nothing personal.",
}

const looked: Text = {
  id: 'Dengan Mpp-Purpose (keperluan permohonan itu), Mpp-Counter dan Mpp-Officer juga isinya; itu tercatat sebagai bukti. Tanpa header itu tidak ada data pribadi. Kunjungan tidak diperlukan.',
  en: 'With Mpp-Purpose (that of the order), Mpp-Counter and Mpp-Officer also what was ordered; that goes on record. Without them nothing personal. No case is needed.',
}

const taken: Text = {
  id: 'Sejak itu hanya petugas ini yang mengerjakannya dan tidak dapat dibatalkan lagi. Diulang oleh petugas yang sama: tidak ada yang berubah. Sudah diambil orang lain: 409 dengan namanya.',
  en: "From then on it is this officer's alone and cannot be cancelled any more. By the same officer again: nothing changes. Taken by another: 409, which says by whom.",
}

const released: Text = {
  id: 'Oleh petugas yang mengambilnya, atau operator, yang menyatakan bahwa tidak ada yang dimasukkan di instansi.',
  en: 'By its taker, or an operator, who states that nothing was entered at the agency.',
}

const finished: Text = {
  id: 'Oleh petugas yang mengambilnya. accepted: instansi sudah menerimanya; tetap di daftar sampai ada hasil, dan clock dapat menghentikan atau menjalankan jam standar pelayanan. confirmed memerlukan nomor atau hasil, rejected memerlukan alasan.',
  en: 'By its taker. accepted: the agency has it; it stays on the list until something came of it, and clock may stop the clock of the service standard or let it run. confirmed needs a reference or a result, rejected a reason.',
}

const overseen: Text = {
  id: `Untuk operator, tanpa data pribadi: penanggung jawab (yang uncertain, dead, atau menunggu operator), sebab, sejak kapan, dan kegagalan terakhir. Tanpa state: yang belum selesai (${openStates.join(', ')}).`,
  en: `For operators, nothing personal: owner (of what is uncertain, dead or awaits an operator), reason, since when, and the last failure. Without state: those that are open (${openStates.join(', ')}).`,
}

const rerun: Text = {
  id: 'Untuk operator. Hanya yang dead. Yang mungkin sudah sampai di instansi tidak dikirim lagi begitu saja: menjadi uncertain, kecuali operator menyatakan nothingHappened. Setiap tindakan masuk ke buku bukti.',
  en: 'For operators. Dead ones only. What may have arrived is not sent again blindly: it becomes uncertain, unless the operator states nothingHappened. Each act goes into the ledger.',
}

const resolved: Text = {
  id: 'Untuk operator, setelah memastikannya di instansi: yang uncertain, dead, atau di tangan petugas. not-happened: dikirim lagi. confirmed memerlukan nomor dari instansi, kecuali nomor atau hasilnya sudah dicatat. Masuk ke buku bukti dengan alasannya.',
  en: "For operators, having made certain at the agency: of what is uncertain, dead, or in an officer's hands. not-happened: it is sent again. confirmed needs the agency's number, unless a number or a result is kept already. It goes into the ledger with the reason.",
}
