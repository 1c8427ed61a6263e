/** The law's clock: a subject's request is answered, and a breach notified, within 3×24 hours (UU 27/2022 art. 30-41 and 46). */
export const dueAt = (since: number): string => new Date(since + 72 * 60 * 60_000).toISOString()
