import type { Env, Running } from "./Cli.ts"
import type { World } from "./World.ts"

/** A service that has begun to listen, on ports of its own. */
export const listening = async (
  world: World,
  env: Env,
  words: ReadonlyArray<string> = ["serve"]
): Promise<Running> => {
  const service = world.start(words, {
    ...env,
    CAMPAIGNCTL_HTTP_PORT: "0",
    CAMPAIGNCTL_RUNNER_PORT: "0"
  })
  await new Promise<void>((resolve, reject) => {
    service.child.stdout?.on("data", (text: string) => {
      if (text.includes("listens on")) resolve()
    })
    void service.done.then(({ stderr }) => reject(new Error(stderr)))
  })
  return service
}
