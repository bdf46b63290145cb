import type { TestProject } from "vitest/node"
import { POSTGRES_URL } from "./ProvidedContext.ts"
import { startPostgres } from "./startPostgres.ts"

/** One server for all of a package's tests: `globalSetup` in its `vitest.config.ts`. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const server = await startPostgres()
  project.provide(POSTGRES_URL, server.url)
  return server.stop
}
