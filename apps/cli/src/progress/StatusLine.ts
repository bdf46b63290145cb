import type { Channel } from "../terminal/Terminal.ts"
import { shortened } from "../render/textWidth.ts"

/** Back to the first column, and clear the line. */
const ERASE = "\r\u001B[2K"

/** One line at the foot of a terminal that changes in place, and lines above it that stay. */
export class StatusLine {
  readonly #channel: Channel
  #shown = false

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** Shows the text in place of what was there. */
  show(text: string): void {
    const fitting = shortened(text, this.#channel.columns - 1)
    this.#channel.write(`${ERASE}${this.#channel.paint("cyan", fitting)}`)
    this.#shown = true
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#channel.write(ERASE)
    this.#shown = false
  }

  /** Writes a line that stays. */
  say(text: string): void {
    this.clear()
    this.#channel.write(`${text}\n`)
  }
}
