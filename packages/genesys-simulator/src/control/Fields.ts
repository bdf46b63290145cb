import { isJsonObject } from "../Json.ts"
import type { JsonObject, JsonValue } from "../Json.ts"
import { ControlError } from "./ControlError.ts"

/** Reads a control request field by field; a field that nobody asked for is a mistake, since it may be a misspelt one. */
export class Fields {
  readonly #object: JsonObject
  readonly #read = new Set<string>()

  constructor(value: unknown) {
    if (!isJsonObject(value)) throw new ControlError("The body must be a JSON object.")
    this.#object = value
  }

  value(key: string): JsonValue | undefined {
    this.#read.add(key)
    return this.#object[key]
  }

  string(key: string): string | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === "string") return value
    throw new ControlError(`"${key}" must be a string.`)
  }

  requiredString(key: string): string {
    const value = this.string(key)
    if (value === undefined) throw new ControlError(`"${key}" is required.`)
    return value
  }

  number(key: string, minimum: number): number | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    if (typeof value === "number" && Number.isFinite(value) && value >= minimum) return value
    throw new ControlError(`"${key}" must be a number of at least ${minimum}.`)
  }

  requiredNumber(key: string, minimum: number): number {
    const value = this.number(key, minimum)
    if (value === undefined) throw new ControlError(`"${key}" is required.`)
    return value
  }

  boolean(key: string): boolean | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === "boolean") return value
    throw new ControlError(`"${key}" must be true or false.`)
  }

  object(key: string): JsonObject | undefined {
    const value = this.value(key)
    if (value === undefined || isJsonObject(value)) return value
    throw new ControlError(`"${key}" must be an object.`)
  }

  strings(key: string): ReadonlyArray<string> | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value
    throw new ControlError(`"${key}" must be a list of strings.`)
  }

  oneOf<A extends JsonValue>(key: string, allowed: ReadonlyArray<A>): A | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    const found = allowed.find((candidate) => candidate === value)
    if (found !== undefined) return found
    throw new ControlError(`"${key}" must be one of ${allowed.map(String).join(", ")}.`)
  }

  /** Call last: complains about fields that were never read. */
  end(): void {
    const unknown = Object.keys(this.#object).filter((key) => !this.#read.has(key))
    if (unknown.length === 0) return
    throw new ControlError(
      `Unknown field: ${unknown.join(", ")}. Known here: ${[...this.#read].join(", ")}.`
    )
  }
}
