import { configPages } from "@campaignctl/core"
import { httpConfigPages, longestShutdownMs, routes } from "@campaignctl/http"

const MS_PER_SECOND = 1_000

const pages = [...configPages, ...httpConfigPages]

/** Every variable that the service reads. */
export const variables: ReadonlySet<string> = new Set(pages.map(({ key }) => key))

/** Those whose values are never shown. */
const secretVariables: ReadonlySet<string> = new Set(
  pages.flatMap(({ key, secret }) => (secret ? [key] : []))
)

/** Paths that anybody may ask for. */
export const publicPaths: ReadonlySet<string> = new Set(
  routes.flatMap(({ method, path, scope }) =>
    method === "GET" && scope === "public" ? [path] : []
  )
)

/** Seconds after which a process with these variables has ended for certain, once it was told to. */
export const longestShutdownSeconds = (environment: Readonly<Record<string, string>>): number =>
  longestShutdownMs(Number(environment["CAMPAIGNCTL_SHUTDOWN_SECONDS"]) * MS_PER_SECOND) /
  MS_PER_SECOND

/** Where the image lets a process write: its own halt journal. */
export const JOURNAL_DIRECTORY = "/var/lib/campaignctl"

/** What is said about the variables that a container gets in the open. */
export const environmentProblems = (
  place: string,
  environment: Readonly<Record<string, string>>
): ReadonlyArray<string> =>
  Object.keys(environment).flatMap((name) => {
    if (!variables.has(name)) return [`${place}: nothing reads ${name}`]
    return secretVariables.has(name) ? [`${place}: ${name} is a secret`] : []
  })
