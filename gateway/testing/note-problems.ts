/** Runs before each test file: notes the code of every problem that leaves a gateway in it. */
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { inject } from 'vitest'

const file = inject('emittedCodes')
const noted = new Set<unknown>()

subscribe('mpp:problem', code => {
  if (noted.has(code)) return
  noted.add(code)
  appendFileSync(file, `${String(code)}\n`)
})
