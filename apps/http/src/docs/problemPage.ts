import { type ProblemPage, problemPages } from "../problems/statusOf.ts"
import { escaped, page } from "./html.ts"

const list = (items: ReadonlyArray<string>): string =>
  `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`

/** The page that a problem's `type` leads to. */
export const problemPage = (
  base: string,
  { causes, code, nextStep, statuses, title }: ProblemPage
): string =>
  page(
    code,
    `<p><a href="${escaped(base)}/docs/problems">All problems</a></p>
<h1>${escaped(title)}</h1><p><code>${escaped(code)}</code>, HTTP status ${statuses.join(" or ")}</p>
<h2>Causes</h2>${list(causes)}<h2>What to do</h2><p>${escaped(nextStep)}</p>`
  )

/** A code that a narrow screen may break where its words end. */
const breakable = (code: string): string => escaped(code).replaceAll("_", "_<wbr>")

/** Every problem there is. */
export const problemsPage = (base: string): string => {
  const rows = [...problemPages.values()].map(
    ({ code, statuses, title }) =>
      `<tr><td>${statuses.join(", ")}</td><td><a href="${escaped(base)}/docs/problems/${escaped(code)}"><code>${breakable(code)}</code></a></td><td>${escaped(title)}</td></tr>`
  )
  return page(
    "Problems",
    `<h1>Problems</h1><table><tr><th>Status</th><th>Code</th><th>Title</th></tr>${rows.join("")}</table>`
  )
}
