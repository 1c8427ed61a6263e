/** What every gateway says of an upstream, and what that comes to. */
import type { Heartbeat } from './heartbeat.ts'
import type { GatewayView, UpstreamView } from './gateway-view.ts'
import { instantOf, shareOf } from './figures.ts'

export type Heartbeats = Pick<Heartbeat<GatewayView>, 'gateway' | 'heard'>

/** The asked one first, as of now; of the others, their last word. */
export function gatewaysOn(own: UpstreamView, { gateway, heard }: Heartbeats, now: number) {
  // What was heard was heard at our own last beat; it has aged since. Others' instants are by their clocks: only ages compare.
  const lastBeat = heard.find(said => said.gateway === gateway)
  const sinceBeat = lastBeat ? Math.max(0, now - lastBeat.at) : 0
  const others = heard.flatMap(({ gateway: id, view, at, ageMs, isSilent }) => {
    const theirs = view.upstreams.find(upstream => upstream.id === own.id)
    return id === gateway || !theirs ? [] : [{ id, theirs, at, ageMs: ageMs + sinceBeat, isSilent }]
  })
  return [
    wordOf(gateway, own, { ageMs: 0, isSilent: false, instant: at => instantOf(at, now) }),
    ...others.map(({ id, theirs, at, ageMs, isSilent }) =>
      wordOf(id, theirs, {
        ageMs,
        isSilent,
        instant: instant => (instant === undefined ? null : instantOf(now - ageMs - (at - instant), now)),
      }),
    ),
  ]
}

interface Word {
  readonly ageMs: number
  readonly isSilent: boolean
  readonly instant: (at: number | undefined) => ReturnType<typeof instantOf>
}

const wordOf = (gateway: string, view: UpstreamView, { ageMs, isSilent, instant }: Word) => ({
  gateway,
  ageMs,
  isSilent,
  state: view.state,
  since: instant(view.since)!,
  attempts: view.attempts,
  faults: view.faults,
  lastSuccess: instant(view.lastSuccessAt),
  circuit: view.circuit,
  reachable: view.reachable ?? null,
})

/** Of those that are not silent. */
export function everywhere(gateways: ReturnType<typeof gatewaysOn>) {
  const speaking = gateways.filter(({ isSilent }) => !isSilent)
  const attempts = speaking.reduce((sum, said) => sum + said.attempts, 0)
  const faults = speaking.reduce((sum, said) => sum + said.faults, 0)
  return {
    gateways: gateways.length,
    silent: gateways.length - speaking.length,
    attempts,
    faults,
    faultShare: shareOf(faults, attempts),
    differ: new Set(speaking.map(({ state }) => state)).size > 1,
  }
}
