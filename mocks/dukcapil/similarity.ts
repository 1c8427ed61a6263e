/**
 * How alike two texts are, 0 to 100: the share of characters that need no edit (Levenshtein) to turn one into
 * the other, over the longer one, in upper case and with single spaces. The agency's own measure is not public.
 */
export function similarity(one: string, other: string): number {
  const [a, b] = [plain(one), plain(other)]
  const longer = Math.max(a.length, b.length)
  return longer === 0 ? 100 : Math.round(100 * (1 - edits(a, b) / longer))
}

/** Upper case, no spaces around, single ones within. */
export function plain(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').toUpperCase()
}

function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
