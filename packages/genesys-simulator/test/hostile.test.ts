import * as fc from "fast-check"
import { expect, it } from "vitest"
import { apiRoutes } from "../src/http/routes/routes.ts"
import { loginRoutes } from "../src/http/routes/tokens.ts"
import { tokenOf } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const RUNS = 400

const key = fc.oneof(
  fc.constantFrom(
    "id",
    "name",
    "queue",
    "version",
    "campaignStatus",
    "campaignstate",
    "filter",
    "metrics"
  ),
  fc.constantFrom(
    "predicates",
    "clauses",
    "pageSize",
    "filterType",
    "grant_type",
    "__proto__",
    "scope"
  ),
  fc.string({ maxLength: 6 })
)
const { value: body } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.dictionary(key, tie("value"), { maxKeys: 6 }),
    fc.array(tie("value"), { maxLength: 3 })
  )
}))

it(
  "answers whatever it is sent with an answer of its own, and never a 500",
  withSimulator({ ratePerMinute: null }, async (simulator) => {
    const token = await tokenOf(simulator, "platform")
    const ids = [...simulator.campaigns.map(({ id }) => id), "nope", "%2e%2e%2f", "__proto__"]
    const request = fc.record({
      route: fc.constantFrom(...apiRoutes, ...loginRoutes),
      id: fc.constantFrom(...ids),
      text: fc.oneof(
        body.map((value) => JSON.stringify(value)),
        fc.string()
      ),
      query: fc.dictionary(key, fc.string({ maxLength: 5 }), { maxKeys: 3 }),
      type: fc.constantFrom("application/json", "text/plain", "application/x-www-form-urlencoded"),
      ifMatch: fc.option(fc.constantFrom('"x"', "*", "W/"), { nil: undefined })
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ route, id, text, query, type, ifMatch }) => {
        const path = route.path.replace(/:[a-zA-Z]+/g, id)
        const url = `${simulator.apiUrl}${path}?${new URLSearchParams(query).toString()}`
        const answer = await fetch(url, {
          method: route.method,
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": type,
            ...(ifMatch === undefined ? {} : { "if-match": ifMatch })
          },
          ...(route.method === "GET" ? {} : { body: text })
        })
        await answer.text()
        expect(answer.status).toBeLessThan(500)
        expect(answer.headers.get("inin-correlation-id")).not.toBeNull()
      }),
      { numRuns: RUNS }
    )
    // It still lives, and its campaigns can still be shown.
    await simulator.control.advance(60)
    expect((await simulator.control.state()).campaigns).toHaveLength(simulator.campaigns.length)
  })
)
