/** What a question or an order takes and gives, read from its contract by types alone. */
import type { z } from 'zod'
import type {
  Capabilities,
  CapabilityId,
  NoticeId,
  Notices,
  SubmissionId,
  Submissions,
} from '#contracts/capabilities.ts'
import type { Answer } from '#gateway/answer.ts'
import type { SubmissionDetail } from '#gateway/delivery/show.ts'
import type { publicIds } from './paths.ts'

/** A capability of one's own, as `defineCapability` or `defineSubmission` made it: of an adapter that is kept elsewhere. */
export interface OwnCapability {
  readonly id: string
  readonly path: `/v1/${string}`
  readonly input: z.ZodObject
  readonly output: z.ZodObject
}

/** What may be asked without context. Of one's own capabilities the gateway alone can tell. */
export type PubliclyAskable = (typeof publicIds)[number] | OwnCapability

/** One of the house by its id, or one of one's own. */
export type Askable = CapabilityId | OwnCapability

/** Likewise. */
export type Orderable = SubmissionId | OwnCapability

type Contract<Asked extends Askable | Orderable> = Asked extends CapabilityId
  ? Capabilities[Asked]
  : Asked extends SubmissionId
    ? Submissions[Asked]
    : Asked
type OutputSchema<Asked extends Askable | Orderable> =
  Contract<Extract<Asked, Askable | Orderable>> extends {
    readonly output: infer Output
  }
    ? Output
    : never

export type InputOf<Asked extends Askable | Orderable> =
  Contract<Asked> extends { readonly input: infer Input } ? z.input<Input> : never

// The contract paths of a capability: its elements and their groups, /address and /members/*/fullName
export type ElementOf<Asked extends Askable> = Exclude<PathsIn<OutputSchema<Asked>, ''>, ''>

/** What an answer shows: every element may be withheld, and `null` is what the agency keeps empty. */
export type DataOf<Asked extends Askable | Orderable> = Released<OutputSchema<Asked>>

export interface AnswerTo<Asked extends Askable> extends Omit<Answer, 'data'> {
  readonly data: DataOf<Asked>
}

/** An order as far as it is, by its `capability`. `data` is null while there is none, and for those who do not say why they look. */
export type SubmissionOf<Ordered extends Orderable = SubmissionId> = {
  [Id in Ordered extends SubmissionId ? Ordered : string]: Omit<SubmissionDetail, 'capability' | 'data'> & {
    readonly capability: Id
    readonly data: DataOf<Ordered extends SubmissionId ? Extract<Id, SubmissionId> : Ordered> | null
  }
}[Ordered extends SubmissionId ? Ordered : string]

/** A notice that an agency sent, by its `type`. */
export type NoticeOf<Type extends NoticeId = NoticeId> = {
  [Id in Type]: Pick<Answer, 'withheld' | 'warnings' | 'auditId'> & {
    readonly id: string
    readonly type: Id
    /** The upstream. */
    readonly source: string
    /** ISO instant. */
    readonly receivedAt: string
    readonly data: Released<Notices[Id]['output']>
  }
}[Type]

/** An element is released whole or not at all: what lies within its value has no path of its own. */
type IsElement<Schema> = '~element' extends keyof Schema ? true : false

type PathsIn<Schema, Path extends string> =
  IsElement<Schema> extends true
    ? Path
    : Schema extends z.ZodOptional<infer Inner> | z.ZodNullable<infer Inner>
      ? PathsIn<Inner, Path>
      : Schema extends z.ZodArray<infer Item>
        ? Path | PathsIn<Item, `${Path}/*`>
        : Schema extends z.ZodObject<infer Shape>
          ?
              | Path
              | { [Key in keyof Shape & string]: PathsIn<Shape[Key], `${Path}/${Key}`> }[keyof Shape & string]
          : Path

type Released<Schema> =
  IsElement<Schema> extends true
    ? z.output<Schema>
    : Schema extends z.ZodOptional<infer Inner>
      ? Released<Inner>
      : Schema extends z.ZodNullable<infer Inner>
        ? Released<Inner> | null
        : Schema extends z.ZodArray<infer Item>
          ? readonly Released<Item>[]
          : Schema extends z.ZodObject<infer Shape>
            ? { readonly [Key in keyof Shape]?: Released<Shape[Key]> }
            : z.output<Schema>
