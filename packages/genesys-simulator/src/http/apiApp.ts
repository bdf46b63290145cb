import { Hono } from "hono"
import type { HttpBindings } from "@hono/node-server"
import type { SimulatorState } from "../SimulatorState.ts"
import { serveRequest } from "./Pipeline.ts"
import type { Route } from "./Route.ts"

/** The HTTP face of the API: a table of routes, each behind the same pipeline. */
export const makeApiApp = (
  state: SimulatorState,
  routes: ReadonlyArray<Route>
): Hono<{ Bindings: HttpBindings }> => {
  const app = new Hono<{ Bindings: HttpBindings }>()
  for (const route of routes)
    app.on(route.method, route.path, (context) => serveRequest(state, route, context))
  app.notFound((context) => serveRequest(state, undefined, context))
  return app
}
