import type { Compose, Process } from "./compose.ts"
import {
  environmentProblems,
  JOURNAL_DIRECTORY,
  longestShutdownSeconds,
  publicPaths
} from "./facts.ts"

const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)?.[1])

/** Whether each is there once. */
const areDistinct = (all: ReadonlyArray<string>): boolean => new Set(all).size === all.length

const processProblems = (name: string, process: Process): ReadonlyArray<string> => {
  const { environment, healthcheck, ports, stop_grace_period, user, volumes } = process
  const probed = /\/[a-z]+(?=`)/.exec(healthcheck.test.join(" "))?.[0] ?? ""
  const port = environment["CAMPAIGNCTL_HTTP_PORT"]
  const rules: ReadonlyArray<readonly [boolean, string]> = [
    [environment["CAMPAIGNCTL_RUNNER_HOST"] === name, "is not reached by its own name"],
    [environment["CAMPAIGNCTL_RUNNER_LISTEN_HOST"] === "0.0.0.0", "is not reached from outside"],
    [environment["CAMPAIGNCTL_RUNNER_PORT"] !== port, "has one port for two things"],
    [
      seconds(stop_grace_period) > longestShutdownSeconds(environment),
      "may be killed before its shutdown ends"
    ],
    [
      ports.every((one) => /^127\.0\.0\.1:\d+:/.test(one) && one.endsWith(`:${port}`)),
      "publishes another port than the service's, or to everybody"
    ],
    [
      volumes.length === 1 && volumes.every((one) => one.endsWith(`:${JOURNAL_DIRECTORY}`)),
      "has no place for its journal"
    ],
    [/^[1-9]\d*:[1-9]\d*$/.test(user), "runs as root"],
    [probed === "/readyz" && publicPaths.has(probed), "is not asked whether it is ready"]
  ]
  return [
    ...environmentProblems(name, environment),
    ...rules.flatMap(([kept, broken]) => (kept ? [] : [`${name} ${broken}`]))
  ]
}

/** Everything that is wrong with the compose file, beyond its form. */
export const composeProblems = (compose: Compose): ReadonlyArray<string> => {
  const { postgres, ...processes } = compose.services
  const all = Object.values(compose.services)
  const declared = (
    what: "networks" | "secrets" | "volumes",
    used: ReadonlyArray<string>
  ): ReadonlyArray<string> =>
    used.flatMap((name) => (Object.hasOwn(compose[what], name) ? [] : [`no ${what}: ${name}`]))
  const volumes = all.flatMap((service) => service.volumes.map((one) => one.split(":")[0] ?? ""))
  const ports = Object.values(processes).flatMap((process) => process.ports)
  const rules: ReadonlyArray<readonly [boolean, string]> = [
    [areDistinct(volumes), "two services share a volume"],
    [areDistinct(ports), "two services have the same port"],
    [postgres.image.includes(":"), "the database's version is open"],
    [postgres.healthcheck.test.includes("pg_isready"), "the database is not looked after"],
    [
      Object.values(compose.secrets).every(({ file }) => file.startsWith("./secrets/")),
      "a secret is where it could be committed"
    ],
    [
      Object.keys(postgres.environment).every(
        (name) => !name.includes("PASSWORD") || name.endsWith("_FILE")
      ),
      "the database's password stands in the open"
    ]
  ]
  return [
    ...Object.entries(processes).flatMap(([name, process]) => processProblems(name, process)),
    ...all.flatMap(({ networks }) => declared("networks", networks)),
    ...all.flatMap(({ secrets }) => declared("secrets", secrets)),
    ...declared("volumes", volumes),
    ...rules.flatMap(([kept, broken]) => (kept ? [] : [broken]))
  ]
}
