import { expect, it } from 'vitest'
import { newFolder, run } from '../start/processes.ts'

it('shows the counter page in the demo, and nowhere else', async () => {
  const demo = run(['gateway/start.js', 'demo'], { PORT: '0', TMPDIR: newFolder() })
  const [, address] = await demo.prints(/What an officer works with: (http:\S+\/counter)\n/)
  const page = await fetch(address!)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Buka kunjungan')
  const beside = await fetch(`${address!}s`) // only what lies under the path is the page's
  expect(beside.headers.get('content-type')).toBe('application/problem+json')

  demo.child.kill('SIGTERM')
  expect(await demo.ended).toBe(0)
})
