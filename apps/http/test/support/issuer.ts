import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose"
import { canaries } from "./canaries.ts"

export const AUDIENCE = "campaignctl"

/** An OpenID Connect issuer of our own: discovery, keys that can be changed, and tokens. */
export class Issuer implements AsyncDisposable {
  readonly #server: Server
  readonly url: string
  #key: Awaited<ReturnType<typeof generateKeyPair>> | undefined
  #id = ""
  /** Whether it answers nothing but that it cannot. */
  down = false
  /** When the last token was signed. */
  signedAt = 0

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async start(): Promise<Issuer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    // A listening TCP server has an address of this form.
    const { port } = server.address() as AddressInfo
    const issuer = new Issuer(server, `http://127.0.0.1:${port}`)
    server.on("request", (request, response) => {
      void issuer.documentOf(request.url ?? "").then((document) => {
        response.setHeader("content-type", "application/json")
        response.statusCode = issuer.down ? 503 : document === undefined ? 404 : 200
        response.end(JSON.stringify(document ?? {}))
      })
    })
    await issuer.rotate()
    return issuer
  }

  async documentOf(path: string): Promise<object | undefined> {
    if (path === "/.well-known/openid-configuration")
      return { issuer: this.url, jwks_uri: `${this.url}/keys` }
    if (path !== "/keys" || this.#key === undefined) return undefined
    return { keys: [{ ...(await exportJWK(this.#key.publicKey)), kid: this.#id, alg: "ES256" }] }
  }

  /** From now on the issuer signs with another key, and shows that one alone. */
  async rotate(): Promise<void> {
    this.#id = crypto.randomUUID()
    this.#key = await generateKeyPair("ES256")
  }

  async token(
    claims: JWTPayload = {},
    {
      expires = "5 minutes",
      missing
    }: { readonly expires?: string; readonly missing?: "exp" | "sub" } = {}
  ): Promise<string> {
    if (this.#key === undefined) throw new Error("The issuer has no key.")
    const unsigned = new SignJWT({ scope: "campaigns:read", ...claims })
      .setProtectedHeader({ alg: "ES256", kid: this.#id })
      .setIssuer(claims.iss ?? this.url)
      .setAudience(claims.aud ?? AUDIENCE)
      .setIssuedAt()
    if (missing !== "sub") unsigned.setSubject(claims.sub ?? "wfm")
    if (missing !== "exp") unsigned.setExpirationTime(expires)
    this.signedAt = Date.now()
    const token = await unsigned.sign(this.#key.privateKey)
    canaries.add(token)
    return token
  }

  /** A token that says that it needs no signature. */
  unsigned(): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")
    const claims = {
      iss: this.url,
      aud: AUDIENCE,
      sub: "wfm",
      scope: "campaigns:read",
      exp: 4_102_444_800
    }
    return `${part({ alg: "none" })}.${part(claims)}.`
  }

  /** A token signed with the public key taken for a secret. */
  async confused(): Promise<string> {
    const document = JSON.stringify(await this.documentOf("/keys"))
    return new SignJWT({ scope: "campaigns:read" })
      .setProtectedHeader({ alg: "HS256", kid: this.#id })
      .setIssuer(this.url)
      .setAudience(AUDIENCE)
      .setSubject("wfm")
      .setExpirationTime("5 minutes")
      .sign(new TextEncoder().encode(document))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
