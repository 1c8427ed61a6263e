/** What a view is given: whose page it is, in which language, and the words for it. */
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import { sayIn } from '#gateway/pages/language.ts'
import { createTimes, type Times } from '#gateway/pages/times.ts'
import type { Directory } from './directory.ts'
import type { Session } from './visit.ts'
import { type Word, words } from './words.ts'

/** What a mall says of itself and of this application. */
export interface Mall {
  readonly name: string
  readonly timeZone: string
}

export interface Desk {
  readonly mall: Mall
  readonly language: Language
  readonly say: (word: Word) => string
  readonly tell: (text: Text) => string
  readonly times: Times
  readonly now: number
  readonly session: Session
  /** The value of the hidden field `formTokenField`. */
  readonly formToken: string
  readonly directory: Directory
  /** Where this page is, for the forms that come back to it. */
  readonly path: string
}

export const createDesk = ({
  now,
  ...desk
}: Omit<Desk, 'say' | 'tell' | 'times' | 'now'> & { readonly now: () => number }): Desk => ({
  ...desk,
  now: now(),
  say: sayIn(words, desk.language),
  tell: text => text[desk.language],
  times: createTimes(desk.language, { timeZone: desk.mall.timeZone, now }),
})
