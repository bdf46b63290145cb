import { type ConfigPage, configPages, type Environment } from "@campaignctl/core"

/** Secrets shorter than this, in characters, are not looked for: they would be found everywhere. */
const SHORTEST_SOUGHT_SECRET = 6

const pages: ReadonlyArray<ConfigPage> = configPages

/** The text without any secret of the environment, and without what looks like a token in a header. */
export const scrubbed = (text: string, env: Environment): string =>
  pages
    .filter(({ secret }) => secret)
    .flatMap(({ aliases = [], key }) => [key, ...aliases])
    .map((name) => env[name]?.trim() ?? "")
    .filter((secret) => secret.length >= SHORTEST_SOUGHT_SECRET)
    .reduce((rest, secret) => rest.replaceAll(secret, "[hidden]"), text)
    .replaceAll(/\b(Bearer|Basic)\s+\S+/gi, "$1 [hidden]")
