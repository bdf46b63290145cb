/** The control interface could not do what it was asked: a mistake in the request, said in one sentence. */
export class ControlError extends Error {
  override readonly name = "ControlError"
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}
