/**
 * A gateway in a process of its own that dies or stands still at the step of its work that it is told. What it needs stands in
 * its argument; it tells its address, and when it has come through a blow.
 */
import type { Store } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { deskAdapter } from '#gateway/testing/order-desk.ts'
import { type Blow, deadlineMs, leaseMarginMs, type Step } from './steps.ts'

export interface TortureOptions {
  readonly deskUrl: string
  readonly dataFolder: string
  readonly databaseUrl?: string | undefined
}

export type ToGateway = { readonly clockMs: number } | { readonly blow: Blow }
export type FromGateway = { readonly url: string } | { readonly survived: Blow }

const { deskUrl, dataFolder, databaseUrl } = JSON.parse(process.argv[2]!) as TortureOptions
let clockMs = 0
let blow: Blow | undefined

function pass(step: Step): void {
  if (blow?.step !== step) return
  if (blow.nth > 1) {
    blow = { ...blow, nth: blow.nth - 1 }
    return
  }
  const survived = blow
  blow = undefined
  process.kill(process.pid, survived.fate === 'killed' ? 'SIGKILL' : 'SIGSTOP')
  setTimeout(() => process.send!({ survived } satisfies FromGateway), 0)
}

async function around<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  pass(`before ${name}` as Step)
  const result = await work()
  pass(`after ${name}` as Step)
  return result
}

const tortured = (store: Store): Store => ({
  ...store,
  appendLedger: entry => around('evidence', () => store.appendLedger(entry)),
  acceptSubmission: (...parameters) => around('accepting', () => store.acceptSubmission(...parameters)),
  moveSubmission(...parameters) {
    const [, , { state }] = parameters
    if (state === undefined) return store.moveSubmission(...parameters)
    if (state === 'sending') setTimeout(() => pass('while the agency is asked'), deadlineMs / 3)
    return around(state, () => store.moveSubmission(...parameters))
  },
  async takeSubmissions(...parameters) {
    const rows = await store.takeSubmissions(...parameters)
    if (rows.length > 0) pass('after taking')
    return rows
  },
})

const house = await startHouse({
  dataFolder,
  ...(databaseUrl !== undefined && { databaseUrl }),
  now: () => Date.now() + clockMs,
  wrapStore: tortured,
  delivery: { pollMs: 50, leaseMarginMs, giveUpMs: Infinity, mostAttempts: Infinity },
  upstreams: [
    {
      id: 'desk',
      adapter: deskAdapter({ follow: { settleSeconds: 1.5, everySeconds: 0.5 } }),
      baseUrl: deskUrl,
      config: {},
      policy: {
        deadlineMs,
        retries: 0,
        concurrency: 32,
        breaker: { errorPercent: 100, minimumCalls: 1_000, openMs: 50 },
      },
    },
  ],
  agreements: [
    agreement({
      upstream: 'desk',
      validFrom: 0,
      validUntil: Date.parse('2100-01-01'),
      grants: { 'permit.order': { 'skck.new': ['/permitNumber'] } },
    }),
  ],
})

process.on('message', (told: ToGateway) => {
  if ('clockMs' in told) ({ clockMs } = told)
  else ({ blow } = told)
})
process.send!({ url: house.url } satisfies FromGateway)
