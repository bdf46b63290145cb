import {
  type DeliveryAttempt,
  type DeliveryQuery,
  DeliveryStatus,
  type WebhookDelivery
} from "@campaignctl/webhooks"
import { Effect } from "effect"
import { durationText } from "../../arguments/duration.ts"
import { Problems } from "../../arguments/Problems.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { onOneLine } from "../../render/onOneLine.ts"
import { table } from "../../render/table.ts"
import type { TerminalShape } from "../../terminal/Terminal.ts"
import { idOf } from "../ids.ts"
import { onWebhooks } from "../onWebhooks.ts"
import { styleOf } from "../words.ts"

export interface DeliveriesOptions {
  readonly subscription?: string
  readonly status?: string
  readonly limit?: string
  readonly before?: string
}

/** Deliveries that are shown unless another number is asked for: a screen; and the most that are. */
const DEFAULT_LIMIT = 20
const LARGEST_LIMIT = 10_000

const queryOf = (options: DeliveriesOptions, problems: Problems): DeliveryQuery => {
  const { before, limit, status, subscription } = options
  const found = {
    subscriptionId:
      subscription === undefined
        ? subscription
        : idOf("--subscription", "subscription", subscription, problems),
    status:
      status === undefined ? status : problems.choice("--status", DeliveryStatus.literals, status),
    before: before === undefined ? before : idOf("--before", "delivery", before, problems),
    limit:
      limit === undefined
        ? DEFAULT_LIMIT
        : problems.whole("--limit", limit, { least: 1, most: LARGEST_LIMIT })
  }
  // Every value is what its name in DeliveryQuery asks for; those that are absent are left out.
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined)
  ) as DeliveryQuery
}

/** `webhook deliveries`: what was and is to be sent, the newest first; or one of them with every attempt. */
export const webhookDeliveries = ({
  args: [one],
  env,
  options
}: CommandInput<DeliveriesOptions>): CommandEffect =>
  Effect.gen(function* () {
    const problems = new Problems()
    const id = one === undefined ? undefined : idOf("delivery", "delivery", one, problems)
    const query = queryOf(options, problems)
    yield* problems.check
    return yield* id === undefined ? listed(query, { env, options }) : shown(id, { env, options })
  })

type Input = Pick<CommandInput, "env" | "options">

const listed = (query: DeliveryQuery, input: Input): CommandEffect =>
  onWebhooks(input, ({ deliveries }) =>
    Effect.gen(function* () {
      const found = yield* deliveries(query)
      yield* emit(found, ({ out }) =>
        table<WebhookDelivery>(
          [
            { title: "DELIVERY", text: ({ id }) => id },
            { title: "EVENT", text: ({ eventType }) => eventType },
            { title: "CAMPAIGN", text: ({ campaignId }) => campaignId ?? "" },
            {
              title: "STATUS",
              text: ({ status }) => status,
              style: ({ status }) => styleOf(status)
            },
            { title: "SENT", text: ({ attempts }) => `${attempts}×` },
            { title: "ANSWER", text: ({ lastStatus }) => lastStatus?.toString() ?? "" },
            { title: "WHAT CAME OF IT", text: outcomeText, gives: "words" }
          ],
          found,
          out
        )
      )
      if (found.length === 0) yield* hint("No delivery matches.")
      return ExitCode.done
    })
  )

const outcomeText = ({ attempts, detail, finishedAt, nextAttemptAt }: WebhookDelivery): string => {
  if (attempts === 0) return "It waits for its turn."
  const next =
    nextAttemptAt === null
      ? `Over at ${finishedAt ?? "?"}.`
      : `To be sent again at ${nextAttemptAt}.`
  return detail === null ? next : `${detail} ${next}`
}

const shown = (id: string, input: Input): CommandEffect =>
  onWebhooks(input, ({ delivery }) =>
    Effect.gen(function* () {
      const found = yield* delivery(id)
      yield* emit({ ...found.delivery, tries: found.attempts }, (terminal) =>
        lines(found.delivery, found.attempts, terminal)
      )
      return ExitCode.done
    })
  )

const lines = (
  delivery: WebhookDelivery,
  attempts: ReadonlyArray<DeliveryAttempt>,
  { out }: TerminalShape
): ReadonlyArray<string> => [
  `${out.paint("bold", delivery.id)}  ${delivery.eventType} of audit entry ${delivery.eventSequence}`,
  `  ${out.paint(styleOf(delivery.status), delivery.status)}  ${onOneLine(outcomeText(delivery))}`,
  `  to subscription ${delivery.subscriptionId} as message ${delivery.eventId}`,
  ...table(
    [
      { title: "TRY", text: ({ number }) => `${number}` },
      { title: "AT", text: ({ at }) => at },
      { title: "TOOK", text: ({ durationMs }) => durationText(durationMs) },
      { title: "ANSWER", text: ({ status }) => status?.toString() ?? "" },
      { title: "WHAT CAME OF IT", text: ({ detail }) => detail, gives: "words" }
    ],
    attempts,
    out
  )
]
