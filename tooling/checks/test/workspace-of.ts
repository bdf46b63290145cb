import { parsePackage } from "../src/workspace.ts"
import type { Workspace } from "../src/workspace.ts"

const manifests: Readonly<Record<string, object>> = {
  "packages/core": {
    name: "@campaignctl/core",
    exports: { ".": "./src/index.ts", "./testing": "./src/testing/index.ts" },
    dependencies: { effect: "4" },
    devDependencies: { vitest: "5" }
  },
  "packages/genesys-cloud": {
    name: "@campaignctl/genesys-cloud",
    exports: { ".": "./src/index.ts" },
    dependencies: { "@campaignctl/core": "workspace:*", axios: "1", effect: "4" },
    devDependencies: { "@campaignctl/genesys-simulator": "workspace:*", vitest: "5" }
  },
  "packages/genesys-simulator": {
    name: "@campaignctl/genesys-simulator",
    exports: { ".": "./src/index.ts" },
    dependencies: { "@campaignctl/genesys-cloud": "workspace:*", effect: "4" }
  },
  "apps/cli": {
    name: "campaignctl",
    dependencies: {
      "@campaignctl/core": "workspace:*",
      "@campaignctl/genesys-cloud": "workspace:*",
      effect: "4"
    }
  }
}

/** A small workspace of four well-formed packages, holding the given files. */
export const workspaceOf = (
  files: Readonly<Record<string, string>>,
  extraManifests: Readonly<Record<string, object>> = {}
): Workspace => ({
  packages: Object.entries({ ...manifests, ...extraManifests }).map(([folder, manifest]) =>
    parsePackage(folder, JSON.stringify(manifest))
  ),
  files: Object.entries(files).map(([path, text]) => ({ path, text }))
})
