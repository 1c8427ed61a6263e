import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { createFormGuard } from './form-guard.ts'

const guard = createFormGuard()
const app = new Hono().post('/', c =>
  c.json(guard.accepts(c, 'session-one', c.req.header('x-token') ?? undefined)),
)
const send = async (token: string | undefined, headers: Record<string, string> = {}): Promise<unknown> => {
  const given = { host: 'mall.example:8080', ...headers, ...(token !== undefined && { 'x-token': token }) }
  return (await app.request('/', { method: 'POST', headers: given })).json()
}
const own = guard.tokenFor('session-one')

it.each([
  ['a form of this session', own, {}, true],
  ['one that the browser says is from here', own, { origin: 'http://mall.example:8080' }, true],
  ['one behind a proxy that ends TLS', own, { origin: 'https://mall.example:8080' }, true],
  ['one from another site', own, { origin: 'https://evil.example' }, false],
  ['one from another port', own, { origin: 'http://mall.example:9090' }, false],
  ['one that the browser says is from another site', own, { 'sec-fetch-site': 'cross-site' }, false],
  ['one from a neighbour of this host', own, { 'sec-fetch-site': 'same-site' }, false],
  ['one whose browser hides where it is from', own, { origin: 'null' }, false],
  ['one without a token', undefined, {}, false],
  ['one with the token of another session', guard.tokenFor('session-two'), {}, false],
  ['one with a token of another process', createFormGuard().tokenFor('session-one'), {}, false],
  ['one with half a token', own.slice(0, 20), {}, false],
])('knows %s', async (_, token, headers, isAccepted) => {
  expect(await send(token, headers)).toBe(isAccepted)
})
