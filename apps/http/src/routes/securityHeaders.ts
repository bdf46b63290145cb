import { PAGE_POLICY } from "../docs/docsPage.ts"

/** What every answer says to browsers: to make nothing of it that it is not, and to keep none of it. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": PAGE_POLICY,
  "cache-control": "no-store"
}
