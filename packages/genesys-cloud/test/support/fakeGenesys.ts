import { Effect, Layer, Redacted } from "effect"
import type { GenesysOptions } from "../../src/index.ts"
import { layerOver } from "../../src/layer.ts"
import {
  type Transport,
  TransportFailure,
  type WireReply,
  type WireRequest
} from "../../src/wire/Transport.ts"

/** What a fake Genesys does with a request to its API; the token endpoint is answered for it. */
export type Answerer = (request: WireRequest, signal: AbortSignal) => WireReply | Promise<WireReply>

export const CLIENT_SECRET = "canary-client-secret/+=&"
export const API = "http://genesys.example/prefix"

/** A Genesys that is a function: its requests are kept, its tokens are numbered. */
export class FakeGenesys {
  readonly requests: Array<WireRequest> = []
  tokens = 0
  tokenSeconds: unknown = 86_400
  /** What a token is waited for, once it is asked for and counted. */
  beforeToken: () => Promise<void> | undefined = () => undefined
  answer: Answerer

  constructor(answer: Answerer) {
    this.answer = answer
  }

  readonly transport: Transport = async (request, signal) => {
    if (request.url.endsWith("/oauth/token")) {
      this.tokens += 1
      const nth = this.tokens
      await this.beforeToken()
      return json(200, {
        access_token: `canary-token-${nth}`,
        expires_in: this.tokenSeconds
      })
    }
    this.requests.push(request)
    return this.answer(request, signal)
  }

  /** The services over this Genesys. */
  layer(options: Partial<GenesysOptions> = {}) {
    return layerOver(
      {
        contract: "platform",
        apiUrl: API,
        loginUrl: "http://login.example",
        clientId: "client",
        clientSecret: Redacted.make(CLIENT_SECRET),
        ...options
      },
      Effect.succeed(this.transport)
    ).pipe(Layer.fresh)
  }
}

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
): WireReply => ({
  status,
  headers,
  text: JSON.stringify(body)
})

/** An answer that never comes, and that notes when the request is aborted. */
export const silence =
  (aborted: () => void): Answerer =>
  (_request, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted()
        reject(new TransportFailure("connection-lost", "aborted"))
      })
    })

/** A campaign's body as the platform sends it. */
export const campaignBody = (fields: object = {}): object => ({
  id: "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
  name: "Fake",
  campaignStatus: "on",
  version: 7,
  ...fields
})
