import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const listening = `
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))
`

/** A port of 127.0.0.1 that answers nothing, not even that it is closed: as behind a firewall, or a VPN that is down. */
export async function startBlackHole() {
  const child = spawn(process.execPath, ['-e', listening], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const port = Number(line)
  child.kill('SIGSTOP')
  // Nobody takes these: once its queue is full, the system lets every further one wait.
  const queue = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await Promise.race(queue.map(socket => once(socket, 'connect')))
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of queue) socket.destroy()
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
