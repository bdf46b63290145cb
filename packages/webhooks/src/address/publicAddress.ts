import ipaddr from "ipaddr.js"

/** What is said of an address by the range that it lies in. The names are those of `ipaddr.js`. */
const RANGES: Readonly<Record<string, string>> = {
  unspecified: "an address that means this very machine",
  loopback: "an address of this very machine",
  private: "an address of a private network",
  linkLocal: "a link-local address, where clouds serve their machines' credentials",
  uniqueLocal: "an address of a private network",
  carrierGradeNat: "an address inside a provider's network",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
  ipv4Mapped: "an IPv4 address written as an IPv6 one",
  rfc6145: "an IPv4 address written as an IPv6 one",
  rfc6052: "an IPv4 address behind a translator (NAT64)",
  "6to4": "an IPv4 address behind a tunnel (6to4)",
  teredo: "an IPv4 address behind a tunnel (Teredo)",
  deprecatedSiteLocal: "an address of a private network",
  benchmarking: "an address for measurements"
}
/** Of any other range but `unicast`: documentation, research, protocols. */
const SPECIAL = "an address for a special purpose"

/** Global unicast, the only part of IPv6 that is handed out. Source: RFC 4291, section 2.4, and IANA's registry. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3")

/** Public addresses under which clouds serve their machines alone: Azure's. Source: its documentation, "What is IP address 168.63.129.16?" */
const METADATA: ReadonlySet<string> = new Set(["168.63.129.16"])

/** The third quarter of an ISATAP address, before the IPv4 address; the bit that is masked out says whether that is unique. Source: RFC 5214. */
const ISATAP_WORD = 0x5efe
const ISATAP_MASK = 0xfdff

/** Whether an interface identifier holds an IPv4 address that a router would go on to. */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean =>
  parts[5] === ISATAP_WORD && ((parts[4] ?? 0) & ISATAP_MASK) === 0

/** What an address is instead of a public one, as the end of a sentence; undefined for a public one. */
export const notPublic = (address: string): string | undefined => {
  if (!ipaddr.isValid(address)) return "no address"
  const parsed = ipaddr.parse(address)
  if (METADATA.has(parsed.toString())) return "an address where a cloud serves its machines"
  const range = parsed.range()
  if (range !== "unicast") return RANGES[range] ?? SPECIAL
  if (parsed.kind() === "ipv4") return undefined
  const wide = parsed as ipaddr.IPv6 // by its kind, which does not narrow the library's types
  if (isIsatap(wide)) return "an IPv4 address behind a tunnel (ISATAP)"
  return wide.match(GLOBAL_UNICAST) ? undefined : SPECIAL
}
