// oxlint-disable-next-line typescript/triple-slash-reference -- packages that read these sources must find the declarations too
/// <reference path="../modules.d.ts" />
import type { AxiosAdapter } from "axios"
import { MAX_REPLY_BYTES, nodeAdapter } from "./nodeAdapter.ts"
import { type Transport, TransportFailure } from "./Transport.ts"

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
  EPROTO: "unreachable",
  CERT_HAS_EXPIRED: "unreachable",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unreachable",
  SELF_SIGNED_CERT_IN_CHAIN: "unreachable",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unreachable",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unreachable",
  ERR_TLS_CERT_ALTNAME_INVALID: "unreachable",
  ETIMEDOUT: "timeout",
  ECONNABORTED: "timeout",
  ERR_BAD_RESPONSE: "malformed-reply"
}

const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,40}$/

const codeOf = (error: unknown): string => {
  const code =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  return typeof code === "string" && ERROR_CODE.test(code) ? code : "no code"
}

const reasonOf = (code: string): Reason =>
  REASONS[code] ?? (code.startsWith("HPE_") ? "malformed-reply" : "connection-lost")

/** The environment's names for a proxy. Source: `proxy-from-env`, which axios asks. */
const PROXY_NAMES: ReadonlyArray<string> = ["http_proxy", "https_proxy", "all_proxy"]

/** Whether a proxy is configured; axios then decides which requests go through it. */
const proxyIsSet = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  PROXY_NAMES.some((name) => Boolean(environment[name] ?? environment[name.toUpperCase()]))

/** Axios' own adapter, which alone speaks to proxies. */
const proxyAdapter = async (): Promise<AxiosAdapter> =>
  (await import("axios/unsafe/adapters/http.js")).default

/**
 * A transport over axios. A proxy that the environment names is used as axios does.
 *
 * What axios rejects with holds the request's headers, and so the token or the secret: only its
 * code leaves this file.
 */
export const makeAxiosTransport = async (
  environment: Readonly<Record<string, string | undefined>> = process.env
): Promise<Transport> => {
  const { default: axios } = await import("axios")
  const proxied = proxyIsSet(environment) ? await proxyAdapter() : undefined
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
        adapter: proxied ?? nodeAdapter(signal),
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
      if (error instanceof TransportFailure) throw error
      const code = codeOf(error)
      throw new TransportFailure(reasonOf(code), `${new URL(request.url).host} (${code})`)
    }
  }
}
