import { expect, it } from 'vitest'
import type { Catalogue } from '#gateway/catalogue/catalogue.ts'
import { startHouse } from '#gateway/testing/house.ts'

it('tells everyone what the running gateway can do, and how it treats each upstream', async () => {
  await using house = await startHouse({
    upstreams: [{ id: 'dukcapil-region', policy: { deadlineMs: 1_500 } }, { id: 'dukcapil-central' }],
  })
  const { status, text } = await house.get('/capabilities', { 'accept-language': 'en' })
  expect(status).toBe(200)
  const { capabilities, upstreams } = JSON.parse(text) as Catalogue
  const family = capabilities.find(({ id }) => id === 'family.lookup')
  expect(family?.sources).toEqual([
    { upstream: 'dukcapil-region', agency: 'Population registry', trust: 'assumed' },
    { upstream: 'dukcapil-central', agency: 'Population registry', trust: 'assumed' },
  ])
  expect(upstreams.map(({ id, policy }) => [id, policy.deadlineMs])).toEqual([
    ['dukcapil-region', 1_500],
    ['dukcapil-central', 5_000],
  ])

  const page = await house.get('/capabilities', { accept: 'text/html' })
  expect(page.headers.get('content-language')).toBe('id')
  expect(page.text).toContain('<mark>diduga</mark>')
})
