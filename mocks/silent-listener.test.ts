import { connect } from 'node:tls'
import { expect, it, vi } from 'vitest'
import { startSilentListener } from './silent-listener.ts'

it('takes a connection, never shakes hands, and sees the client go', async () => {
  const silent = await startSilentListener()
  let shaken = false
  const socket = connect({ host: '127.0.0.1', port: silent.port }, () => (shaken = true))
  socket.on('error', () => {})
  await vi.waitFor(() => expect(silent.seen.accepted).toBe(1))
  expect(shaken).toBe(false)
  socket.destroy()
  await vi.waitFor(() => expect(silent.seen.closed).toBe(1))
  await silent.close()
})
