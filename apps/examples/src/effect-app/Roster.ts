import { AgentCapacity, unknown } from "@campaignctl/core"
import { Context, Effect, Layer, Ref } from "effect"

/** Who is at work, as the company's workforce system says. */
export class Roster extends Context.Service<
  Roster,
  {
    readonly atWork: (team: string) => Effect.Effect<ReadonlyArray<string> | undefined>
    readonly arrive: (team: string, ...people: ReadonlyArray<string>) => Effect.Effect<void>
  }
>()("example/Roster") {
  static readonly live: Layer.Layer<Roster> = Layer.effect(
    Roster,
    Effect.gen(function* () {
      const teams = yield* Ref.make(new Map<string, ReadonlyArray<string>>([["renewals", []]]))
      return {
        atWork: (team) => Effect.map(Ref.get(teams), (all) => all.get(team)),
        arrive: (team, ...people) =>
          Ref.update(teams, (all) => new Map(all).set(team, [...(all.get(team) ?? []), ...people]))
      }
    })
  )
}

/** Agents counted from the roster. A team that it does not know is unknown, and not nobody. */
export const rosterCapacity: Layer.Layer<AgentCapacity, never, Roster> = Layer.effect(
  AgentCapacity,
  Effect.map(Roster, ({ atWork }) =>
    AgentCapacity.oneByOne((scope) =>
      scope._tag === "AllQueues"
        ? Effect.succeed(unknown("the roster is kept by team."))
        : Effect.map(atWork(scope.id), (people) =>
            people === undefined
              ? unknown(`the roster has no team ${scope.id}.`)
              : { _tag: "AgentsAvailable", available: people.length, of: scope.id }
          )
    )
  )
)
