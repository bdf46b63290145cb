import { Result } from "effect"
import ipaddr from "ipaddr.js"
import { type AllowList, namesAddress, namesHost } from "./AllowList.ts"
import { withoutDot } from "./hostOf.ts"
import { notPublic } from "./publicAddress.ts"

/** Where a message may be sent to, as far as its address alone can tell. */
export interface Receiver {
  readonly url: URL
  /** The name, or the address without brackets. */
  readonly host: string
  /** Whether it is an address, which needs no resolving. */
  readonly isAddress: boolean
  /** Whether the allow list names it, so that it is trusted wherever it leads. */
  readonly isNamed: boolean
}

/** The port of https; and the first one that needs no privilege, below which other services listen. */
const HTTPS_PORT = 443
const FIRST_UNPRIVILEGED_PORT = 1_024

/** Names that lead to no public host. Sources: RFC 6761, 6762, 8375, ICANN's resolution on `.internal`; those of clouds' metadata. */
const LOCAL_NAMES =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|test|invalid|onion|home\.arpa|metadata\.goog)$/

/** What makes readers of addresses disagree on the host: white space, control characters, backslashes. */
const AMBIGUOUS = /[\s\p{Cc}\p{Cf}\\]/u

type Check = (receiver: Receiver, allow: AllowList) => string | undefined

/** Every rule with what it says, in the order in which they are asked. */
const rules: ReadonlyArray<Check> = [
  ({ url }) =>
    url.protocol === "https:" || url.protocol === "http:" ? undefined : "It is no https address.",
  ({ url }) =>
    url.username === "" && url.password === "" ? undefined : "It has a user or a password in it.",
  ({ url }) => (url.hash === "" ? undefined : "It has a fragment, which is never sent."),
  ({ isNamed, url }) =>
    url.protocol === "https:" || isNamed
      ? undefined
      : "It is http, which anybody on the way can read.",
  ({ isNamed, url }) => {
    const port = url.port === "" ? HTTPS_PORT : Number(url.port)
    return isNamed || port === HTTPS_PORT || port >= FIRST_UNPRIVILEGED_PORT
      ? undefined
      : `Port ${port} is that of another kind of service.`
  },
  ({ host, isAddress, isNamed }) => {
    const is = isAddress && !isNamed ? notPublic(host) : undefined
    return is === undefined ? undefined : `${host} is ${is}.`
  },
  ({ host, isAddress, isNamed }) =>
    isAddress || isNamed || (host.includes(".") && !LOCAL_NAMES.test(host))
      ? undefined
      : `${host} is a name of no public host.`
]

/** Judges an address by what can be seen of it; fails with a sentence that repeats no secret of it. */
export const receiverOf = (text: string, allow: AllowList): Result.Result<Receiver, string> => {
  if (AMBIGUOUS.test(text)) return Result.fail("It has characters in it that no address has.")
  const url = URL.parse(text)
  if (url === null) return Result.fail("It is no address.")
  const host = withoutDot(url.hostname.replace(/^\[|\]$/g, ""))
  if (host === "") return Result.fail("It has no host.")
  const isAddress = ipaddr.isValid(host)
  const isNamed = namesHost(allow, host) || (isAddress && namesAddress(allow, host))
  const receiver: Receiver = { url, host, isAddress, isNamed }
  for (const rule of rules) {
    const why = rule(receiver, allow)
    if (why !== undefined) return Result.fail(why)
  }
  return Result.succeed(receiver)
}

/**
 * An address as it may be shown: scheme, host and port. A path may be a secret as well as a query: many
 * services have receivers whose address is all that it takes to write to them.
 */
export const shownReceiver = (text: string): string => {
  const url = URL.parse(text)
  if (url === null || url.host === "") return "an unreadable address"
  return `${url.protocol}//${url.host}${url.pathname === "/" ? "/" : "/…"}`
}
