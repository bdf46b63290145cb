import { simulatorProcess as start } from "@campaignctl/genesys-simulator/test-process"

/** Looked for in everything that is exported or printed. */
export const CANARY_SECRET = "canary-0c95-client-secret"

/** A simulator in a process of its own. */
export const simulatorProcess = () =>
  start("--client-secret", CANARY_SECRET, "--call-seconds", "0.1-0.3")

export type SimulatorProcess = Awaited<ReturnType<typeof simulatorProcess>>
