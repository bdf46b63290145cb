import type { Adders } from "./Adder.ts"
import { addCommand } from "./addCommand.ts"

/** Commands around campaigns: diagnosis, errors, the simulator, the demonstration. */
export const systemCommands: Adders = {
  doctor: (program, starter) => {
    addCommand(
      program,
      "doctor",
      "Look at configuration, token, clock, permissions, limits and ledger",
      []
    ).action((options: object) => starter.start(({ doctor }) => doctor, [], options))
  },
  "explain-error": (program, starter) => {
    addCommand(program, "explain-error", "Say what an error code means and what to do", [], {
      contract: false
    })
      .argument("[code]", "such as TRANSITION_REJECTED; all codes when none is given")
      .action((code: string | undefined, options: object) =>
        starter.start(({ explainError }) => explainError, code === undefined ? [] : [code], options)
      )
  },
  simulator: (program, starter) => {
    program
      .command("simulator")
      .description("Run a local Genesys Cloud; campaignctl simulator --help lists its options")
      .helpOption(false)
      .allowUnknownOption()
      .argument("[options...]")
      .action((words: ReadonlyArray<string>) =>
        starter.hand(async () => {
          const { runSimulatorProgram } = await import("@campaignctl/genesys-simulator")
          return runSimulatorProgram(words)
        })
      )
  },
  demo: (program, starter) => {
    program
      .command("demo")
      .description(
        "Show the main job end to end against a local simulator; takes a quarter of a minute"
      )
      .helpOption("-h, --help", "show this help")
      .option("--trace", "print the trace of a start with a conflict and a rate limit as a tree")
      .action(({ trace = false }: { readonly trace?: boolean }) =>
        starter.hand(async () =>
          (await import("../demo/demo.ts")).demo(starter.launcher, { trace })
        )
      )
  }
}
