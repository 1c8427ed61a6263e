import type { Context } from 'hono'
import {
  type AttachmentHouse,
  attachmentLimits,
  attachmentTooLarge,
  keepAttachment,
} from '#gateway/delivery/attachments.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { readBytes } from './body.ts'
import { refuseParameters } from './parameters.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'

export interface AttachmentAnswer {
  readonly id: string
  readonly contentType: string
  readonly bytes: number
  /** ISO instant. */
  readonly expiresAt: string
}

/** `POST /v1/attachments`: the file itself as the body. */
export async function postAttachment(house: AttachmentHouse, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const bytes = await readBytes(c, attachmentLimits.bytes).catch((error: unknown) => {
    throw error instanceof GatewayFailure && error.code === 'BODY_TOO_LARGE' ? attachmentTooLarge() : error
  })
  const member = c.var.caller!.member.id
  const { expiresAt, ...kept } = await keepAttachment(house, member, c.req.header('content-type'), bytes)
  const answer: AttachmentAnswer = { ...kept, expiresAt: new Date(expiresAt).toISOString() }
  return respond(c, 201, answer)
}
