import { hash } from "node:crypto"
import { RateLimit } from "../routes/RateLimit.ts"

/** Credentials that are remembered as accepted: as many as the callers of a large deployment. */
const MOST_ACCEPTED = 10_000
/**
 * One part of an address's requests that one and the same credential may use up: a program that keeps
 * sending an old key must not use up those of its neighbours behind one proxy.
 */
const SHARE = 10
/** Groups of an IPv6 address that one network is given. Source: RFC 6177, which gives nobody less. */
const NETWORK_GROUPS = 4
const IPV6_GROUPS = 8

/** What counts as one address: of IPv6 the network, in which anybody can take any address. */
export const networkOf = (address: string): string => {
  if (!address.includes(":") || address.includes(".")) return address
  const [head = "", tail] = address.split("::")
  const groups = head === "" ? [] : head.split(":")
  const rest = tail === undefined || tail === "" ? [] : tail.split(":")
  const gap = Array.from(
    { length: Math.max(0, IPV6_GROUPS - groups.length - rest.length) },
    () => "0"
  )
  return [...groups, ...gap, ...rest].slice(0, NETWORK_GROUPS).join(":")
}

const nameOf = (authorization: string): string => hash("sha256", authorization, "base64")

/**
 * Limits the requests of one address that are refused for their credential, so that guessing, or a
 * program that goes wrong, costs little. Behind a proxy everybody has the proxy's address: therefore a
 * credential that was accepted since the service started is always looked at, whatever others at the
 * same address do, and no single credential uses up more than a tenth.
 */
export class RefusalLimit {
  readonly #addresses: RateLimit
  readonly #credentials: RateLimit
  readonly #accepted = new Set<string>()

  /** @param perMinute refusals that one address is granted */
  constructor(perMinute: number) {
    this.#addresses = new RateLimit(perMinute)
    this.#credentials = new RateLimit(Math.max(1, Math.floor(perMinute / SHARE)))
  }

  /** The milliseconds to wait before a credential of this address is looked at; undefined where it is at once. */
  look(address: string, authorization: string | null, now: number): number | undefined {
    if (this.#addresses.size === 0) return undefined
    const network = networkOf(address)
    const wait = this.#addresses.look(network, now)
    if (authorization === null) return wait
    const name = nameOf(authorization)
    if (this.#accepted.has(name)) return undefined
    return this.#credentials.look(`${network} ${name}`, now) ?? wait
  }

  /** Notes that a request was refused. */
  refused(address: string, authorization: string | null, now: number): void {
    const network = networkOf(address)
    this.#addresses.take(network, now)
    if (authorization === null) return
    const name = nameOf(authorization)
    this.#accepted.delete(name)
    this.#credentials.take(`${network} ${name}`, now)
  }

  /** Notes that a credential was accepted. */
  accepted(authorization: string): void {
    const name = nameOf(authorization)
    if (this.#accepted.has(name)) return
    this.#accepted.add(name)
    const [oldest] = this.#accepted
    if (this.#accepted.size > MOST_ACCEPTED && oldest !== undefined) this.#accepted.delete(oldest)
  }
}
