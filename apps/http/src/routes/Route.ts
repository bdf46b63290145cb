import { expectedText, RequestInvalid, type TransitionPorts } from "@campaignctl/core"
import { Cause, Effect, Exit, type JsonSchema, Option, Schema, SchemaIssue } from "effect"
import type { Caller } from "../callers/Caller.ts"
import type { Scope } from "../callers/Scope.ts"
import type { Idempotency } from "../idempotency/Idempotency.ts"
import type { Readiness } from "../health/Readiness.ts"
import type { RequestFault } from "../problems/ProblemDocument.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import type { Answer } from "./Answer.ts"
import type { Deployment } from "./Deployment.ts"

/** What every route may use. */
export type RouteServices = TransitionPorts | Idempotency | Readiness

/** A request that has got past the door. */
export interface Incoming {
  readonly caller: Caller
  readonly requestId: string
  /** As it was sent: HEAD where a route takes GET. */
  readonly method: string
  /** Made when it is first asked for, where the caller has sent none. */
  readonly traceId: string | null
  readonly header: (name: string) => string | undefined
  readonly deployment: Deployment
}

/** The parts of a request as they came, before any schema has seen them. */
export interface RawParts {
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What a route answers when it goes well, for the description. */
export interface Success {
  readonly description: string
  readonly mediaTypes: Readonly<Record<string, Schema.Constraint>>
  readonly headers?: Readonly<Record<string, string>>
  readonly status?: number
}

/** A header that a route reads, for the description. */
export interface HeaderPage {
  readonly name: string
  readonly description: string
  readonly pattern?: string
}

/** One line of the route table: drives the routing, the description, the authorisation and the tests. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  /** With `{name}` for each parameter. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  /** The scope that a caller needs; public routes ask for no caller at all. */
  readonly scope: Scope | "public"
  readonly params: Schema.Constraint
  readonly query: Schema.Constraint
  readonly body?: Schema.Constraint
  readonly headers: ReadonlyArray<HeaderPage>
  readonly success: Success
  /** What else it answers when it goes well, under other statuses. */
  readonly otherSuccesses?: ReadonlyArray<Success>
  /** Codes of the problems that this route may answer beyond those that all may. */
  readonly problems: ReadonlyArray<string>
  /** Whether the work goes on when the caller hangs up. */
  readonly runsToTheEnd: boolean
  /** Whether it is for the day on which the database cannot be used: it then does with callers that were seen lately. */
  readonly withoutDatabase: boolean
  readonly handle: (
    raw: RawParts,
    incoming: Incoming
  ) => Effect.Effect<Answer, ServiceError, RouteServices>
}

type Decoder<A> = Schema.Decoder<A> & Schema.Constraint

interface RouteOptions<P, Q, B> extends Omit<
  Route,
  "params" | "query" | "body" | "headers" | "handle" | "runsToTheEnd" | "withoutDatabase"
> {
  readonly params: Decoder<P>
  readonly query: Decoder<Q>
  readonly body: Decoder<B>
  readonly headers?: ReadonlyArray<HeaderPage>
  readonly runsToTheEnd?: boolean
  readonly withoutDatabase?: boolean
  readonly run: (
    parts: {
      readonly params: NoInfer<P>
      readonly query: NoInfer<Q>
      readonly body: NoInfer<B>
    },
    incoming: Incoming
  ) => Effect.Effect<Answer, ServiceError, RouteServices>
}

/**
 * For a route without parameters in its path, or without any in its query. One that is sent all the
 * same is refused: `?dryRun=true` must not make the change that it was to try.
 */
export const none = Schema.Record(Schema.String, Schema.Never)
/** For a page, or a probe, that answers the same whatever stands in its query. */
export const ignored = Schema.Struct({})
/** For a route that takes no body. */
export const noBody = Schema.Undefined

