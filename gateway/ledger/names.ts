/** What ids of the ledger are called, in plain words. */
import { capabilities, notices, submissions } from '#contracts/capabilities.ts'
import type { Capability, Notice } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import { serviceTitle } from '#gateway/services/service.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import type { Release } from './evidence.ts'
import { noticesOf, operationsOf } from '#gateway/upstream/upstream.ts'

export interface Names {
  member(id: string): string
  /** The agency behind an upstream. */
  upstream(id: string): Text
  /** The service that was the reason; its code where nobody has put it in words. */
  purpose(code: string, language: Language): string
  element(capability: string, path: ContractPath): Text
  /** What was ordered. */
  capability(id: string): Text
}

/** What is shown to whoever brings an order to its agency. */
const theOrder: Text = { id: 'Isi permohonan', en: 'What was ordered' }

/** What is shown of an order that is no element of its result, by the flag in the row of the release. */
export const besideTheResult = {
  reference: { id: 'Nomor permohonan di instansi', en: "The agency's number of the order" },
  reason: { id: 'Alasan penolakan', en: 'Reason of the rejection' },
} as const satisfies Record<string, Text>

/** What of an order was shown by this release, by contract path or the like. */
export function shownOfOrder({ shown, ...flags }: Pick<Release, 'shown' | keyof typeof besideTheResult>) {
  const beside = (Object.keys(besideTheResult) as (keyof typeof besideTheResult)[]).filter(
    name => flags[name],
  )
  return [
    ...(shown === 'order' ? [['/', theOrder] as const] : []),
    ...beside.map(name => [`/${name}`, besideTheResult[name]] as const),
  ]
}

/** What is not configured any more goes by its id. */
export function createNames({
  members,
  upstreams,
  services,
}: Pick<Settings, 'members' | 'upstreams' | 'services'>): Names {
  const memberNames = new Map(members.map(({ id, name }) => [id, name]))
  const titles = new Map(upstreams.map(({ id, adapter }) => [id, adapter.title]))
  const known: readonly Pick<Capability | Notice, 'id' | 'title' | 'elements'>[] = [
    ...Object.values(capabilities),
    ...Object.values(submissions),
    ...Object.values(notices),
    ...upstreams.flatMap(({ adapter }) => [
      ...operationsOf(adapter).map(({ capability }) => capability), // an adapter may bring its own
      ...noticesOf(adapter).map(({ notice }) => notice),
    ]),
  ]
  const byId = new Map(known.map(one => [one.id, one]))
  const asItIs = (text: string): Text => ({ id: text, en: text })
  return {
    member: id => memberNames.get(id) ?? id,
    upstream: id => titles.get(id) ?? asItIs(id),
    purpose: (code, language) => serviceTitle(services, code)[language],
    element: (capability, path) => byId.get(capability)?.elements.get(path)?.label ?? asItIs(path),
    capability: id => byId.get(id)?.title ?? asItIs(id),
  }
}
