import { type Transport, TransportFailure } from "./Transport.ts"

/** Bytes of one reply at most. A page of a hundred campaigns is below 2 MB; this bounds memory. */
const MAX_REPLY_BYTES = 32 * 1024 * 1024

type Reason = TransportFailure["reason"]

/**
 * What the error codes of Node and axios mean. `unreachable`: nothing can have been sent. Every
 * code that is not here may mean that the request arrived.
 */
const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  CERT_HAS_EXPIRED: "unreachable",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unreachable",
  SELF_SIGNED_CERT_IN_CHAIN: "unreachable",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unreachable",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unreachable",
  ERR_TLS_CERT_ALTNAME_INVALID: "unreachable",
  ETIMEDOUT: "timeout",
  ECONNABORTED: "timeout",
  ERR_BAD_RESPONSE: "malformed-reply",
  ERR_INVALID_CHAR: "malformed-reply"
}

const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,40}$/

const codeOf = (error: unknown): string => {
  const code =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  return typeof code === "string" && ERROR_CODE.test(code) ? code : "no code"
}

const reasonOf = (code: string): Reason =>
  REASONS[code] ?? (code.startsWith("HPE_") ? "malformed-reply" : "connection-lost")

/**
 * A transport over axios. A proxy that the environment names is used as axios does.
 *
 * What axios rejects with holds the request's headers, and so the token or the secret: only its
 * code leaves this file.
 */
export const makeAxiosTransport = async (): Promise<Transport> => {
  const { default: axios } = await import("axios")
  const client = axios.create({
    maxRedirects: 0,
    maxContentLength: MAX_REPLY_BYTES,
    responseType: "text",
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data]
  })
  return async (request, signal) => {
    try {
      const reply = await client.request<unknown>({
        method: request.method,
        url: request.url,
        headers: { "User-Agent": "campaignctl", ...request.headers },
        signal,
        ...(request.body === undefined ? {} : { data: request.body })
      })
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(reply.headers))
        if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value)
      return {
        status: reply.status,
        headers,
        text: typeof reply.data === "string" ? reply.data : ""
      }
    } catch (error) {
      const code = codeOf(error)
      throw new TransportFailure(reasonOf(code), `${new URL(request.url).host} (${code})`)
    }
  }
}
