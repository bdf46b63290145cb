import { RequestInvalid } from "@campaignctl/core"
import { EventType, type SubscriptionDraft } from "@campaignctl/webhooks"
import { Effect } from "effect"
import { campaignIdOf } from "../../arguments/campaignIds.ts"
import { parseDuration } from "../../arguments/duration.ts"
import { Problems } from "../../arguments/Problems.ts"
import { requestedBy } from "../../compose/requestedBy.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit } from "../../render/emit.ts"
import { givenSecret } from "../givenSecret.ts"
import { onWebhooks } from "../onWebhooks.ts"
import { showSecret } from "../showSecret.ts"
import { hintWhereNobodySends } from "../whoSends.ts"

export interface WebhookAddOptions {
  readonly event?: ReadonlyArray<string>
  readonly division?: ReadonlyArray<string>
  readonly campaign?: ReadonlyArray<string>
  readonly description?: string
  readonly retryFor?: string
  readonly secretFile?: string
}

/** How long a message may be tried again at least and at most, in milliseconds, as the keeper of subscriptions takes it. */
const SHORTEST_RETRY_FOR_MS = 60_000
const LONGEST_RETRY_FOR_MS = 30 * 86_400_000

/** Characters of a description at most, as the keeper of subscriptions takes it: a line in a list. */
const DESCRIPTION_LIMIT = 200

const retryForOf = (text: string): number | undefined => {
  const ms = parseDuration(text, LONGEST_RETRY_FOR_MS)
  return ms === undefined || ms < SHORTEST_RETRY_FOR_MS ? undefined : ms
}

/** What is wrong with a secret is told under the word by which it was given. */
const asGiven = ({ problems }: RequestInvalid): RequestInvalid =>
  new RequestInvalid({
    problems: problems.map((problem) =>
      problem.key === "secret" ? { ...problem, key: "--secret-file" } : problem
    )
  })

const draftOf = Effect.fnUntraced(function* (
  url: string,
  options: WebhookAddOptions
): Effect.fn.Return<SubscriptionDraft, RequestInvalid> {
  const problems = new Problems()
  const { campaign, description, division, event, retryFor } = options
  if (url === "") problems.add("url", "the address of the receiver", "nothing")
  if (description !== undefined && description.length > DESCRIPTION_LIMIT)
    problems.add(
      "--description",
      `${DESCRIPTION_LIMIT} characters at most`,
      `${description.length} characters`
    )
  const eventTypes = event?.flatMap(
    (word) => problems.choice("--event", EventType.literals, word) ?? []
  )
  const idsOf = (key: string, what: string, texts: ReadonlyArray<string>) =>
    texts.flatMap(
      (text) => problems.parsed(key, `${what}, which is a UUID`, text, campaignIdOf) ?? []
    )
  const divisionIds =
    division === undefined ? undefined : idsOf("--division", "a division's id", division)
  const campaignIds =
    campaign === undefined ? undefined : idsOf("--campaign", "a campaign's id", campaign)
  const retryForMs =
    retryFor === undefined
      ? undefined
      : problems.parsed(
          "--retry-for",
          "a duration with its units from 1m to 720h: 30m, 12h",
          retryFor,
          retryForOf
        )
  yield* problems.check
  return {
    url,
    ...(eventTypes === undefined ? {} : { eventTypes }),
    filter: {
      ...(divisionIds === undefined ? {} : { divisionIds }),
      ...(campaignIds === undefined ? {} : { campaignIds })
    },
    ...(description === undefined ? {} : { description }),
    ...(retryForMs === undefined ? {} : { retryForMs })
  }
})

/** `webhook add`: another system is told from now on. A secret that is made for it is shown this once. */
export const webhookAdd = ({
  args: [url = ""],
  env,
  options
}: CommandInput<WebhookAddOptions>): CommandEffect =>
  Effect.gen(function* () {
    const draft = yield* draftOf(url.trim(), options)
    const { secretFile } = options
    const secret = secretFile === undefined ? undefined : yield* givenSecret(secretFile)
    return yield* onWebhooks({ env, options }, ({ add }, config) =>
      Effect.gen(function* () {
        const submission = { draft, requestedBy: requestedBy(config) }
        const added = yield* add(
          secret === undefined ? submission : { ...submission, secret }
        ).pipe(Effect.catchTag("RequestInvalid", (invalid) => Effect.fail(asGiven(invalid))))
        if (secret === undefined) yield* showSecret(added)
        else yield* emit(added.subscription, () => [`subscription  ${added.subscription.id}`])
        yield* hintWhereNobodySends(config)
        return ExitCode.done
      })
    )
  })
