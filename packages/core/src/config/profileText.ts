/** The values of a profile file, under the names of the environment. */
export type Profile = Readonly<Record<string, unknown>>

/**
 * A profile's value as the text that the environment would hold: a list of words joined by commas,
 * any other list or object as JSON. Empty where it is not set; undefined where it is nothing that
 * a profile file can hold.
 */
export const profileText = (profile: Profile, name: string): string | undefined => {
  const value = Object.hasOwn(profile, name) ? profile[name] : undefined
  if (value === undefined || value === null) return ""
  if (typeof value === "string") return value.trim()
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  if (Array.isArray(value) && value.every((item) => typeof item === "string"))
    return value.join(",")
  return typeof value === "object" ? jsonText(value) : undefined
}

const jsonText = (value: object): string | undefined => {
  try {
    return JSON.stringify(value)
  } catch {
    // A cycle or a BigInt, which no file holds; the reader reports it.
    return undefined
  }
}
