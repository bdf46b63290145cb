import type { Exit, Fiber } from "effect"
import type { Route } from "./Route.ts"

/** Whoever hangs up waits for nothing. */
const interruptOn = (signal: AbortSignal, fiber: Fiber.Fiber<unknown, unknown>): void => {
  const interrupt = () => fiber.interruptUnsafe()
  if (signal.aborted) return interrupt()
  signal.addEventListener("abort", interrupt, { once: true })
  fiber.addObserver(() => signal.removeEventListener("abort", interrupt))
}

/** Answers by how a fiber ended. What waits for nothing has ended already: a promise would only cost time. */
export const exitOf = <A>(
  fiber: Fiber.Fiber<A, unknown>,
  { runsToTheEnd }: Route,
  request: Request,
  then: (exit: Exit.Exit<A, unknown>) => Response | Promise<Response>
): Response | Promise<Response> => {
  const exit = fiber.pollUnsafe()
  if (exit !== undefined) return then(exit)
  if (!runsToTheEnd) interruptOn(request.signal, fiber)
  return new Promise<Exit.Exit<A, unknown>>((resolve) => {
    fiber.addObserver(resolve)
  }).then(then)
}
