/**
 * Ends the processes that tests started together with the process that runs the tests. A test that
 * times out leaves its own running; they hold the output that the run waits for, which then never ends.
 */
import type { ChildProcess } from "node:child_process"
import { subscribe } from "node:diagnostics_channel"

/** What Node tells of a process that is started. Source: node:diagnostics_channel, "Child Process". */
interface Started {
  readonly process: ChildProcess
  readonly options: { readonly detached?: boolean }
}

const watchChildren = (): void => {
  const children = new Set<ChildProcess>()

  subscribe("tracing:child_process.spawn:start", (message) => {
    const { options, process: child } = message as Started // as the source says
    // One that is to outlive this process, such as the guardian of a database, sees to its own end.
    if (options.detached === true) return
    children.add(child)
    child.once("exit", () => children.delete(child))
  })

  process.once("SIGTERM", () => {
    // Even one that is frozen, or that waits for something else before it ends.
    for (const child of children) child.kill("SIGKILL")
    process.kill(process.pid, "SIGTERM")
  })
}

// This file is run before every test file, and a process runs several of those.
const WATCHED = Symbol.for("campaignctl.tests.children")
if (!Object.hasOwn(process, WATCHED)) {
  Object.defineProperty(process, WATCHED, { value: true })
  watchChildren()
}
