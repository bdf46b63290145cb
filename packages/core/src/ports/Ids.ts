import { Context, type Effect } from "effect"

/** Makes identifiers that sort by the time they were made. */
export class Ids extends Context.Service<
  Ids,
  {
    /** A UUID v7. */
    readonly next: Effect.Effect<string>
  }
>()("@campaignctl/core/Ids") {}
