import type { OutputFormat } from "../terminal/Terminal.ts"

export const OUTPUT_FORMATS: ReadonlyArray<OutputFormat> = ["table", "json", "yaml"]

const isOutputFormat = (word: string | undefined): word is OutputFormat =>
  OUTPUT_FORMATS.some((format) => format === word)

const JOINED = /^(?:--output=|-o=?)(.+)$/

/** The format that a command line asks for, even one that cannot be understood otherwise. */
export const formatAskedFor = (argv: ReadonlyArray<string>): OutputFormat => {
  const words = argv.flatMap((word, index) =>
    word === "-o" || word === "--output" ? (argv[index + 1] ?? []) : (JOINED.exec(word)?.[1] ?? [])
  )
  const last = words.at(-1)
  return isOutputFormat(last) ? last : "table"
}
