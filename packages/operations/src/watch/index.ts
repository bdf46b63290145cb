export { Beat } from "./Kept.ts"
export { watchStoreSql } from "./sqlWatchStore.ts"
export { WatchStore } from "./WatchStore.ts"
