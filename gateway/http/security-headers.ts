/** What keeps a browser from making more of an answer than it is. HSTS belongs to whoever ends TLS. */

/** On every answer, errors included: it is what its content type says. */
export const everyAnswer = { 'x-content-type-options': 'nosniff' } as const

/** Nothing is loaded, sent or framed. A page that needs more says so after it. */
export const strictestPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** On every page and its files, together with a `content-security-policy` of the page's own where it needs one. */
export const everyPage = {
  ...everyAnswer,
  'content-security-policy': strictestPolicy,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const
