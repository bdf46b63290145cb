import { randomUUID } from "node:crypto"

/** What others' systems name their requests with; whatever else is sent is replaced, never repeated. */
const FORM = /^[\w.~:@/+=-]{1,128}$/

/** The caller's own id where it has the form of one, else a new one. */
export const requestIdOf = (sent: string | undefined): string =>
  sent !== undefined && FORM.test(sent) ? sent : randomUUID()
