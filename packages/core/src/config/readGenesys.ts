import { Redacted, Result } from "effect"
import { address } from "./address.ts"
import type { GenesysConfig } from "./Config.ts"
import { fault, type Parser } from "./Parsed.ts"
import { oneOf, token, uuid } from "./parsers.ts"
import type { Reader } from "./Reader.ts"
import { DEFAULT_REGION, hostOfRegion, regionHosts } from "./regions.ts"

/** Where Genesys is and who asks. */
export const readGenesys = (reader: Reader): GenesysConfig => {
  const contract = reader.optional("GENESYS_CONTRACT", oneOf(["platform", "etag"])) ?? "platform"
  const host = reader.optional("GENESYS_REGION", region) ?? DEFAULT_REGION
  const archiveDivision = reader.optional("CAMPAIGNCTL_ARCHIVE_DIVISION", uuid)
  return {
    contract,
    region: host,
    ...readAddresses(reader, contract, host),
    clientId: reader.required("OAUTH_CLIENT_ID", token, "the OAuth client's id"),
    clientSecret: Redacted.make(
      reader.required("OAUTH_CLIENT_SECRET", token, "the OAuth client's secret")
    ),
    ...(archiveDivision === undefined ? {} : { archiveDivision })
  }
}

const region: Parser<string> = (text) => {
  const host = hostOfRegion(text)
  const names = Object.entries(regionHosts).map(
    ([name, at]) => `${name.replaceAll("_", "-")} (${at})`
  )
  return host === undefined
    ? fault(`a Genesys Cloud region: ${names.join(", ")}`, text)
    : Result.succeed(host)
}

type Addresses = Pick<GenesysConfig, "apiUrl" | "loginUrl">

/**
 * The region's addresses, or the configured ones. Credentials never go to a host that was not
 * meant: an API elsewhere has its login elsewhere too, so that one address alone is enough only
 * where the other follows from it.
 */
const readAddresses = (
  reader: Reader,
  contract: GenesysConfig["contract"],
  host: string
): Addresses => {
  const apiUrl = reader.optional("GENESYS_API_URL", address)
  const loginUrl = reader.optional("GENESYS_LOGIN_URL", address)
  if (!reader.isSet("GENESYS_API_URL")) {
    if (reader.isSet("GENESYS_LOGIN_URL"))
      reader.reject("GENESYS_API_URL", "an address, because GENESYS_LOGIN_URL is set", "nothing")
    const regionApi = `https://api.${host}`
    return { apiUrl: regionApi, loginUrl: loginOf(regionApi, contract) ?? regionApi }
  }
  const login = loginUrl ?? (apiUrl === undefined ? undefined : loginOf(apiUrl, contract))
  if (apiUrl !== undefined && login === undefined && !reader.isSet("GENESYS_LOGIN_URL"))
    reader.reject(
      "GENESYS_LOGIN_URL",
      "an address, because the one of GENESYS_API_URL does not begin with api.",
      "nothing"
    )
  return { apiUrl: apiUrl ?? "", loginUrl: login ?? "" }
}

/** The login that belongs to an API: the ETag contract has its tokens at the API itself, Genesys Cloud at `login.` beside `api.`. */
const loginOf = (apiUrl: string, contract: GenesysConfig["contract"]): string | undefined => {
  if (contract === "etag") return apiUrl
  return /^https?:\/\/api\./.test(apiUrl) ? apiUrl.replace("://api.", "://login.") : undefined
}
