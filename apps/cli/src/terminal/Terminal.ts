import { Context } from "effect"
import type { styleText } from "node:util"

export type Style = Parameters<typeof styleText>[0]

/** Where one of the two streams leads, and what it can show. */
export interface Channel {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** Characters in a line; infinite where nobody reads it in a window. */
  readonly columns: number
  /** The text in a colour where the channel shows colours, as it is elsewhere. */
  readonly paint: (style: Style, text: string) => string
}

export type OutputFormat = "table" | "json" | "yaml"

/** What a command writes to: results on `out`, everything else on `err`. */
export interface TerminalShape {
  readonly out: Channel
  readonly err: Channel
  readonly format: OutputFormat
  /** No progress and no hints; errors and warnings are still said. */
  readonly quiet: boolean
  /** Whether the reader of `out` has gone, so that writing more is of no use. */
  readonly isClosed: () => boolean
  /** Asks a person on the terminal; undefined where there is none to ask. */
  readonly ask: ((question: string) => Promise<string>) | undefined
}

export class Terminal extends Context.Service<Terminal, TerminalShape>()("campaignctl/Terminal") {}
