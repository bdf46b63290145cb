import { registerHooks } from "node:module"

// The program as it would be had it never been traced: for the way “none” the core's one file that makes
// spans is replaced by one that makes none. To be imported before everything else, whatever the way, so
// that all are loaded alike.

const TRACED = "/core/src/telemetry/traced.ts"
const untraced = process.argv[2] === "none"
const UNTRACED = new URL("./untraced.ts", import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context)
    return untraced && resolved.url.endsWith(TRACED) ? { ...resolved, url: UNTRACED } : resolved
  }
})
