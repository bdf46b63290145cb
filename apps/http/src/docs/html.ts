const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

/** Text as it may stand in a page, attributes included. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { line-height: 1.2 } code { overflow-wrap: break-word } small { opacity: .8 } code, pre, textarea, input, select { font-family: ui-monospace, monospace; font-size: .9rem }
pre { overflow: auto; max-height: 70vh; padding: .75rem; border: 1px solid #8886; border-radius: .4rem; white-space: pre-wrap }
details { border: 1px solid #8886; border-radius: .4rem; margin: .5rem 0; padding: .5rem .75rem }
summary { cursor: pointer } label { display: block; margin: .4rem 0 } input, textarea, select { width: 100%; box-sizing: border-box; padding: .3rem }
textarea { min-height: 6rem } button { margin: .4rem 0; padding: .4rem 1rem }
table { border-collapse: collapse } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top }
`

/** A whole page. The body is markup already. */
export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`
