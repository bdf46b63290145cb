import { shownReceiver, type Subscription } from "@campaignctl/webhooks"
import { Effect } from "effect"
import { durationText } from "../../arguments/duration.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit, hint } from "../../render/emit.ts"
import { onOneLine } from "../../render/onOneLine.ts"
import { table } from "../../render/table.ts"
import { subscriptionIdOf } from "../ids.ts"
import { onWebhooks } from "../onWebhooks.ts"
import { aboutText, eventsText, statusOf, statusText, styleOf } from "../words.ts"

/** `webhook list`: who is told, the oldest first. */
export const webhookList = ({ env, options }: CommandInput): CommandEffect =>
  onWebhooks({ env, options }, ({ list }) =>
    Effect.gen(function* () {
      const found = yield* list({})
      yield* emit(found, ({ out }) =>
        table<Subscription>(
          [
            { title: "ID", text: ({ id }) => id },
            { title: "STATUS", text: statusOf, style: (row) => styleOf(statusOf(row)) },
            { title: "EVENTS", text: eventsText },
            { title: "ABOUT", text: aboutText },
            { title: "KEPT BY", text: ({ createdBy, managedBy }) => managedBy ?? createdBy },
            { title: "RECEIVER", text: ({ url }) => shownReceiver(url), gives: "end" }
          ],
          found,
          out
        )
      )
      if (found.length === 0) yield* hint("There is no webhook subscription.")
      return ExitCode.done
    })
  )

const secretText = ({ createdAt, retiresAt }: Subscription["secrets"][number]): string =>
  retiresAt === null ? `made ${createdAt}` : `made ${createdAt}, used until ${retiresAt}`

/** `webhook show`: one subscription, with why nothing is sent where that is so. */
export const webhookShow = ({ args, env, options }: CommandInput): CommandEffect =>
  Effect.flatMap(subscriptionIdOf(args), (id) =>
    onWebhooks({ env, options }, ({ get }) =>
      Effect.gen(function* () {
        const subscription = yield* get(id)
        const { createdAt, createdBy, description, managedBy, retryForMs, secrets, url } =
          subscription
        yield* emit(subscription, ({ out }) => [
          `${out.paint("bold", subscription.id)}${description === null ? "" : `  ${onOneLine(description)}`}`,
          `  receiver  ${onOneLine(url)}`,
          `  status    ${out.paint(styleOf(statusOf(subscription)), statusText(subscription))}`,
          `  events    ${eventsText(subscription)}`,
          `  about     ${aboutText(subscription)}`,
          `  retries   for ${durationText(retryForMs)}`,
          ...secrets.map((secret) => `  secret    ${secretText(secret)}`),
          `  added     ${createdAt} by ${onOneLine(createdBy)}${managedBy === null ? "" : `, kept by ${onOneLine(managedBy)}`}`
        ])
        return ExitCode.done
      })
    )
  )

const turning =
  (enabled: boolean, sentence: string) =>
  ({ args, env, options }: CommandInput): CommandEffect =>
    Effect.flatMap(subscriptionIdOf(args), (id) =>
      onWebhooks({ env, options }, ({ update }) =>
        Effect.gen(function* () {
          const turned = yield* update(id, { enabled })
          yield* emit(turned, ({ out }) => [
            `${out.paint("green", "✓")} Subscription ${turned.id} is ${sentence}`
          ])
          return ExitCode.done
        })
      )
    )

/** `webhook enable`: it is told again. */
export const webhookEnable = turning(
  true,
  "enabled: it is told of what happens from now on, and of what waited when it was disabled."
)

/** `webhook disable`: it is told of nothing, until it is enabled. */
export const webhookDisable = turning(
  false,
  "disabled: nothing is sent to it, and nothing that happens is kept for it."
)
