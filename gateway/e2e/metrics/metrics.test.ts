/** Rate, errors and duration, by member, capability and upstream; and however callers behave, no more series than are declared. */
import { expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

const lookup = (house: House, headers = {}) =>
  house.ask('/v1/residents/lookup', { nik: '9999011501900001' }, headers)

const figures = async (house: House): Promise<readonly string[]> =>
  (await house.get('/metrics')).text.split('\n')

it('tells them of questions that are answered, refused, and not to be had', async () => {
  await using house = await startHouse({
    agreements: [agreement(), agreement({ member: 'health-desk' })],
    upstreams: [{ policy: { retries: 0 } }],
  })
  await lookup(house)
  await lookup(house, as('health-desk'))
  await lookup(house, { 'mpp-purpose': 'other' })
  house.dukcapil.setWeather('503')
  const { code } = (await lookup(house)).body

  const route = 'route="/v1/residents/lookup",capability="resident.lookup"'
  const told = await figures(house)
  expect(told).toEqual(
    expect.arrayContaining([
      `mpp_requests_total{${route},member="front-office",code="OK"} 1`,
      `mpp_requests_total{${route},member="front-office",code="NOT_GRANTED"} 1`,
      `mpp_requests_total{${route},member="front-office",code="${code}"} 1`,
      `mpp_requests_total{${route},member="health-desk",code="OK"} 1`,
      `mpp_request_duration_seconds_count{${route}} 4`,
      `mpp_member_request_duration_seconds_count{member="health-desk"} 1`,
      'mpp_upstream_attempt_duration_seconds_count{upstream="dukcapil",capability="resident.lookup",outcome="ok"} 2',
      `mpp_upstream_attempt_duration_seconds_count{upstream="dukcapil",capability="resident.lookup",outcome="${code}"} 1`,
    ]),
  )
})

it('makes no series of what callers make up', async () => {
  await using house = await startHouse()
  for (let visit = 0; visit < 20; visit++) {
    await house.get(`/v1/made-up/${visit}`, { authorization: `Bearer made-up-${visit}` })
    await house.get(`/v1/submissions/made-up-${visit}`, { authorization: `Bearer made-up-${visit}` })
  }
  const told = (await figures(house)).filter(line => line.startsWith('mpp_requests_total'))
  expect(told.toSorted()).toEqual([
    'mpp_requests_total{route="/*",capability="",member="",code="ROUTE_UNKNOWN"} 20',
    'mpp_requests_total{route="/v1/submissions/:id",capability="",member="",code="UNAUTHENTICATED"} 20',
  ])
  expect(told.join()).not.toContain('made-up')
})

it('tells of each upstream the one state that it is in', async () => {
  await using house = await startHouse()
  const states = async () => (await figures(house)).filter(line => line.startsWith('mpp_upstream_state'))
  expect(await states()).toEqual(['mpp_upstream_state{upstream="dukcapil",state="unknown"} 1'])
  await lookup(house)
  expect(await states()).toEqual(['mpp_upstream_state{upstream="dukcapil",state="ok"} 1'])
})

it('tells of the process what Prometheus expects of one', async () => {
  await using house = await startHouse()
  const told = (await figures(house)).join('\n')
  for (const name of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
  ])
    expect(told).toMatch(new RegExp(`^${name} \\d`, 'm'))
  expect(told).toMatch(/^mpp_build_info\{version="\d+\.\d+\.\d+"\} 1$/m)
})
