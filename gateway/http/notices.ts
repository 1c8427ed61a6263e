import { z } from 'zod'
import type { Page, ShownNotice, WantedPage } from '#gateway/inbound/mailbox.ts'
import { readPage, writeCursor } from './paging.ts'

/** Which page is asked for, or every offending parameter at once. */
export function readPageRequest(parameters: Readonly<Record<string, string>>): WantedPage {
  const { position = 0, limit } = readPage(parameters, 'notices', z.strictObject({}))
  return { after: position, limit }
}

export interface NoticesAnswer {
  readonly notices: readonly ShownNotice[]
  /** Goes on from here, now or later; the one that was sent, when nothing more has come. */
  readonly cursor: string
}

export const noticesAnswer = ({ notices, end }: Page): NoticesAnswer => ({
  notices,
  cursor: writeCursor('notices', end),
})
