import { spawn } from "node:child_process"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { BudgetClass, CampaignId, NamedRequest, SupervisionPolicy } from "@campaignctl/core"
import type { SimulatorReady } from "@campaignctl/genesys-simulator"
import { inject } from "vitest"
import type { Operation, OperationId, ScheduleDraft, Submission } from "../../src/index.ts"

/** What a member of a cluster is, for as long as it lives. */
export interface MemberTask {
  /** Of the PostgreSQL database that all share. */
  readonly url: string
  /** Where the others reach it. */
  readonly port: number
  readonly simulator: SimulatorReady
  /** How whichever member owns the guard supervises; null where nobody does. */
  readonly guard: SupervisionPolicy | null
}

/** What a member is told to do. */
export type MemberCommand =
  | { readonly _tag: "Submit"; readonly submission: Submission }
  | { readonly _tag: "Show"; readonly id: OperationId }
  | { readonly _tag: "Change"; readonly request: NamedRequest }
  | { readonly _tag: "Schedule"; readonly draft: ScheduleDraft; readonly requestedBy: string }
  /** Removes all schedules, and waits until no operation is carried on any more. */
  | { readonly _tag: "Unschedule" }
  /** Reads a campaign over and over, so many times at once, for as long as it lives. */
  | {
      readonly _tag: "Load"
      readonly budgetClass: BudgetClass
      readonly campaignId: CampaignId
      readonly atOnce: number
    }

/** What a member says. */
export type MemberSays =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Over"; readonly operation: Operation }
  | { readonly _tag: "Shown"; readonly operation: Operation }
  | { readonly _tag: "Changed"; readonly requestId: string; readonly result: string }
  | { readonly _tag: "Scheduled"; readonly name: string }
  | { readonly _tag: "Unscheduled" }
  | { readonly _tag: "Failed"; readonly message: string }

type Said<T extends MemberSays["_tag"]> = Extract<MemberSays, { readonly _tag: T }>

const PROGRAM = fileURLToPath(new URL("../programs/member.ts", import.meta.url))

/** Compiled code that the members share, so that each start is short. */
const cache = join(tmpdir(), "campaignctl-compiled")

/** A member in a process of its own. */
export const startMember = (task: MemberTask) => {
  const child = spawn(process.execPath, [inject("programs")[PROGRAM] ?? PROGRAM], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: cache }
  })
  // Written to after it was killed: what it was told is lost, which is what the test is about.
  child.stdin.on("error", () => undefined)
  child.stdin.write(`${JSON.stringify(task)}\n`)
  const closed = once(child, "close")
  const said: Array<MemberSays> = []
  const listeners = new Set<() => void>()
  createInterface(child.stdout).on("line", (line) => {
    // Whatever else is printed is a log line, which a person reads where a test fails.
    if (line.startsWith("{")) {
      const message: MemberSays = JSON.parse(line)
      if (message._tag === "Failed") process.stderr.write(`${line}\n`)
      said.push(message)
    } else process.stderr.write(`${line}\n`)
    for (const listener of listeners) listener()
  })
  const all = <T extends MemberSays["_tag"]>(tag: T): ReadonlyArray<Said<T>> =>
    said.filter((one): one is Said<T> => one._tag === tag)
  return {
    all,
    tell: (command: MemberCommand) => void child.stdin.write(`${JSON.stringify(command)}\n`),
    /** Waits until it has said such a thing; undefined where it ended without. */
    says: async <T extends MemberSays["_tag"]>(
      tag: T,
      such: (message: Said<T>) => boolean = () => true
    ): Promise<Said<T> | undefined> => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => {
        if (all(tag).some(such)) resolve()
      }
      listeners.add(look)
      look()
      await Promise.race([promise, closed])
      listeners.delete(look)
      return all(tag).findLast(such)
    },
    /** Lets it end what is under way. */
    end: async (): Promise<void> => {
      child.stdin.end()
      await closed
    },
    kill: async (): Promise<void> => {
      child.kill("SIGKILL")
      await closed
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await closed
    }
  }
}

export type StartedMember = ReturnType<typeof startMember>
