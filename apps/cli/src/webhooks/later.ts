import { Effect } from "effect"
import type * as all from "./all.ts"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"

type All = typeof all

/** A command whose module is loaded when it is asked for. */
const later =
  <Options>(pick: (all: All) => (input: CommandInput<Options>) => CommandEffect) =>
  (input: CommandInput<Options>): CommandEffect =>
    Effect.flatMap(
      Effect.promise(() => import("./all.ts")),
      (all) => pick(all)(input)
    )

/** Commands on webhooks to other systems. */
export const webhookCommands = {
  webhookAdd: later(({ webhookAdd }) => webhookAdd),
  webhookDeliveries: later(({ webhookDeliveries }) => webhookDeliveries),
  webhookDisable: later(({ webhookDisable }) => webhookDisable),
  webhookEnable: later(({ webhookEnable }) => webhookEnable),
  webhookList: later(({ webhookList }) => webhookList),
  webhookRedeliver: later(({ webhookRedeliver }) => webhookRedeliver),
  webhookRemove: later(({ webhookRemove }) => webhookRemove),
  webhookRotateSecret: later(({ webhookRotateSecret }) => webhookRotateSecret),
  webhookShow: later(({ webhookShow }) => webhookShow),
  webhookTest: later(({ webhookTest }) => webhookTest)
}
