import { registerHooks } from "node:module"

const loaded: Array<string> = []
Object.assign(globalThis, { loadedModules: loaded })
registerHooks({
  load: (url, context, next) => {
    if (url.includes("opentelemetry")) loaded.push(url)
    return next(url, context)
  }
})
