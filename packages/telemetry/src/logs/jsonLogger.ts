import { Context, Formatter, type Layer, Logger, Tracer } from "effect"

/** Takes one line, without its line break. */
export type WriteLine = (line: string) => void

const toStderr: WriteLine = (line) => {
  process.stderr.write(`${line}\n`)
}

/**
 * Logs as JSON, one object on one line: `timestamp`, `level`, `message`, what was annotated, and
 * `traceId` and `spanId` where the line was written within a span.
 *
 * Replaces the loggers that are there, and with them the one that copies log lines into spans.
 */
export const jsonLogs = (write: WriteLine = toStderr): Layer.Layer<never> =>
  Logger.layer([
    Logger.make<unknown, void>((options) => {
      const { annotations, cause, level, message, timestamp } = Logger.formatStructured.log(options)
      const span = Context.getOrUndefined(options.fiber.context, Tracer.ParentSpan)
      write(
        Formatter.formatJson({
          ...annotations,
          timestamp,
          level: level.toLowerCase(),
          message,
          ...(span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId }),
          ...(cause === undefined ? {} : { cause })
        })
      )
    })
  ])
