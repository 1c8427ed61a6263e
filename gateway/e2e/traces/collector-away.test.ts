/** A collector that is away, slow or broken costs traces, and nothing else. */
import { expect, it, vi } from 'vitest'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { type House, startHouse } from '#gateway/testing/house.ts'
import { startCollector } from '#gateway/testing/trace-collector.ts'

const lookup = (house: House) => house.ask('/v1/residents/lookup', { nik: '9999011501900001' })

/** More spans than one post holds, so that some are posted while others are made. */
async function expectAnswers(house: House): Promise<void> {
  for (let round = 0; round < 15; round++) {
    const replies = await Promise.all(Array.from({ length: 10 }, () => lookup(house)))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  }
}

const lost = async (house: House): Promise<number> =>
  Number(/^mpp_trace_spans_total\{outcome="failed"\} (\d+)$/m.exec((await house.get('/metrics')).text)?.[1])

it.each([500, 400, 404])(
  'answers %i: questions go on, and what is lost is counted and said once',
  async status => {
    const collector = await startCollector()
    collector.answers(status)
    await using house = await startHouse({ traces: collector.settings })
    await expectAnswers(house)
    await vi.waitFor(async () => expect(await lost(house)).toBeGreaterThan(0), 15_000)
    await expectAnswers(house)
    expect(house.log.filter(line => line.includes('does not take our traces'))).toHaveLength(1)
    expect(house.log.filter(line => line.includes('"level":50'))).toEqual([])

    collector.answers(200)
    await expectAnswers(house)
    await vi.waitFor(() => expect(house.log.join('')).toContain('takes our traces again'), 15_000)
  },
)

it('refuses connections: questions go on, and the end is not held up', async () => {
  const url = `http://127.0.0.1:${await closedPort()}/v1/traces`
  const { settings } = await startCollector()
  const house = await startHouse({ traces: { ...settings, url } })
  await expectAnswers(house)
  await house.close()
})

it('never answers: questions go on, and the end waits for two seconds only', async () => {
  const collector = await startCollector()
  collector.answers('hang')
  const house = await startHouse({ traces: collector.settings })
  await expectAnswers(house)
  await house.close() // hangs, and the test with it, where nothing bounds it
  expect(collector.bodies.length).toBeGreaterThan(0)
})

it('is there: what is left is told at the end', async () => {
  const collector = await startCollector()
  const house = await startHouse({
    traces: { ...collector.settings, headers: { authorization: 'Bearer collector-key' } },
  })
  await lookup(house)
  await house.close()
  expect(collector.spans.map(({ name }) => name)).toContain('POST /v1/residents/lookup')
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer collector-key' })
})
