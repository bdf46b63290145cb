declare module "vitest" {
  interface ProvidedContext {
    /** The administrative database of the server that the whole run shares. */
    postgresUrl: string
  }
}

/** What `globalSetup` provides, for `inject` to be typed by. */
export const POSTGRES_URL = "postgresUrl"
