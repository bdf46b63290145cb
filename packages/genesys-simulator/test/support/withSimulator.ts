import { startSimulator } from "../../src/index.ts"
import type { Simulator, SimulatorOptions } from "../../src/index.ts"

/** A simulator for one test, on a world that stands still until it is advanced. */
export const withSimulator =
  (options: SimulatorOptions, use: (simulator: Simulator) => Promise<void>) =>
  async (): Promise<void> => {
    const simulator = await startSimulator({ clock: { mode: "manual" }, ...options })
    try {
      await use(simulator)
    } finally {
      await simulator.close()
    }
  }
