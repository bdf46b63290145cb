/** The ring that a package belongs to. Arrows point inward only. */
export type Layer = "core" | "adapter" | "library" | "app" | "tooling"

interface Boundary {
  /** The rings that its `src` may import from. */
  readonly mayImport: ReadonlyArray<Layer>
  /** The outside packages that its `src` may import; `declared` means those in its `package.json`. */
  readonly outside: "declared" | ReadonlyArray<string>
  /** Whether its `src` may use Node's modules, and read time, randomness and the process from the air. */
  readonly platform: boolean
  readonly why: string
}

export const boundaries: { readonly [L in Layer]: Boundary } = {
  core: {
    mayImport: [],
    outside: ["effect"],
    platform: false,
    why: "the core is pure: it imports effect alone, and time, randomness and ids come through services"
  },
  adapter: {
    mayImport: ["core"],
    outside: "declared",
    platform: true,
    why: "an adapter answers the core's ports and knows no other adapter"
  },
  library: {
    mayImport: ["core", "adapter"],
    outside: "declared",
    platform: true,
    why: "a library composes the core with adapters"
  },
  app: {
    mayImport: ["core", "adapter", "library"],
    outside: "declared",
    platform: true,
    why: "an app composes; nothing imports an app"
  },
  tooling: {
    mayImport: ["core", "adapter", "library", "tooling"],
    outside: "declared",
    platform: true,
    why: "tooling looks at the product from outside, through what it exports, with tools of its own"
  }
}

/** Every package's ring. A package that is missing here fails the check. */
export const layerOf: Readonly<Record<string, Layer>> = {
  "@campaignctl/core": "core",
  "@campaignctl/genesys-cloud": "adapter",
  "@campaignctl/genesys-simulator": "adapter",
  "@campaignctl/ledger-sql": "adapter",
  "@campaignctl/operations": "adapter",
  "@campaignctl/telemetry": "adapter",
  "@campaignctl/webhooks": "adapter",
  "@campaignctl/manager": "library",
  "@campaignctl/http": "library",
  campaignctl: "app",
  "@campaignctl/examples": "app",
  "@campaignctl/bench": "tooling",
  "@campaignctl/checks": "tooling",
  "@campaignctl/deploy": "tooling",
  "@campaignctl/openapi-client": "tooling",
  "@campaignctl/otlp-receiver": "tooling",
  "@campaignctl/postgres-server": "tooling"
}
