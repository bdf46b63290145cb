import type { Problem } from "@campaignctl/core"
import { Result } from "effect"
import ipaddr from "ipaddr.js"
import { hostOf } from "./hostOf.ts"

/** Receivers inside a company, which may be reached although they are not public. */
export interface AllowList {
  /** Names, without a dot at the end. What they resolve to is not looked at, and http is good enough. */
  readonly hosts: ReadonlySet<string>
  /** Names whose subdomains are meant, each beginning with a dot. */
  readonly domains: ReadonlyArray<string>
  /** Networks, whatever names lead there. */
  readonly networks: ReadonlyArray<readonly [ipaddr.IPv4 | ipaddr.IPv6, number]>
}

/** Public receivers alone. */
export const allowNone: AllowList = { hosts: new Set(), domains: [], networks: [] }

const EXPECTED =
  "host names, *.domains, addresses and networks such as 10.1.0.0/16, with commas between them"

/**
 * Reads the text of `CAMPAIGNCTL_WEBHOOK_ALLOW`, such as `wfm.corp.example, *.hooks.example, 10.1.0.0/16`.
 * Fails with everything that is wrong with it.
 */
export const parseAllowList = (
  text: string
): Result.Result<AllowList, ReadonlyArray<Pick<Problem, "expected" | "found">>> => {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
  const parts = words.map((word) => ({ word, part: partOf(word) }))
  const wrong = parts.filter(({ part }) => part === undefined)
  if (wrong.length > 0)
    return Result.fail(wrong.map(({ word }) => ({ expected: EXPECTED, found: word })))
  const found = parts.flatMap(({ part }) => part ?? [])
  return Result.succeed({
    hosts: new Set(found.flatMap((part) => (part._tag === "Host" ? part.host : []))),
    domains: found.flatMap((part) => (part._tag === "Domain" ? part.suffix : [])),
    networks: found.flatMap((part) => (part._tag === "Network" ? [part.network] : []))
  })
}

type Part =
  | { readonly _tag: "Host"; readonly host: string }
  | { readonly _tag: "Domain"; readonly suffix: string }
  | { readonly _tag: "Network"; readonly network: readonly [ipaddr.IPv4 | ipaddr.IPv6, number] }

const partOf = (word: string): Part | undefined => {
  if (ipaddr.isValidCIDR(word) && isAddress(word.replace(/\/.*$/, "")))
    return { _tag: "Network", network: ipaddr.parseCIDR(word) }
  if (isAddress(word)) {
    const address = ipaddr.parse(word)
    return { _tag: "Network", network: [address, address.toByteArray().length * BYTE_BITS] }
  }
  if (/[/\s:@?#\\]/.test(word)) return undefined
  const isDomain = word.startsWith("*.")
  const host = hostOf(isDomain ? word.slice(2) : word)
  // A number that stands for an address, and a star anywhere else, are mistakes.
  if (host === undefined || ipaddr.isValid(host) || host.includes("*")) return undefined
  return isDomain ? { _tag: "Domain", suffix: `.${host}` } : { _tag: "Host", host }
}

const BYTE_BITS = 8

/** In its usual form alone: `10.1` is an address too, and a mistake here; `010.0.0.0` would be 8.0.0.0. */
const isAddress = (word: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(word) || ipaddr.IPv6.isValid(word)

/** Whether the list names a host by its name. */
export const namesHost = ({ domains, hosts }: AllowList, host: string): boolean =>
  hosts.has(host) || domains.some((suffix) => host.endsWith(suffix))

/** Whether the list names a network that an address is in. */
export const namesAddress = ({ networks }: AllowList, address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  return networks.some(
    ([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits)
  )
}
