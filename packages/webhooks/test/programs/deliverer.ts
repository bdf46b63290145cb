/** Delivers from the database that it is given to receivers on this machine, until it is killed. */
import { Effect, Result } from "effect"
import { deliver, parseAllowList } from "../../src/index.ts"
import { storageAt } from "../support/storage.ts"

const [place = ""] = process.argv.slice(2)
const allow = Result.getOrThrow(parseAllowList("127.0.0.1"))

Effect.runFork(Effect.provide(deliver({ allow }), storageAt(place)))
