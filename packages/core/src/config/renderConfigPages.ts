import { type ConfigPage, configPages } from "./pages.ts"

const pages: ReadonlyArray<ConfigPage> = configPages

/** Every configuration value as a Markdown table, for the documentation. */
export const renderConfigPages = (): string =>
  [
    ["name", "default", "meaning"],
    ["---", "---", "---"],
    ...pages.map((page) => [
      [page.key, ...(page.aliases ?? [])].map(code).join(" or "),
      page.default === undefined ? "" : code(page.default),
      page.secret ? `${page.meaning} Never shown.` : page.meaning
    ])
  ]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")

const code = (text: string): string => `\`${text}\``
