import type { ControlClient } from "@campaignctl/genesys-simulator"
import type { ExitCode } from "../exit/ExitCode.ts"

/** One command of the demonstration and what happens around it. */
export interface Step {
  readonly heading: string
  /** What a person would type after `campaignctl`. */
  readonly words: ReadonlyArray<string>
  /** What a person would write before the command, for this command alone. */
  readonly env?: Readonly<Record<string, string>>
  /** What happens at Genesys before the command is given. */
  readonly before?: (control: ControlClient) => Promise<unknown>
  /** What is looked at once the command has ended, to be printed. */
  readonly after?: (control: ControlClient) => Promise<string>
  readonly expected: ExitCode
}
