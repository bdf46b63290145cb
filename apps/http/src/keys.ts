// Apart from the service, so that whoever makes a key does not load all of it.
export { type KeyRecord, KeyStore, type NewKey } from "./callers/KeyStore.ts"
export { keysLayer } from "./callers/keysLayer.ts"
export { allScopes, type Scope, scopePages } from "./callers/Scope.ts"
