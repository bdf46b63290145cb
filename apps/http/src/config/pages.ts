import type { ConfigPage } from "@campaignctl/core"
import { DEFAULT_BODY_LIMIT, DEFAULT_RATE_PER_MINUTE } from "../routes/Deployment.ts"

export const DEFAULT_HOST = "127.0.0.1"
export const DEFAULT_PORT = 4020
/** Beside the service's own port. */
export const DEFAULT_RUNNER_PORT = 4021
/** Seconds: the thirty that Kubernetes gives a pod before it kills it, less a margin for the rest of the shutdown. */
export const DEFAULT_SHUTDOWN_SECONDS = 25

/** Every configuration value of the service, in the form of the core's own. */
export const httpConfigPages = [
  {
    key: "CAMPAIGNCTL_HTTP_HOST",
    default: DEFAULT_HOST,
    meaning: "Address to listen on. Any other than loopback needs an API key or an issuer.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_HTTP_PORT",
    default: String(DEFAULT_PORT),
    meaning: "Port to listen on; 0 takes a free one.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_OIDC_ISSUER",
    meaning: "Issuer whose tokens are accepted, as in their `iss`.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_OIDC_AUDIENCE",
    meaning: "The `aud` that a token must have. Required with an issuer.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_OIDC_JWKS_URL",
    meaning:
      "Where the issuer's keys are. Without it, the issuer's own discovery document says so.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_REQUIRE_IF_MATCH",
    default: "false",
    meaning: "true refuses every change without If-Match.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_HTTP_BODY_LIMIT",
    default: String(DEFAULT_BODY_LIMIT),
    meaning: "Bytes that a request's body may have.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_HTTP_RATE_PER_MINUTE",
    default: String(DEFAULT_RATE_PER_MINUTE),
    meaning:
      "Requests a minute that one caller may make, and that one address may make without an accepted credential.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_SHUTDOWN_SECONDS",
    default: String(DEFAULT_SHUTDOWN_SECONDS),
    meaning: "Seconds for what is running to end when the service is told to.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_RUNNER_HOST",
    meaning:
      "On PostgreSQL: the name or address by which the other processes of the cluster reach this one. Unless said, 127.0.0.1 where the database is on this machine, else this machine's first address.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_RUNNER_PORT",
    default: String(DEFAULT_RUNNER_PORT),
    meaning:
      "On PostgreSQL: the port for that; 0 takes a free one. Whoever reaches it is believed: let only the cluster's own processes.",
    secret: false
  },
  {
    key: "CAMPAIGNCTL_RUNNER_LISTEN_HOST",
    meaning:
      "On PostgreSQL: the address to listen on for that, where it is not the one by which the process is reached.",
    secret: false
  }
] as const satisfies ReadonlyArray<ConfigPage>

export type HttpConfigKey = (typeof httpConfigPages)[number]["key"]
