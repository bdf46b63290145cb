import type { Env } from "./Cli.ts"
import type { World } from "./World.ts"

/** The environment of somebody who has the ledger, and nothing of Genesys. */
export const envWithoutGenesys = (world: World, more: Env = {}): Env =>
  Object.fromEntries(
    Object.entries(world.env("platform", more)).filter(
      ([name]) => !/^(?:OAUTH|GENESYS)_/.test(name)
    )
  )
