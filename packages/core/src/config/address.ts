import { Result } from "effect"
import { fault, type Parser } from "./Parsed.ts"

/** Names that never leave the machine or its private network: plain http is good enough for them. */
const PRIVATE_NAME = /^(?:[^.]+|.+\.(?:localhost|local|internal|test))$/
/** Loopback and private IPv4 addresses (RFC 1918), and loopback IPv6. */
const PRIVATE_ADDRESS =
  /^(?:127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|\[::1\])$/

const EXPECTED = "an https address (http on a private network) without credentials"

/**
 * An address that is safe to send credentials to, without a slash at the end. What is found is
 * described and never repeated, because an address may hold a password or a token.
 */
export const address: Parser<string> = (text) => {
  const url = webUrl(text)
  if (typeof url === "string") return fault(EXPECTED, url)
  return url.search === "" && url.hash === ""
    ? Result.succeed(`${url.origin}${url.pathname}`.replace(/\/+$/, ""))
    : fault(`${EXPECTED}, query and fragment`, "an address with a query or a fragment")
}

/** An address that others are asked to call; a query is part of it. */
export const callbackAddress: Parser<string> = (text) => {
  const url = webUrl(text)
  return typeof url === "string" ? fault(EXPECTED, url) : Result.succeed(url.href)
}

const webUrl = (text: string): URL | string => {
  const url = URL.parse(text)
  if (url === null) return "text that is not an address"
  if (url.protocol !== "https:" && url.protocol !== "http:") return "an address of another kind"
  if (url.username !== "" || url.password !== "") return "an address with credentials"
  if (url.protocol === "http:" && !isPrivate(url.hostname)) return "plain http to a public host"
  return url
}

const isPrivate = (host: string): boolean => PRIVATE_NAME.test(host) || PRIVATE_ADDRESS.test(host)
