/** A human text in the two languages of the house. Indonesian is what a counter gets unless it asks otherwise. */
export interface Text {
  readonly id: string
  readonly en: string
}
