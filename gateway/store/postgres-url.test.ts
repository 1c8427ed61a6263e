import { describe, expect, it } from 'vitest'
import { readPostgresUrl } from './postgres-url.ts'

describe('a PostgreSQL URL', () => {
  it('says host, database, role and schema, and has a name without credentials', () => {
    expect(
      readPostgresUrl('postgres://gate%40way:p%23ss-word@127.0.0.1:5433/mall?schema=gateway_two'),
    ).toEqual({
      host: '127.0.0.1',
      port: 5433,
      user: 'gate@way',
      password: 'p#ss-word',
      database: 'mall',
      schema: 'gateway_two',
      ssl: false,
      name: '127.0.0.1:5433/mall',
    })
  })

  it.each([
    ['postgres://localhost/mall', false],
    ['postgres://[::1]/mall', false],
    ['postgresql://db.mall.example/mall', { rejectUnauthorized: true }],
    ['postgres://db.mall.example/mall?sslmode=require', { rejectUnauthorized: true }],
    ['postgres://localhost/mall?sslmode=verify-full', { rejectUnauthorized: true }],
    ['postgres://db.mall.example/mall?sslmode=disable', false],
  ])('%s: TLS as %o, and always with a checked certificate', (url, ssl) => {
    expect(readPostgresUrl(url).ssl).toEqual(ssl)
  })

  it.each([
    ['mysql://a-secret@localhost/mall', 'postgres://'],
    ['a-secret', 'postgres://'],
    ['postgres://a-secret@localhost/mall?sslmode=no-verify', 'sslmode'],
    ['postgres://a-secret@localhost/mall?sslmode=prefer', 'sslmode'],
    ['postgres://a-secret@localhost/mall?uselibpqcompat=true&sslmode=require', 'no other parameters'],
    ['postgres://a-secret@localhost/mall?schema=a;drop', 'schema'],
    ['postgres:///mall?sslmode=disable', 'host'],
  ])('%s is refused, and not repeated', (url, expected) => {
    expect(() => readPostgresUrl(url)).toThrow(expected)
    expect(() => readPostgresUrl(url)).not.toThrow('a-secret')
  })
})
