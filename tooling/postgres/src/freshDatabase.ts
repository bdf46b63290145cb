import { randomUUID } from "node:crypto"
import { inject } from "vitest"
import { createDatabase, databaseUrl } from "./createDatabase.ts"
import { POSTGRES_URL } from "./ProvidedContext.ts"

/** An empty database on the server that the test run shares; its URL. */
export const freshDatabase = async (): Promise<string> => {
  const [url, name] = [inject(POSTGRES_URL), `d${randomUUID().replaceAll("-", "")}`]
  await createDatabase(url, name)
  return databaseUrl(url, name)
}
