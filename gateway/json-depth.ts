/** No question, order or notice nests deeper than a handful; what does is built to exhaust the stack of whoever walks it. */
export const deepestNesting = 32

const [quote, backslash] = [0x22, 0x5c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Does a JSON text nest lists and objects deeper than `most`? Told from the text alone, before anything is built of it.
 * Of what is no JSON it may say either: the parser refuses that.
 */
export function nestsDeeperThan(most: number, text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case openList:
      case openObject:
        depth += 1
        if (depth > most) return true
        break
      case closeList:
      case closeObject:
        depth -= 1
        break
      case quote:
        at = endOfString(text, at)
    }
  }
  return false
}

/** Where the string that begins here ends. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === quote) return at
    if (unit === backslash) at += 1
  }
  return text.length
}
