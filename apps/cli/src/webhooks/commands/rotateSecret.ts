import { Effect } from "effect"
import { parseDuration } from "../../arguments/duration.ts"
import { Problems } from "../../arguments/Problems.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { hint } from "../../render/emit.ts"
import { idOf } from "../ids.ts"
import { onWebhooks } from "../onWebhooks.ts"
import { showSecret } from "../showSecret.ts"

export interface RotateOptions {
  readonly retireAfter?: string
}

/** Longest time for which an old secret goes on being used, in milliseconds: thirty days, as long as the keeper of subscriptions takes. */
const LONGEST_RETIREMENT_MS = 30 * 86_400_000

/** `now`, or a duration. */
const retirementOf = (text: string): number | undefined =>
  text.trim() === "now" ? 0 : parseDuration(text, LONGEST_RETIREMENT_MS)

/** `webhook rotate-secret`: messages are signed with a new secret from now on, and with the old one for a time. */
export const webhookRotateSecret = ({
  args: [text = ""],
  env,
  options
}: CommandInput<RotateOptions>): CommandEffect =>
  Effect.gen(function* () {
    const problems = new Problems()
    const id = idOf("subscription", "subscription", text, problems)
    const { retireAfter } = options
    const retireAfterMs =
      retireAfter === undefined
        ? undefined
        : problems.parsed(
            "--retire-after",
            "now, or a duration with its units of at most 720h: 90s, 30m, 48h",
            retireAfter,
            retirementOf
          )
    yield* problems.check
    return yield* onWebhooks({ env, options }, ({ rotateSecret }) =>
      Effect.gen(function* () {
        const rotated = yield* rotateSecret(
          id ?? "",
          retireAfterMs === undefined ? {} : { retireAfterMs }
        )
        yield* showSecret(rotated)
        const retirement = rotated.subscription.secrets.flatMap(({ retiresAt }) => retiresAt ?? [])
        yield* hint(
          retireAfterMs === 0
            ? "The old one is not used any more."
            : `Messages are signed with the old one too, until ${retirement.toSorted().at(-1) ?? "it is forgotten"}.`
        )
        return ExitCode.done
      })
    )
  })
