import type { JsonObject } from "../Json.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"

/** Before the request takes effect, or after it did and before the client hears of it. */
export type FaultMoment = "before" | "after"

export type FaultEffect =
  /** Answers an error. `code` alone is enough where the catalogue knows it. */
  | {
      readonly kind: "status"
      readonly code?: string
      readonly status?: number
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly when?: FaultMoment
    }
  /** Answers 429. `retryAfter` is sent as it is; null sends no such header; `retryAfterDateSeconds` sends an HTTP date so far ahead. */
  | {
      readonly kind: "rateLimited"
      readonly retryAfter?: string | null
      readonly retryAfterDateSeconds?: number
      readonly when?: FaultMoment
    }
  | { readonly kind: "latency"; readonly milliseconds: number; readonly when?: FaultMoment }
  /** Cuts the connection; nothing took effect. */
  | { readonly kind: "resetBefore" }
  /** Cuts the connection after the request took effect. */
  | { readonly kind: "resetAfter" }
  /** Sends half of the answer's body, then cuts the connection. The request took effect. */
  | { readonly kind: "truncateBody" }
  /** Sends a whole answer whose body is not JSON. The request took effect. */
  | { readonly kind: "malformedJson" }
  /** Revokes the request's token, so that it is answered 401. */
  | { readonly kind: "revokeToken" }
  /** Someone else changes the campaign just before this request takes effect. */
  | { readonly kind: "otherWriter"; readonly status?: CampaignStatus; readonly fields?: JsonObject }

export type FaultKind = FaultEffect["kind"]

export interface FaultAim {
  /** HTTP method; any when left out. */
  readonly method?: string
  /** `PUT /api/v2/outbound/campaigns/:id`, or the template without a method; any when left out. */
  readonly route?: string
  readonly campaignId?: string
  /** How many requests it strikes; 1 unless said. */
  readonly count?: number | "always"
  /** How many matching requests pass unharmed first. */
  readonly after?: number
}

export type FaultRequest = FaultAim & FaultEffect

export interface Fault {
  readonly id: string
  readonly request: FaultRequest
  remaining: number
  toPass: number
  struck: number
}

/** Kinds that decide the answer: at most one of them strikes a request, the oldest first. */
const ANSWERING: ReadonlySet<FaultKind> = new Set([
  "status",
  "rateLimited",
  "resetBefore",
  "resetAfter",
  "truncateBody",
  "malformedJson"
])

const aimsAt = (
  aim: FaultAim,
  method: string,
  template: string | null,
  campaignId: string | null
): boolean => {
  if (aim.method !== undefined && aim.method.toUpperCase() !== method) return false
  if (aim.campaignId !== undefined && aim.campaignId !== campaignId) return false
  if (aim.route === undefined) return true
  return aim.route === template || (template !== null && `${method} ${aim.route}` === template)
}

/** The faults that wait for their requests. */
export class Faults {
  #faults: Array<Fault> = []
  #created = 0

  add(request: FaultRequest): Fault {
    this.#created += 1
    const remaining = request.count === "always" ? Number.POSITIVE_INFINITY : (request.count ?? 1)
    const fault = {
      id: `fault-${this.#created}`,
      request,
      remaining,
      toPass: request.after ?? 0,
      struck: 0
    }
    this.#faults.push(fault)
    return fault
  }

  /** The faults that strike this request; each has one strike less from now on. */
  take(method: string, template: string | null, campaignId: string | null): ReadonlyArray<Fault> {
    const striking: Array<Fault> = []
    let answered = false
    for (const fault of this.#faults) {
      if (!aimsAt(fault.request, method, template, campaignId)) continue
      if (fault.toPass > 0) {
        fault.toPass -= 1
        continue
      }
      const answering = ANSWERING.has(fault.request.kind)
      if (answering && answered) continue
      answered ||= answering
      fault.remaining -= 1
      fault.struck += 1
      striking.push(fault)
    }
    if (striking.length > 0) this.#faults = this.#faults.filter((fault) => fault.remaining > 0)
    return striking
  }

  waiting(): ReadonlyArray<Fault> {
    return this.#faults
  }

  remove(id: string): boolean {
    const before = this.#faults.length
    this.#faults = this.#faults.filter((fault) => fault.id !== id)
    return this.#faults.length < before
  }

  clear(): void {
    this.#faults = []
  }
}
