/** What ids of the ledger are called, in plain words. */
import { capabilities, notices } from '#contracts/capabilities.ts'
import type { Capability, Notice } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import { noticesOf, operationsOf } from '#gateway/upstream/upstream.ts'

export interface Names {
  member(id: string): string
  /** The agency behind an upstream. */
  upstream(id: string): Text
  /** The service that was the reason; its code where nobody has put it in words. */
  purpose(code: string, language: Language): string
  element(capability: string, path: ContractPath): Text
}

/** What is not configured any more goes by its id. `serviceOf` is what a purpose is called, where that is known. */
export function createNames(
  { members, upstreams }: Pick<Settings, 'members' | 'upstreams'>,
  serviceOf: (purpose: string) => Text | undefined = () => undefined,
): Names {
  const memberNames = new Map(members.map(({ id, name }) => [id, name]))
  const titles = new Map(upstreams.map(({ id, adapter }) => [id, adapter.title]))
  const known: readonly (Capability | Notice)[] = [
    ...Object.values(capabilities),
    ...Object.values(notices),
    ...upstreams.flatMap(({ adapter }) => [
      ...operationsOf(adapter).map(({ capability }) => capability), // an adapter may bring its own
      ...noticesOf(adapter).map(({ notice }) => notice),
    ]),
  ]
  const elements = new Map(known.map(({ id, elements }) => [id, elements]))
  const asItIs = (text: string): Text => ({ id: text, en: text })
  return {
    member: id => memberNames.get(id) ?? id,
    upstream: id => titles.get(id) ?? asItIs(id),
    purpose: (code, language) => serviceOf(code)?.[language] ?? code,
    element: (capability, path) => elements.get(capability)?.get(path)?.label ?? asItIs(path),
  }
}
