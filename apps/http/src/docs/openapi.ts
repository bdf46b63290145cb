import { type JsonSchema, Schema } from "effect"
import { scopePages } from "../callers/Scope.ts"
import { PROBLEM_TYPE, ProblemDocument } from "../problems/ProblemDocument.ts"
import { problemsOf } from "../routes/problemsOf.ts"
import type { Route, Success } from "../routes/Route.ts"

/** The version of the interface: it grows by addition, so that a client of this one goes on working. */
const API_VERSION = "1.0.0"

type Described = JsonSchema.JsonSchema

const DEFINITIONS = "#/$defs/"
const COMPONENTS = "#/components/schemas/"

/** Where OpenAPI keeps what JSON Schema calls definitions. */
const relocated = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(relocated)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string"
        ? member.replace(DEFINITIONS, COMPONENTS)
        : relocated(member)
    ])
  )
}

/** Collects the named schemas that the operations refer to. */
class Components {
  readonly schemas: Record<string, unknown> = {}

  describe(schema: Schema.Constraint, onExcessProperty: "ignore" | "error" = "ignore"): Described {
    const { definitions, schema: described } = Schema.toJsonSchemaDocument(schema, {
      onExcessProperty
    })
    for (const [name, definition] of Object.entries(definitions))
      this.schemas[name] = relocated(definition)
    return relocated(described) as Described // relocation keeps the shape
  }
}

const required = (described: Described): ReadonlyArray<unknown> =>
  Array.isArray(described["required"]) ? described["required"] : []

const parametersOf = (
  components: Components,
  schema: Schema.Constraint,
  where: "path" | "query"
) => {
  const described = components.describe(schema)
  const properties = (described["properties"] ?? {}) as Readonly<Record<string, Described>> // JSON Schema's own form
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: where,
    required: where === "path" || required(described).includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property
  }))
}

const text = { schema: { type: "string" } }

const successOf = (components: Components, success: Success) => ({
  description: success.description,
  headers: {
    "X-Request-Id": {
      description: "The request's id, the caller's own where it sent one.",
      ...text
    },
    ...Object.fromEntries(
      Object.entries(success.headers ?? {}).map(([name, description]) => [
        name,
        { description, ...text }
      ])
    )
  },
  content: Object.fromEntries(
    Object.entries(success.mediaTypes).map(([type, schema]) => [
      type,
      { schema: components.describe(schema) }
    ])
  )
})

const operationOf = (components: Components, route: Route) => ({
  operationId: route.operationId,
  summary: route.summary,
  ...(route.scope === "public"
    ? { security: [] }
    : {
        description: `Needs the scope \`${route.scope}\`.`,
        security: [{ bearer: [] }]
      }),
  parameters: [
    ...parametersOf(components, route.params, "path"),
    ...parametersOf(components, route.query, "query"),
    ...route.headers.map(({ description, name, pattern }) => ({
      name,
      in: "header",
      description,
      schema: { type: "string", ...(pattern === undefined ? {} : { pattern }) }
    }))
  ],
  ...(route.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: { "application/json": { schema: components.describe(route.body, "error") } }
        }
      }),
  responses: {
    ...Object.fromEntries(
      [route.success, ...(route.otherSuccesses ?? [])].map((success) => [
        String(success.status ?? 200),
        successOf(components, success)
      ])
    ),
    ...Object.fromEntries(
      [...problemsOf(route)].map(([status, codes]) => [
        String(status),
        {
          description: codes.join(", "),
          content: { [PROBLEM_TYPE]: { schema: components.describe(ProblemDocument) } }
        }
      ])
    )
  }
})

/** The description of the service (OpenAPI 3.1), from the very schemas that validate. */
export const openApiOf = (routes: ReadonlyArray<Route>, base: string): object => {
  const components = new Components()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes)
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(components, route)
    }
  const scopes = Object.entries(scopePages).map(([scope, allows]) => `- \`${scope}\`: ${allows}`)
  return {
    openapi: "3.1.0",
    info: {
      title: "campaignctl",
      version: API_VERSION,
      summary: "Change the execution state of Genesys Cloud outbound campaigns safely.",
      license: { name: "MIT", identifier: "MIT" }
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: base === "" ? "/" : base }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: [
            "An API key, or a token of the configured issuer. Scopes:",
            "",
            ...scopes
          ].join("\n")
        }
      }
    }
  }
}
