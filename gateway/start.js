#!/usr/bin/env node
// Plain JavaScript, so that an old Node can read it and say what is needed.
import { existsSync } from 'node:fs'

const needed = 26
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(
    `MPP Gateway needs Node ${needed} or newer; this is ${process.version}.\n` +
      'Start it with npm (npm start, npm run demo): "npm ci" installs the right Node beside it.',
  )
  process.exit(1)
}

// The stand-ins are in the repository only, not in the package or the container.
const isRepository = existsSync(`${import.meta.dirname}/../mocks`)
/** @type {Record<string, string>} */
const commands = {
  start: './main.ts',
  init: './settings/init.ts',
  keys: './settings/keys.ts',
  reseal: './data-at-rest/main.ts',
  'adapter-check': './adapter-check/main.ts',
  ledger: './ledger/main.ts',
  doctor: './doctor/main.ts',
  ...(isRepository && { demo: './demo.ts', 'new-adapter': './new-adapter/new-adapter.ts' }),
}
const [command = 'start'] = process.argv.slice(2)
if (!Object.hasOwn(commands, command)) {
  console.error(`Unknown command ${command}: expected one of ${Object.keys(commands).join(', ')}`)
  process.exit(1)
}
// What has been compiled is kept beside the packages, where it can be written: the next start takes half the time.
const { enableCompileCache } = await import('node:module')
enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/mpp-gateway`)

await import(/** @type {string} */ (commands[command]))
