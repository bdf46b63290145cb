import { Effect, Schema } from "effect"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { problemPages } from "../problems/statusOf.ts"
import type { Answer } from "../routes/Answer.ts"
import { ignored, noBody, none, type Route, route } from "../routes/Route.ts"
import { DOCS_POLICY, docsPage, PAGE_POLICY } from "./docsPage.ts"
import { openApiOf } from "./openapi.ts"
import { problemPage, problemsPage } from "./problemPage.ts"

const html = (body: string, policy: string = PAGE_POLICY): Answer => ({
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy },
  body
})

const PAGE = { description: "The page.", mediaTypes: { "text/html": Schema.String } }

const shared = {
  method: "GET",
  scope: "public",
  params: none,
  query: ignored,
  body: noBody,
  problems: []
} as const

/** The routes that describe the others, and themselves. */
export const docsRoutes = (others: ReadonlyArray<Route>): ReadonlyArray<Route> => {
  const texts = new Map<string, string>()
  const described = (base: string): string => {
    const text = texts.get(base) ?? JSON.stringify(openApiOf([...others, ...own], base))
    texts.set(base, text)
    return text
  }
  const own: ReadonlyArray<Route> = [
    route({
      ...shared,
      path: "/openapi.json",
      operationId: "openapi",
      summary: "The description of the service.",
      success: {
        description: "An OpenAPI 3.1 document.",
        mediaTypes: { "application/json": Schema.Record(Schema.String, Schema.Unknown) }
      },
      run: (_, { deployment }) =>
        Effect.succeed({
          status: 200,
          headers: { "content-type": "application/json" },
          body: described(deployment.base)
        })
    }),
    route({
      ...shared,
      path: "/docs",
      operationId: "docs",
      summary: "A page to read and try the service.",
      success: PAGE,
      run: (_, { deployment }) => Effect.succeed(html(docsPage(deployment.base), DOCS_POLICY))
    }),
    route({
      ...shared,
      path: "/docs/problems",
      operationId: "problems",
      summary: "Every problem that the service may answer.",
      success: PAGE,
      run: (_, { deployment }) => Effect.succeed(html(problemsPage(deployment.base)))
    }),
    route({
      ...shared,
      path: "/docs/problems/{code}",
      operationId: "problem",
      summary: "What a problem means, and what to do.",
      params: Schema.Struct({ code: Schema.String }),
      success: PAGE,
      problems: ["ROUTE_NOT_FOUND"],
      run: ({ params }, { deployment }) => {
        const found = problemPages.get(params.code)
        return found === undefined
          ? Effect.fail(new HttpProblem({ code: "ROUTE_NOT_FOUND" }))
          : Effect.succeed(html(problemPage(deployment.base, found)))
      }
    })
  ]
  return own
}
