import type { JsonObject } from "../Json.ts"

/** The world says no: the platform's error code and its sentence. What HTTP status that is, the HTTP side knows. */
export class Refusal extends Error {
  override readonly name = "Refusal"
  readonly code: string
  /** Set where one code is documented under more than one HTTP status. */
  readonly status: number | undefined
  readonly params: JsonObject | undefined

  constructor(
    code: string,
    message: string,
    options: { readonly status?: number; readonly params?: JsonObject } = {}
  ) {
    super(message)
    this.code = code
    this.status = options.status
    this.params = options.params
  }
}
