import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { configurationReference } from './reference.ts'

const root = join(import.meta.dirname, '../..')
const { adapters } = await discoverAdapters(join(root, 'adapters'))
const reference = configurationReference(adapters.values())

it('is what docs/configuration.md says; "npm run fix" writes it again', () => {
  expect(readFileSync(join(root, 'docs/configuration.md'), 'utf8')).toBe(reference)
})

it('tells type, default and meaning of a key, wherever it is', () => {
  const rowOf = (key: string): string[] =>
    reference
      .split('\n')
      .find(line => line.startsWith(`| \`${key}\` `))!
      .split('|')
      .map(cell => cell.trim())
      .slice(2, -1)
  expect(rowOf('mall.timeZone').slice(0, 2)).toEqual(['text', '`Asia/Jakarta`'])
  expect(rowOf('members.<id>.keys[].sha256').slice(0, 2)).toEqual(['text', 'required'])
  expect(rowOf('upstreams.<id>.policy.retries').slice(0, 2)).toEqual(['number 0 to 5', ''])
  expect(rowOf('password').slice(0, 2)).toEqual(['secret', 'required'])
  expect(rowOf('PORT')).toEqual(['text', '`8080`', 'The port to listen on; `0` takes a free one.'])
})
