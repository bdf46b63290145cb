import { createHash } from "node:crypto"
import { escaped, page, STYLE } from "./html.ts"
import { SCRIPT } from "./script.ts"

const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** Runs this one script and nothing else, and lets it speak to this very host. */
export const DOCS_POLICY = `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** A page of style alone. */
export const PAGE_POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export const docsPage = (base: string): string =>
  page(
    "campaignctl: the HTTP interface",
    `<main data-base="${escaped(base)}"><h1>campaignctl</h1>
<p>Every operation, to read and to try. The same as a document: <a href="${escaped(base)}/openapi.json">openapi.json</a>.
What can go wrong: <a href="${escaped(base)}/docs/problems">the problems</a>.</p></main>
<script type="module">${SCRIPT}</script>`
  )
