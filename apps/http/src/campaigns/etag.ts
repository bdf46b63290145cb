import { LockToken } from "@campaignctl/core"

/** A lock token as an ETag: quoted, with what may not stand between the quotes escaped. */
export const etagOf = (lock: string): string => `"${encodeURIComponent(lock)}"`

const ETAG = /^"([\x21\x23-\x7e]*)"$/

/** What If-Match asks for. A weak tag never matches, so that it is `Never`. */
export type Condition =
  | { readonly _tag: "Any" }
  | { readonly _tag: "Lock"; readonly lock: LockToken }
  | { readonly _tag: "Never" }
  | { readonly _tag: "Malformed" }

/** Reads If-Match: `*` or one ETag. A list of them says nothing that a caller of one campaign could mean. */
export const conditionOf = (header: string): Condition => {
  const text = header.trim()
  if (text === "*") return { _tag: "Any" }
  if (/^W\/"[\x21\x23-\x7e]*"$/.test(text)) return { _tag: "Never" }
  const inner = ETAG.exec(text)?.[1]
  if (inner === undefined) return { _tag: "Malformed" }
  try {
    return { _tag: "Lock", lock: LockToken.make(decodeURIComponent(inner)) }
  } catch {
    // A percent sign that begins no escape: no ETag of ours is like that.
    return { _tag: "Never" }
  }
}
