import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { Secret } from './secret.ts'

it('cannot be printed by accident', () => {
  const secret = new Secret('kata-sandi')
  const printed = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    String(Object.values(secret)),
  ]
  expect(printed.join()).not.toContain('kata-sandi')
  expect(secret.reveal()).toBe('kata-sandi')
})
