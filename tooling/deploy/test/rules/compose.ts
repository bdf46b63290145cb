import { Schema } from "effect"

const { Array, Literal, Record, String, Struct } = Schema

const texts = Record(String, String)

const common = {
  image: String,
  restart: Literal("unless-stopped"),
  networks: Array(String),
  secrets: Array(String),
  volumes: Array(String),
  environment: texts,
  stop_signal: Schema.Literals(["SIGTERM", "SIGINT"]),
  stop_grace_period: String,
  security_opt: Schema.Tuple([Literal("no-new-privileges:true")]),
  deploy: Struct({
    resources: Struct({
      limits: Struct({ cpus: String, memory: String, pids: Schema.Int })
    })
  }),
  healthcheck: Struct({
    test: Array(String),
    interval: String,
    timeout: String,
    retries: Schema.Int,
    start_period: String,
    start_interval: String
  })
}

const Process = Struct({
  ...common,
  build: Struct({ context: String, dockerfile: String }),
  command: Array(String),
  depends_on: Struct({ postgres: Struct({ condition: Literal("service_healthy") }) }),
  user: String,
  read_only: Literal(true),
  tmpfs: Array(String),
  cap_drop: Schema.Tuple([Literal("ALL")]),
  ports: Array(String)
})

export type Process = typeof Process.Type

const Database = Struct({ ...common, shm_size: String })

/** The compose file's own form: what is not said here is refused. */
const Compose = Struct({
  name: String,
  "x-service": Schema.Unknown,
  "x-environment": texts,
  services: Struct({
    "campaignctl-1": Process,
    "campaignctl-2": Process,
    "campaignctl-3": Process,
    postgres: Database
  }),
  networks: Record(String, Schema.Null),
  volumes: Record(String, Schema.Null),
  secrets: Record(String, Struct({ file: String }))
})

export type Compose = typeof Compose.Type

/** Reads the compose file; throws where it has what it should not, or lacks what it must have. */
export const readCompose = Schema.decodeUnknownSync(Compose, {
  errors: "all",
  onExcessProperty: "error"
})