/** Makes a line of the table: from here on, `run` sees only what its schemas have accepted. */
export const route = <P, Q, B>(options: RouteOptions<P, Q, B>): Route => {
  const { body, run, ...rest } = options
  const { params, query } = options
  const takesBody = (body as Schema.Constraint) !== noBody // only which schema it is matters
  const numbers = numbersOf(query)
  const decoders = {
    params: decoderOf(params, "path"),
    query: decoderOf(query, "query"),
    body: decoderOf(body, "body")
  }
  return {
    ...rest,
    headers: options.headers ?? [],
    runsToTheEnd: options.runsToTheEnd ?? false,
    withoutDatabase: options.withoutDatabase ?? false,
    ...(takesBody ? { body } : {}),
    handle: (raw, incoming) => {
      const faults: Array<RequestFault> = []
      const parts = {
        params: decoders.params(raw.path, faults),
        query: decoders.query(numbered(raw.query, numbers), faults),
        body: decoders.body(raw.body, faults)
      }
      if (faults.length > 0) return Effect.fail(malformed(faults))
      // Without faults every part is what its schema gives.
      return run(parts as { params: P; query: Q; body: B }, incoming)
    }
  }
}

/** Faults that are told in one problem: no client is helped by more. */
const MOST_FAULTS = 20

/** A request that is not well formed, with everything that is wrong with it. */
export const malformed = (faults: ReadonlyArray<RequestFault>): RequestInvalid =>
  new RequestInvalid({
    problems: faults.slice(0, MOST_FAULTS).map((fault) => ({ ...fault, found: "something else" }))
  })

const format = SchemaIssue.makeFormatterStandardSchemaV1()
/** Longest name of a place that is repeated, in characters: a caller may send any name at all. */
const LONGEST_PLACE = 80

/** What satisfies the schemas of parts that most routes do not have, told without a parser. */
const NOTHING: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map<
  unknown,
  (value: unknown) => boolean
>([
  [none, (value) => typeof value === "object" && value !== null && Object.keys(value).length === 0],
  [noBody, (value) => value === undefined]
])

/** What decodes one part of a request, and adds what is wrong with it to the faults. */
const decoderOf = <A>(schema: Decoder<A>, where: string) => {
  const nothing = NOTHING.get(schema)
  const decode = Schema.decodeUnknownExit(schema, { errors: "all", onExcessProperty: "error" })
  return (value: unknown, faults: Array<RequestFault>): A | undefined => {
    // What is nothing is just what the schema gives.
    if (nothing?.(value) === true) return value as A
    const exit = decode(value)
    if (Exit.isSuccess(exit)) return exit.value
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    faults.push(
      ...(error === undefined
        ? [{ key: where, expected: "a value that can be read" }]
        : format(error.issue).issues.map(({ message, path = [] }) => ({
            key: [where, ...path.map(String)]
              .join(".")
              .replace(/[^\x20-\x7e]/g, "?")
              .slice(0, LONGEST_PLACE),
            expected: expectedText(message)
          })))
    )
    return undefined
  }
}

const NUMBER = /^-?\d{1,15}$/

/** The parameters that the schema wants as whole numbers. */
const numbersOf = (schema: Schema.Constraint): ReadonlySet<string> => {
  const described: JsonSchema.JsonSchema = Schema.toJsonSchemaDocument(schema).schema
  const properties = (described["properties"] ?? {}) as Readonly<
    Record<string, { readonly type?: unknown }>
  > // JSON Schema's own form
  return new Set(
    Object.entries(properties).flatMap(([name, { type }]) => (type === "integer" ? [name] : []))
  )
}

/** A query is text; what should be a number and looks like one becomes one. */
const numbered = (
  query: Readonly<Record<string, string>>,
  numbers: ReadonlySet<string>
): Readonly<Record<string, unknown>> => {
  if (numbers.size === 0) return query
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => [
      name,
      numbers.has(name) && NUMBER.test(text) ? Number(text) : text
    ])
  )
}
