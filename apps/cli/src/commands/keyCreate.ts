import type { NewKey } from "@campaignctl/http/keys"
import { Clock, Effect } from "effect"
import { Problems } from "../arguments/Problems.ts"
import { ExitCode } from "../exit/ExitCode.ts"
import { withKeys } from "../keys/withKeys.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { emit, hint } from "../render/emit.ts"

export interface KeyCreateOptions {
  readonly name?: string
  readonly scope?: ReadonlyArray<string>
  readonly division?: ReadonlyArray<string>
  readonly expires?: string
}

/** Longest name of a key, in characters: it stands in every audit entry. */
const NAME_LIMIT = 100
const NAME = /^[^\p{Cc}]+$/u
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const DAYS = /^(\d{1,4})d$/
const MS_PER_DAY = 86_400_000

/** `90d` from now, or a date in the future, as ISO 8601. */
const expiryOf =
  (now: number) =>
  (text: string): string | undefined => {
    const days = DAYS.exec(text)?.[1]
    const at = days === undefined ? Date.parse(text) : now + Number(days) * MS_PER_DAY
    return at > now ? new Date(at).toISOString() : undefined
  }

const checked = Effect.fnUntraced(function* (options: KeyCreateOptions) {
  const { allScopes } = yield* Effect.promise(() => import("@campaignctl/http/keys"))
  const problems = new Problems()
  const now = yield* Clock.currentTimeMillis
  const name = options.name?.trim() ?? ""
  if (!NAME.test(name) || name.length > NAME_LIMIT)
    problems.add(
      "--name",
      `one line of 1 to ${NAME_LIMIT} characters`,
      name === "" ? "nothing" : "something else"
    )
  if (options.scope === undefined)
    problems.add("--scope", `one or more of ${allScopes.join(", ")}`, "nothing")
  const scopes = (options.scope ?? []).map((scope) => problems.choice("--scope", allScopes, scope))
  const divisionIds = options.division?.map((division) =>
    problems.parsed("--division", "the id of a division (UUID)", division, (text) =>
      UUID.test(text.toLowerCase()) ? text.toLowerCase() : undefined
    )
  )
  const expiresAt =
    options.expires === undefined
      ? undefined
      : problems.parsed(
          "--expires",
          "days such as 90d, or a date to come",
          options.expires,
          expiryOf(now)
        )
  yield* problems.check
  return {
    name,
    scopes: [...new Set(scopes.filter((scope) => scope !== undefined))],
    ...(divisionIds === undefined
      ? {}
      : { divisionIds: divisionIds.filter((division) => division !== undefined) }),
    ...(expiresAt === undefined ? {} : { expiresAt })
  } satisfies NewKey
})

/** `key create`: makes an API key of the service. Its text is on stdout, this once. */
export const command = (input: CommandInput<KeyCreateOptions>): CommandEffect =>
  Effect.flatMap(checked(input.options), (wanted) =>
    withKeys(
      input,
      Effect.gen(function* () {
        const { KeyStore } = yield* Effect.promise(() => import("@campaignctl/http/keys"))
        const { key, text } = yield* (yield* KeyStore).create(wanted)
        yield* emit({ ...key, key: text }, () => [text])
        yield* hint(
          `Key ${key.id} for ${key.name}. It is shown this once; the ledger's database holds a hash of it alone.`
        )
        return ExitCode.done
      })
    )
  )
