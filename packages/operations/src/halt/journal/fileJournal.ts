import { mkdir, open } from "node:fs/promises"
import { join } from "node:path"
import { AuditUnavailable } from "@campaignctl/core"
import { Effect, Layer, Schema, Semaphore } from "effect"
import { Journal, JournalLine } from "./Journal.ts"

/** The ending of a journal that was not taken over yet. */
export const JOURNAL_ENDING = ".journal.ndjson"
/** The file is its user's alone: it tells who stopped what. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

const encode = Schema.encodeSync(Schema.fromJsonString(JournalLine))

/** Opened for each line: whoever takes a file over by renaming it ends it, and the next line begins another. */
const appendDurably = async (directory: string, file: string, text: string): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE })
  const handle = await open(join(directory, file), "a", FILE_MODE)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A journal in a directory, one file for each process, flushed to the disk line by line. */
export const fileJournal = (directory: string): Layer.Layer<never> =>
  Layer.effect(
    Journal,
    Effect.gen(function* () {
      const oneAtATime = yield* Semaphore.make(1)
      const file = `${process.pid}${JOURNAL_ENDING}`
      return {
        append: (line) =>
          Effect.tryPromise({
            try: () => appendDurably(directory, file, `${encode(line)}\n`),
            catch: (cause) =>
              new AuditUnavailable({
                detail: `The emergency journal in ${directory} cannot be written: ${String(cause)}.`,
                changeMayHaveHappened: false
              })
          }).pipe((writing) => oneAtATime.withPermit(writing))
      }
    })
  )
