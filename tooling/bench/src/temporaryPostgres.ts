import { startPostgres } from "@campaignctl/postgres-server"

/** A PostgreSQL server, gone with its data when it goes out of scope. */
export const temporaryPostgres = async () => {
  const { newDatabase, stop } = await startPostgres()
  return { newDatabase, [Symbol.asyncDispose]: stop }
}
