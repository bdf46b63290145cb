import type { Tracer } from "effect"
import type { Caller } from "../callers/Caller.ts"
import type { Deployment } from "./Deployment.ts"
import { nobody } from "./door.ts"
import type { Incoming } from "./Route.ts"

/** What is known of a request before it is let in. */
export type Asked = Pick<Incoming, "header" | "requestId">

/** A request that has come in. Whose it is, the door tells. */
export class Received implements Incoming {
  caller: Caller = nobody
  readonly requestId: string
  readonly method: string
  readonly url: string
  readonly deployment: Deployment
  readonly header: (name: string) => string | undefined
  readonly #span: Tracer.AnySpan | undefined

  constructor(
    { method, url }: Request,
    { header, requestId }: Asked,
    deployment: Deployment,
    span: Tracer.AnySpan | undefined
  ) {
    this.requestId = requestId
    this.url = url
    this.method = method
    this.deployment = deployment
    this.header = header
    this.#span = span
  }

  get traceId(): string | null {
    return this.#span?.traceId ?? null
  }
}
