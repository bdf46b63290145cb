import { createHash } from "node:crypto"
import { escaped, page, STYLE } from "./html.ts"

/** Reads the description and builds a form for each operation. Everything that comes from outside is set as text, never as markup. */
const SCRIPT = `
const base = document.body.dataset.base ?? document.querySelector("main").dataset.base;
const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const field = (name, value, area) => {
  const input = el(area ? "textarea" : "input", { value, name });
  return [el("label", {}, name, input), input];
};
const [keyLabel, key] = field("API key or token (kept in this page alone)", "");
key.type = "password";
key.autocomplete = "off";
const main = document.querySelector("main");
main.append(keyLabel);
const example = (doc, schema) => {
  const at = schema.$ref ? doc.components.schemas[schema.$ref.split("/").at(-1)] : schema;
  const wanted = at.required ?? [];
  return Object.fromEntries(wanted.map((name) => [name, at.properties[name].enum?.[0] ?? ""]));
};
const send = async (method, path, fields, body, out) => {
  const query = new URLSearchParams();
  const headers = key.value === "" ? {} : { authorization: "Bearer " + key.value };
  let url = path;
  for (const { where, name, input } of fields) {
    if (where === "path") url = url.replace("{" + name + "}", encodeURIComponent(input.value));
    else if (input.value === "") continue;
    else if (where === "query") query.set(name, input.value);
    else headers[name] = input.value;
  }
  if (body) headers["content-type"] = "application/json";
  out.textContent = "…";
  try {
    const reply = await fetch(base + url + (query.size ? "?" + query : ""), { method, headers, ...(body ? { body: body.value } : {}) });
    const text = await reply.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it is */ }
    out.textContent = reply.status + " " + (reply.headers.get("etag") ?? "") + "\\n" + shown;
  } catch (error) { out.textContent = String(error); }
};
const show = (doc, path, method, operation) => {
  const out = el("pre");
  const fields = (operation.parameters ?? []).map((parameter) => {
    const [label, input] = field(parameter.name, "");
    label.title = parameter.description ?? "";
    return { label, input, where: parameter.in, name: parameter.name };
  });
  const schema = operation.requestBody?.content["application/json"].schema;
  const [bodyLabel, body] = schema ? field("body", JSON.stringify(example(doc, schema), null, 2), true) : [];
  const button = el("button", { textContent: "Try it" });
  button.addEventListener("click", () => send(method.toUpperCase(), path, fields, body, out));
  const streams = Object.keys(operation.responses["200"].content).includes("text/event-stream");
  main.append(el("details", {},
    el("summary", {}, el("code", { textContent: method.toUpperCase() + " " + path }), " ", operation.summary),
    el("p", { textContent: operation.description ?? "" }),
    ...fields.map(({ label }) => label), ...(bodyLabel ? [bodyLabel] : []), ...(streams ? [] : [button]), out));
};
const doc = await (await fetch(base + "/openapi.json")).json();
for (const [path, methods] of Object.entries(doc.paths))
  for (const [method, operation] of Object.entries(methods)) show(doc, path, method, operation);
`

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
