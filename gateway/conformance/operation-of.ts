/** What an exchange is about: a question, an order, or the question what became of one. */
import type { Adapter, EncodedRequest, Operation, UpstreamRequest } from '#contracts/adapter.ts'
import type { Order, Submission } from '#contracts/submission.ts'
import { operationsOf } from '#gateway/upstream/upstream.ts'
import type { Exchange, OrderFixture } from './fixtures.ts'

export function operationOf(adapter: Adapter, { capability, order }: Exchange): Operation {
  const operation = operationsOf(adapter).find(operation => operation.capability.id === capability.id)!
  return order?.ask === 'status' ? operation.follow!.operation : operation
}

export const isSameOperation = (one: Exchange, other: Exchange): boolean =>
  one.capability.id === other.capability.id && one.order?.ask === other.order?.ask

/** Sent once, whatever happens on its way. */
export const isDelivery = ({ order }: Exchange): boolean => order?.ask === 'deliver'

/** An order as its adapter gets it; whoever asks after one has no attachments any more. */
export function orderOf(submission: Submission, fixture: OrderFixture, given: Exchange['input']): Order {
  const { ask, id, acceptedAt, reference, isAccepted } = fixture
  const input = submission.input.parse(given)
  const ids = submission.documents?.(input).flatMap(({ attachment }) => attachment ?? []) ?? []
  const attachments = ids.map(id => [id, { contentType: 'image/jpeg', bytes: Buffer.from(id) }] as const)
  return {
    id,
    input,
    acceptedAt,
    reference,
    isAccepted,
    attachments: ask === 'deliver' ? Object.fromEntries(attachments) : {},
  }
}

/** What the adapter sends, written in the agency's own format where it has one. */
export function requestOf(
  adapter: Adapter,
  exchange: Exchange,
  input: Exchange['input'] = exchange.input,
): readonly [UpstreamRequest, EncodedRequest | undefined] {
  const { capability, config, order, at = 0 } = exchange
  const { specification } = operationOf(adapter, exchange)
  const asked = order
    ? { ...orderOf(capability as unknown as Submission, order, input) }
    : capability.input.parse(input)
  const request = specification.request(asked, config, at)
  return [request, specification.encode?.(request, config, at)]
}
