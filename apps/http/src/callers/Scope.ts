import { Schema } from "effect"

/** What a caller may be allowed to do. */
export const Scope = Schema.Literals([
  "campaigns:read",
  "campaigns:operate",
  "campaigns:override",
  "audit:read",
  "admin"
])
export type Scope = typeof Scope.Type

export const allScopes: ReadonlyArray<Scope> = Scope.literals

/** What each scope allows, for people. */
export const scopePages: Readonly<Record<Scope, string>> = {
  "campaigns:read": "See campaigns, their states and what would be decided.",
  "campaigns:operate": "Change the state of campaigns.",
  "campaigns:override": "Override guards by name, with a note that the audit keeps.",
  "audit:read": "Read the audit, export it, follow its events.",
  admin: "Read the service's metrics."
}
