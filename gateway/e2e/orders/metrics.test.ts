import { expect, it, vi } from 'vitest'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { type Counter, openCounter, openDesk } from './counter.ts'

const figures = async (counter: Counter): Promise<readonly string[]> => {
  const { status, text } = await counter.get('/metrics')
  expect(status).toBe(200)
  return text.split('\n').filter(line => line.startsWith('mpp_submission'))
}

it('counts open orders by state, attempts by outcome, and words that no table has', async () => {
  const desk = await openDesk()
  const counter = await openCounter(desk.url)
  desk.takes('act', 'refuse')
  const accepted = (await counter.order('key-of-the-first-order')).body['id'] as string
  await counter.becomes(accepted, 'accepted')
  const refused = (await counter.order('key-of-the-second-order')).body['id'] as string
  await counter.becomes(refused, 'rejected')
  desk.sets(accepted, 'puzzling')
  counter.clock.leap(2_000)

  await vi.waitFor(async () => {
    expect(await figures(counter)).toEqual(
      expect.arrayContaining([
        'mpp_submission_attempts_total{upstream="desk",outcome="ok"} 1',
        'mpp_submission_attempts_total{upstream="desk",outcome="REJECTED"} 1',
        'mpp_submission_unlisted_total{upstream="desk"} 1',
        'mpp_submissions{upstream="desk",state="accepted"} 1',
        expect.stringMatching(/^mpp_submissions_oldest_seconds\{upstream="desk",state="accepted"\} \d+$/),
      ]),
    )
  }, 10_000)
  expect((await figures(counter)).join()).not.toContain('puzzling')
})

it('answers a scrape without these figures while they cannot be read', async () => {
  const desk = await openDesk()
  const counter = await openCounter(desk.url)
  vi.spyOn(counter.store, 'countSubmissions').mockRejectedValue(new StoreUnavailable())
  expect((await figures(counter)).filter(line => line.startsWith('mpp_submissions'))).toEqual([])
})
