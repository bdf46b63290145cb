/** Something that changes one campaign's state: the product, or what it is compared with. */
export interface Client {
  readonly pause: () => Promise<unknown>
  readonly activate: () => Promise<unknown>
}
