// A single file to load for every command: finding files costs a start more than reading them.
import { Effect } from "effect"
import type { CommandEffect, CommandInput } from "../process/CommandInput.ts"
import { command as auditCheckpoint } from "./auditCheckpoint.ts"
import { command as auditExport } from "./auditExport.ts"
import { command as auditList } from "./auditList.ts"
import { command as auditShow } from "./auditShow.ts"
import { command as auditVerify } from "./auditVerify.ts"
import { command as change } from "./change.ts"
import { command as describe } from "./describe.ts"
import { command as explain } from "./explain.ts"
import { command as explainError } from "./explainError.ts"
import { command as get } from "./get.ts"
import { command as keyCreate } from "./keyCreate.ts"
import { command as keyList } from "./keyList.ts"
import { command as keyRevoke } from "./keyRevoke.ts"
import { command as webhookRegister } from "./webhookRegister.ts"
import { operationsCommands } from "../operations/later.ts"
import { webhookCommands } from "../webhooks/later.ts"

/** What runs a command. */
export { checkedOutput, execute, reportDefect } from "../process/execute.ts"

/** Looks at all that there is, which no other command needs to know how to look at. */
const doctor = (input: CommandInput): CommandEffect =>
  Effect.flatMap(
    Effect.promise(() => import("./doctor.ts")),
    ({ command }) => command(input)
  )

/** Every command that runs on the core. */
export const commands = {
  ...operationsCommands,
  ...webhookCommands,
  auditCheckpoint,
  auditExport,
  auditList,
  auditShow,
  auditVerify,
  change,
  describe,
  doctor,
  explain,
  explainError,
  get,
  keyCreate,
  keyList,
  keyRevoke,
  webhookRegister
}
