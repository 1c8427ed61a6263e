/** An answer's bytes are not in the format they should be in. The message says which, never what they were. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}
