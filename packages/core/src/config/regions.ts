/**
 * The host of every Genesys Cloud region, by AWS region name. The API is at `api.` and the login at
 * `login.` below it. Source: the official SDK's `PureCloudRegionHosts`.
 */
export const regionHosts = {
  us_east_1: "mypurecloud.com",
  us_east_2: "use2.us-gov-pure.cloud",
  us_west_2: "usw2.pure.cloud",
  ca_central_1: "cac1.pure.cloud",
  mx_central_1: "mxc1.pure.cloud",
  sa_east_1: "sae1.pure.cloud",
  eu_west_1: "mypurecloud.ie",
  eu_west_2: "euw2.pure.cloud",
  eu_central_1: "mypurecloud.de",
  eu_central_2: "euc2.pure.cloud",
  eusc_de_east_1: "edee1.eusc-pure.cloud",
  me_central_1: "mec1.pure.cloud",
  ap_south_1: "aps1.pure.cloud",
  ap_southeast_1: "apse1.pure.cloud",
  ap_southeast_2: "mypurecloud.com.au",
  ap_northeast_1: "mypurecloud.jp",
  ap_northeast_2: "apne2.pure.cloud",
  ap_northeast_3: "apne3.pure.cloud"
} as const satisfies Readonly<Record<string, string>>

/** The region where none is named: Ireland. */
export const DEFAULT_REGION = regionHosts.eu_west_1

const hosts: ReadonlySet<string> = new Set(Object.values(regionHosts))
const hostByRegion: ReadonlyMap<string, string> = new Map(Object.entries(regionHosts))

/**
 * The host of a region written in any of the usual ways: the host itself (`mypurecloud.ie`), with
 * `https://`, `api.`, `login.` or `apps.` before it, or the AWS name (`eu-west-1`, `eu_west_1`).
 * Undefined where no region is called so.
 */
export const hostOfRegion = (region: string): string | undefined => {
  const plain = region
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, "")
    .replace(/\/+$/, "")
    .replace(/^(?:api|login|apps)\./, "")
  return hosts.has(plain) ? plain : hostByRegion.get(plain.replaceAll("-", "_"))
}
