import { Redacted } from "effect"

/** What messages call the database: its address without the credentials. */
export const placeOf = (url: Redacted.Redacted): string => {
  const { host, pathname } = new URL(Redacted.value(url))
  return `the PostgreSQL database ${host}${pathname}`
}
