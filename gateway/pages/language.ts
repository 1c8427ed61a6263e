/** The language of a page: Indonesian until somebody chooses, since offices have browsers in any language. */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'

const cookie = 'mpp-language'
const languages = { id: 'Bahasa Indonesia', en: 'English' } as const satisfies Record<Language, string>

const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(languages, value)

export function chosenLanguage(c: Context): Language {
  const chosen = getCookie(c, cookie)
  return isLanguage(chosen) ? chosen : 'id'
}

/** Remembers the choice for a year; anything but a language is none. */
export function rememberLanguage(c: Context, choice: unknown): void {
  if (isLanguage(choice))
    setCookie(c, cookie, choice, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      maxAge: 365 * 24 * 60 * 60,
    })
}

/** The one that a page is not in, and what it calls itself. */
export function otherLanguage(language: Language): { readonly code: Language; readonly name: string } {
  const code = language === 'id' ? 'en' : 'id'
  return { code, name: languages[code] }
}

/** `const say = sayIn(words, language)`, then `say('title')`. */
export const sayIn =
  <Key extends string>(words: Readonly<Record<Key, Text>>, language: Language) =>
  (key: Key): string =>
    words[key][language]
