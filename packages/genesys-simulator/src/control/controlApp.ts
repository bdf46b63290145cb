import type { HttpBindings } from "@hono/node-server"
import { Hono } from "hono"
import type { Context } from "hono"
import { parseJson } from "../Json.ts"
import type { SimulatorState } from "../SimulatorState.ts"
import { changeCampaign, createCampaign, findCampaign } from "./campaignCommands.ts"
import {
  addChannelFault,
  removeChannelFault,
  totalFrames,
  viewChannelFault,
  viewChannels
} from "./channelCommands.ts"
import { ControlError } from "./ControlError.ts"
import { readFault } from "./readFault.ts"
import {
  advance,
  setAgents,
  setClock,
  setPermissions,
  setRate,
  setSwitches,
  setTokens
} from "./settingCommands.ts"
import { viewCampaign, viewFault, viewQueue, viewState } from "./views.ts"

type ControlContext = Context<{ Bindings: HttpBindings }>

interface Command {
  readonly method: "GET" | "POST" | "DELETE"
  readonly path: string
  /** `input` is the request's body, or the empty object where there is none. */
  readonly run: (state: SimulatorState, input: unknown, context: ControlContext) => unknown
}

const filtered = <A>(
  entries: ReadonlyArray<A>,
  context: ControlContext,
  keys: ReadonlyArray<keyof A & string>
): ReadonlyArray<A> => {
  const wanted = keys.flatMap((key) => {
    const value = context.req.query(key)
    return value === undefined ? [] : [{ key, value }]
  })
  return entries.filter((entry) => wanted.every(({ key, value }) => String(entry[key]) === value))
}

const COMMANDS: ReadonlyArray<Command> = [
  { method: "GET", path: "/state", run: (state) => viewState(state) },
  {
    method: "GET",
    path: "/requests",
    run: (state, _, context) =>
      filtered(state.requests.entries(), context, ["method", "route", "status", "campaignId"])
  },
  { method: "DELETE", path: "/requests", run: (state) => state.requests.clear() },
  {
    method: "GET",
    path: "/writes",
    run: (state, _, context) =>
      filtered(state.world.writes.entries(), context, ["by", "via", "contract", "campaignId"])
  },
  { method: "DELETE", path: "/writes", run: (state) => state.world.writes.clear() },
  {
    method: "DELETE",
    path: "/logs",
    run: (state) => {
      state.requests.clear()
      state.world.writes.clear()
    }
  },
  { method: "GET", path: "/faults", run: (state) => state.faults.waiting().map(viewFault) },
  {
    method: "POST",
    path: "/faults",
    run: (state, input) => viewFault(state.faults.add(readFault(input)))
  },
  { method: "DELETE", path: "/faults", run: (state) => state.faults.clear() },
  {
    method: "DELETE",
    path: "/faults/:id",
    run: (state, _, context) => {
      const id = context.req.param("id") ?? ""
      if (!state.faults.remove(id)) throw new ControlError(`No fault ${id} is waiting.`, 404)
    }
  },
  { method: "GET", path: "/channels", run: (state) => viewChannels(state) },
  { method: "GET", path: "/frames", run: (state) => totalFrames(state) },
  {
    method: "GET",
    path: "/channel-faults",
    run: (state) => state.notifications.faults.waiting().map(viewChannelFault)
  },
  { method: "POST", path: "/channel-faults", run: addChannelFault },
  {
    method: "DELETE",
    path: "/channel-faults",
    run: (state) => state.notifications.faults.clear()
  },
  {
    method: "DELETE",
    path: "/channel-faults/:id",
    run: (state, _, context) => removeChannelFault(state, context.req.param("id") ?? "")
  },
  { method: "POST", path: "/campaigns", run: (state, input) => createCampaign(state, input) },
  {
    method: "GET",
    path: "/campaigns/:id",
    run: (state, _, context) => viewCampaign(findCampaign(state, context.req.param("id") ?? ""))
  },
  {
    method: "POST",
    path: "/campaigns/:id",
    run: (state, input, context) => changeCampaign(state, context.req.param("id") ?? "", input)
  },
  {
    method: "GET",
    path: "/queues",
    run: (state) => [...state.world.queues.values()].map(viewQueue)
  },
  { method: "POST", path: "/agents", run: setAgents },
  { method: "POST", path: "/advance", run: advance },
  { method: "POST", path: "/tokens", run: setTokens },
  {
    method: "POST",
    path: "/tokens/revoke",
    run: (state) => ({ revoked: state.tokens.revokeAll() })
  },
  { method: "POST", path: "/permissions", run: setPermissions },
  { method: "POST", path: "/rate", run: setRate },
  { method: "POST", path: "/clock", run: setClock },
  { method: "GET", path: "/switches", run: (state) => state.world.facts },
  { method: "POST", path: "/switches", run: setSwitches }
]

const readInput = (text: string): unknown => {
  if (text.trim() === "") return {}
  const value = parseJson(text)
  if (value === undefined) throw new ControlError("The body is not valid JSON.")
  return value
}

/** The control interface: what a test, a bench or a curious human turns behind the clients' back. */
export const makeControlApp = (state: SimulatorState): Hono<{ Bindings: HttpBindings }> => {
  const app = new Hono<{ Bindings: HttpBindings }>()
  for (const command of COMMANDS) {
    app.on(command.method, command.path, async (context) => {
      const text = await context.req.text()
      state.catchUp()
      const answer = command.run(state, readInput(text), context) ?? null
      state.notifications.settle()
      return context.json(answer)
    })
  }
  const index = COMMANDS.map(({ method, path }) => `${method} ${path}`)
  app.get("/", (context) => context.json({ commands: index }))
  app.notFound((context) =>
    context.json({ message: `No such command. There are: ${index.join("; ")}.` }, 404)
  )
  app.onError((error, context) => {
    if (error instanceof ControlError)
      return new Response(JSON.stringify({ message: error.message }), {
        status: error.status,
        headers: { "content-type": "application/json" }
      })
    return context.json({ message: error.message }, 500)
  })
  return app
}
