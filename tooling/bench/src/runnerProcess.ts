import { fork } from "node:child_process"
import { once } from "node:events"
import type { RunnerAnswer, RunnerOrder, RunnerTask } from "./runnerTask.ts"

const WORKER = new URL("./runnerWorker.ts", import.meta.url)

/** A runner in a process of its own, started when this returns. */
export const runnerProcess = async (task: RunnerTask) => {
  const child = fork(WORKER, [JSON.stringify(task)])
  const exit = once(child, "exit")
  const hear = async <T extends RunnerAnswer["_tag"]>(tag: T) => {
    const [said] = (await Promise.race([once(child, "message"), exit.then(() => [undefined])])) as [
      RunnerAnswer | undefined
    ] // what the worker sends
    if (said?._tag !== tag) throw new Error(`the runner said ${JSON.stringify(said)}`)
    return said as Extract<RunnerAnswer, { readonly _tag: T }> // its tag is `tag`
  }
  const ask = <T extends RunnerAnswer["_tag"]>(order: RunnerOrder, tag: T) => {
    const heard = hear(tag)
    child.send(order)
    return heard
  }
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL")
    await exit
  }
  await hear("Ready").catch(async (cause: unknown) => {
    await kill()
    throw cause
  })
  return {
    submit: async (order: Omit<Extract<RunnerOrder, { readonly _tag: "Submit" }>, "_tag">) =>
      (await ask({ _tag: "Submit", ...order }, "Submitted")).operations,
    state: async () => (await ask({ _tag: "Show" }, "Shown")).state,
    kill,
    [Symbol.asyncDispose]: kill
  }
}

export type RunnerProcess = Awaited<ReturnType<typeof runnerProcess>>
