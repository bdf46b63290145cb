/**
 * The one script of the page: reads the description and builds a form for each operation. Everything
 * that comes from outside is set as text, never as markup.
 */
export const SCRIPT = `
const main = document.querySelector("main");
const { base } = main.dataset;
const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const field = (name, tag, props, note) => {
  const input = el(tag, { name, ...props });
  return { input, label: el("label", {}, name, ...(note ? [" ", el("small", { textContent: note })] : []), input) };
};
const key = field("API key or token", "input", { type: "password", autocomplete: "off" }, "kept in this page alone");
const resolved = (doc, schema) => (schema.$ref ? doc.components.schemas[schema.$ref.split("/").at(-1)] : schema);
const parameterField = (doc, { description, name, required, schema }) => {
  const note = [required ? "required" : "", description ?? ""].filter(Boolean).join("; ");
  const values = resolved(doc, schema).enum;
  if (!values) return field(name, "input", { required, spellcheck: false, autocapitalize: "off" }, note);
  const made = field(name, "select", { required }, note);
  made.input.append(...["", ...values].map((value) => el("option", { value, textContent: value })));
  return made;
};
// What must be there, and a dry run where there is one: a click that only tries changes nothing.
const example = (doc, schema) => {
  const { properties, required = [] } = resolved(doc, schema);
  const first = (name) => {
    const { enum: values, type } = resolved(doc, properties[name]);
    return values?.[0] ?? (type === "object" ? {} : "");
  };
  return { ...Object.fromEntries(required.map((name) => [name, first(name)])), ...(properties.dryRun ? { dryRun: true } : {}) };
};
const SHOWN = ["etag", "retry-after", "idempotency-replayed", "x-request-id"];
const headOf = ({ headers, status, statusText }) =>
  [status + " " + statusText, ...SHOWN.filter((name) => headers.has(name)).map((name) => name + ": " + headers.get(name)), "", ""].join("\\n");
const tell = (out, reply, text) => {
  out.textContent = headOf(reply);
  try {
    const body = JSON.parse(text);
    if (!reply.ok && body.type) out.append(el("a", { href: body.type, textContent: "What " + body.code + " means" }), "\\n\\n");
    out.append(JSON.stringify(body, null, 2));
  } catch { out.append(text); /* not JSON: shown as it is */ }
};
const requestOf = (method, path, fields, body) => {
  const query = new URLSearchParams();
  const headers = key.input.value === "" ? {} : { authorization: "Bearer " + key.input.value };
  let url = path;
  for (const { where, name, input } of fields) {
    if (where === "path") url = url.replace("{" + name + "}", encodeURIComponent(input.value));
    else if (input.value === "") continue;
    else if (where === "query") query.set(name, input.value);
    else headers[name] = input.value;
  }
  if (body) headers["content-type"] = "application/json";
  return [base + url + (query.size ? "?" + query : ""), { method, headers, ...(body ? { body: body.value } : {}) }];
};
const LONGEST = 100000;
const follow = async (out, reply) => {
  out.textContent = headOf(reply);
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read())
    out.textContent = (out.textContent + next.value).slice(-LONGEST);
  out.textContent += "The stream has ended.";
};
const show = (doc, path, method, operation) => {
  const out = el("pre", { tabIndex: 0, hidden: true });
  out.setAttribute("role", "status");
  const fields = (operation.parameters ?? []).map((parameter) => ({
    ...parameterField(doc, parameter), where: parameter.in, name: parameter.name }));
  const schema = operation.requestBody?.content["application/json"].schema;
  const body = schema && field("body", "textarea", { value: JSON.stringify(example(doc, schema), null, 2), spellcheck: false });
  const isStream = Object.keys(operation.responses["200"]?.content ?? {}).includes("text/event-stream");
  const button = el("button", { textContent: "Try it" });
  let stop;
  const ended = () => { stop = undefined; button.textContent = "Try it"; };
  const send = async () => {
    if (stop) return stop.abort();
    stop = new AbortController();
    if (isStream) button.textContent = "Stop";
    out.hidden = false;
    out.textContent = "…";
    try {
      const [url, request] = requestOf(method.toUpperCase(), path, fields, body?.input);
      const reply = await fetch(url, { ...request, signal: stop.signal });
      if (isStream && reply.ok) await follow(out, reply);
      else tell(out, reply, await reply.text());
    } catch (error) { out.append(stop.signal.aborted ? "Stopped." : "The service did not answer: " + error.message); }
    ended();
  };
  const form = el("form", {}, ...fields.map(({ label }) => label), ...(body ? [body.label] : []), button);
  form.addEventListener("submit", (event) => { event.preventDefault(); void send(); });
  main.append(el("details", {},
    el("summary", {}, el("code", { textContent: method.toUpperCase() + " " + path }), " ", operation.summary),
    el("p", { textContent: operation.description ?? "" }), form, out));
};
try {
  const reply = await fetch(base + "/openapi.json");
  if (!reply.ok) throw new Error("status " + reply.status);
  const doc = await reply.json();
  main.append(key.label);
  for (const [path, methods] of Object.entries(doc.paths))
    for (const [method, operation] of Object.entries(methods)) show(doc, path, method, operation);
} catch (error) {
  main.append(el("p", { textContent: "The description could not be read (" + error.message + "). Load the page again." }));
}
`
