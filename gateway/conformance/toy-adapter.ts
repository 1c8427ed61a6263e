/** An agency for the kit's own tests: it knows people by NIK, and says no with a code. */
import { z } from 'zod'
import { type Adapter, defineAdapter, failed, type Failed } from '#contracts/adapter.ts'
import { religion } from '#contracts/population-codes.ts'
import { residentLookup } from '#contracts/resident.ts'
import { secret } from '#contracts/secret.ts'

const config = z.strictObject({ password: secret() })
export const toyReply = z.object({
  code: z.string(),
  name: z.string().optional(),
  faith: z.string().optional(),
})
type Reply = z.output<typeof toyReply>
type Resident = z.input<(typeof residentLookup)['output']>

/** What a test may break. */
interface Habits {
  repeatable: boolean
  path(nik: string, password: string): `/${string}`
  reply: z.ZodType<Reply>
  read(reply: Reply, nik: string, password: string): Resident | Failed
}

export function toyAdapter(habits: Partial<Habits> = {}): Adapter {
  const { repeatable, path, reply, read }: Habits = {
    repeatable: true,
    path: () => '/people',
    reply: toyReply,
    read: ({ code, name = '', faith }, nik) =>
      code === 'OK'
        ? { nik, fullName: name, ...(faith && { religion: religion.read(faith) }) }
        : failed(code === 'NONE' ? 'NOT_FOUND' : 'UPSTREAM_INVALID', code),
    ...habits,
  }
  return defineAdapter({
    contract: 1,
    id: 'toy',
    title: { id: 'Instansi mainan', en: 'Toy agency' },
    trust: 'assumed',
    config,
    policy: {
      deadlineMs: 1_000,
      retries: 1,
      concurrency: 2,
      breaker: { errorPercent: 50, minimumCalls: 10, openMs: 1_000 },
    },
    operations: operation => [
      operation(residentLookup, {
        repeatable,
        request: ({ nik }, { password }) => ({
          method: 'POST',
          path: path(nik, password.reveal()),
          body: { nik, password: password.reveal() },
        }),
        reply,
        read: (answer, { nik }, { password }) => read(answer, nik, password.reveal()),
      }),
    ],
  })
}

const nik = '9999011501900001'
const request = { method: 'POST', path: '/people', body: { nik, password: 'kata-sandi-contoh' } }

export const toyFixtures = {
  config: { password: 'kata-sandi-contoh' },
  exchanges: [
    {
      name: 'found',
      capability: 'resident.lookup',
      input: { nik },
      request,
      response: { status: 200, body: { code: 'OK', name: 'WARGA CONTOH', faith: 'ALIRAN CONTOH' } },
      expect: {
        data: { nik, fullName: 'WARGA CONTOH', religion: { code: 'unknown', text: 'ALIRAN CONTOH' } },
      },
      warnings: ['/religion'],
      quotaLeft: null,
    },
    {
      name: 'not found',
      capability: 'resident.lookup',
      input: { nik },
      request,
      response: { status: 200, body: { code: 'NONE' } },
      expect: { failure: 'NOT_FOUND', upstreamCode: 'NONE' },
    },
  ],
}
