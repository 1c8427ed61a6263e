import type { Language } from '#gateway/http/problem.ts'

/** `baru saja`, `12 dtk lalu`, `3 mnt lagi`, `2 h ago`. Stands in the page's script as well, so it needs nothing but what it is given. */
export function ageText(ms: number, language: Language): string {
  const names = language === 'en' ? ['s', 'min', 'h', 'd'] : ['dtk', 'mnt', 'jam', 'hari']
  const seconds = Math.floor(Math.abs(ms) / 1000)
  if (ms >= 0 && seconds < 5) return language === 'en' ? 'just now' : 'baru saja'
  const sizes = [1, 60, 3600, 86400]
  let unit = 0
  while (unit < 3 && seconds >= sizes[unit + 1]!) unit += 1
  const length = `${Math.floor(seconds / sizes[unit]!)} ${names[unit]}`
  if (language === 'en') return ms < 0 ? `in ${length}` : `${length} ago`
  return ms < 0 ? `${length} lagi` : `${length} lalu`
}
