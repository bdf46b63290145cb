import type { JsonObject, JsonValue } from "../Json.ts"
import { Refusal } from "../world/Refusal.ts"
import { ERROR_CATALOGUE } from "./ErrorCatalogue.ts"

/** What a route answers, before it becomes bytes. A body of `undefined` is an empty one. */
export interface ApiAnswer {
  readonly status: number
  readonly body?: JsonValue
  readonly headers?: Readonly<Record<string, string>>
}

export const json = (
  body: JsonValue,
  options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {}
): ApiAnswer => ({
  status: options.status ?? 200,
  body,
  ...(options.headers === undefined ? {} : { headers: options.headers })
})

export const noContent: ApiAnswer = { status: 204 }

export interface ErrorParts {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly params?: JsonObject | undefined
}

/** The platform's error body. `contextId` is the correlation id of the request. */
export const errorBody = (parts: ErrorParts, correlationId: string): JsonObject => ({
  message: parts.message,
  code: parts.code,
  status: parts.status,
  contextId: correlationId,
  ...(parts.params === undefined ? {} : { messageParams: parts.params }),
  details: [],
  errors: []
})

const FALLBACK_STATUS = 400

const refusalParts = (refusal: Refusal): ErrorParts => ({
  status: refusal.status ?? ERROR_CATALOGUE[refusal.code]?.status ?? FALLBACK_STATUS,
  code: refusal.code,
  message: refusal.message,
  params: refusal.params
})

export const refusalAnswer = (refusal: Refusal, correlationId: string): ApiAnswer => {
  const parts = refusalParts(refusal)
  return { status: parts.status, body: errorBody(parts, correlationId) }
}

/** A refusal with the catalogue's sentence for its code. */
export const refuse = (code: string, message?: string): Refusal =>
  new Refusal(code, message ?? ERROR_CATALOGUE[code]?.message ?? code)
