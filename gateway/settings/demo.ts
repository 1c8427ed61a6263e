/** The demo is open to everyone, so nothing of it may ever protect a real citizen. */
import { hash } from 'node:crypto'

/** The demo's only API key, printed in its `curl`. */
export const demoApiKey = 'mpp_demo_counter_for_synthetic_people_only'

/** Whether a text is one of the keys in `config/demo/gateway.yaml`: those of the house all begin with the same bytes. */
export const isDemoKey = (text: string): boolean =>
  text === hash('sha256', demoApiKey) ||
  Buffer.from(text, 'base64').subarray(0, 8).toString('latin1') === 'MPP-DEMO'
