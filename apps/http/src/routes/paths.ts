import type { Route } from "./Route.ts"
import { routes } from "./routes.ts"

/** The path as Hono writes it. */
export const honoPath = ({ path }: Route): string => path.replaceAll(/\{(\w+)\}/g, ":$1")

const PATHS = routes.map(({ method, path }) => ({
  method,
  form: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`)
}))

/** The methods of the routes that a path leads to. */
export const methodsOf = (path: string): ReadonlyArray<string> => {
  const found = new Set(PATHS.flatMap(({ form, method }) => (form.test(path) ? [method] : [])))
  return found.has("GET")
    ? ["GET", "HEAD", ...[...found].filter((method) => method !== "GET")]
    : [...found]
}
