import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { readSecret, signedHeaders } from './standard-webhooks.ts'

/** The example with which the libraries of Standard Webhooks are tested. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' }
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

it('signs as the published example does', () => {
  expect(signedHeaders(message, [readSecret(secret)!])).toEqual({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  })
})

it('signs with every secret, so that a receiver may know either', () => {
  const another = readSecret(`whsec_${randomBytes(32).toString('base64')}`)!
  const signatures = signedHeaders(message, [another, readSecret(secret)!])['webhook-signature'].split(' ')
  expect(signatures).toHaveLength(2)
  expect(signatures[1]).toBe(signature)
  expect(signatures[0]).toMatch(/^v1,[\w+/]{43}=$/)
})

it.each([
  ['without its prefix', secret.replace('whsec_', '')],
  ['too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
  ['too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
  ['no base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa--'],
  ['cut off', `${secret}A`],
])('takes no secret that is %s', (_, text) => {
  expect(readSecret(text)).toBeUndefined()
})
