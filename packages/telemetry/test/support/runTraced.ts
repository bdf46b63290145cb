import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Done, Orders } from "../programs/traced.ts"
import type { SimulatorProcess } from "./simulatorProcess.ts"

const PROGRAM = fileURLToPath(new URL("../programs/traced.ts", import.meta.url))
const RECORDER = new URL("../programs/recordModules.ts", import.meta.url).href
/** Milliseconds: several times what the longest run takes, so that a hang is told from slowness. */
const PATIENCE_MS = 50_000

const run = promisify(execFile)

const { NODE_COMPILE_CACHE = "", PATH = "" } = process.env
/** All that a program has of this process's environment. */
const KEPT = { NODE_COMPILE_CACHE, PATH }

/** Runs the traced program in a process of its own, against a simulator in another. */
export const runTraced = async (
  { campaign, ready }: SimulatorProcess,
  work: Orders["work"],
  env: Readonly<Record<string, string>>,
  traceparent?: string
): Promise<Done & { readonly stderr: string }> => {
  const folder = mkdtempSync(join(tmpdir(), "traced-"))
  try {
    const orders: Orders = {
      work,
      apiUrl: ready.apiUrl,
      loginUrl: ready.loginUrl,
      clientId: ready.clientId,
      clientSecret: ready.clientSecret,
      ledger: join(folder, "ledger.db"),
      idle: campaign("Winback Lapsed Customers"),
      running: campaign("Spring Renewals UK"),
      unstaffed: campaign("Night Shift Follow-up"),
      ...(traceparent === undefined ? {} : { traceparent })
    }
    const { stderr, stdout } = await run(
      process.execPath,
      ["--import", RECORDER, PROGRAM, JSON.stringify(orders)],
      { env: { ...KEPT, ...env }, timeout: PATIENCE_MS }
    )
    return { ...(JSON.parse(stdout) as Done), stderr }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
