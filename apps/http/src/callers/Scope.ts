import { Schema } from "effect"

/** What a caller may be allowed to do. */
export const Scope = Schema.Literals([
  "campaigns:read",
  "campaigns:operate",
  "campaigns:override",
  "campaigns:halt",
  "audit:read",
  "webhooks:manage",
  "admin"
])
export type Scope = typeof Scope.Type

export const allScopes: ReadonlyArray<Scope> = Scope.literals

/** What each scope allows, for people. */
export const scopePages: Readonly<Record<Scope, string>> = {
  "campaigns:read":
    "See campaigns, their states and what would be decided; operations, halts and schedules.",
  "campaigns:operate": "Change the state of campaigns; steer operations, keep schedules.",
  "campaigns:override":
    "Override guards by name, with a note that the audit keeps; change windows and minimum agents by a file.",
  "campaigns:halt": "Halt campaigns, and lift what a halt holds.",
  "audit:read": "Read the audit, export it, follow its events.",
  "webhooks:manage":
    "Keep webhook subscriptions, with their secrets; see what was sent, and have it sent again.",
  admin: "Read the service's metrics, and which processes share the work."
}
