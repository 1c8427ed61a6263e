/** The demo is open to everyone, so nothing of it may ever protect a real citizen. */
import { hash } from 'node:crypto'

const keyOf = (caller: string): string => `mpp_demo_${caller}_for_synthetic_people_only`

/** The demo's API keys, by member. The README asks with them. */
export const demoKeys = {
  'front-office': keyOf('counter'),
  'health-desk': keyOf('health_desk'),
  operations: keyOf('operator'),
  inspection: keyOf('auditor'),
  monitoring: keyOf('monitor'),
} as const

const hashes: ReadonlySet<string> = new Set(Object.values(demoKeys).map(key => hash('sha256', key)))

/** Whether a text is one of the keys in `config/demo/gateway.yaml`: those of the house all begin with the same bytes. */
export const isDemoKey = (text: string): boolean =>
  hashes.has(text) || Buffer.from(text, 'base64').subarray(0, 8).toString('latin1') === 'MPP-DEMO'
