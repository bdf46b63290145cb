import { Schema } from "effect"

// What is not said here is refused, so that a misspelt field is found, and so is one that makes a
// container less safe.

const { Array, Int, Literal, Literals, Record, String, Struct, Union, optionalKey } = Schema

const texts = Record(String, String)
const labelled = Struct({ matchLabels: texts })
const tcp = optionalKey(Literals(["TCP", "UDP"]))

const head = <const V extends string, const K extends string>(apiVersion: V, kind: K) => ({
  apiVersion: Literal(apiVersion),
  kind: Literal(kind),
  metadata: Struct({
    name: String,
    namespace: optionalKey(Literal("campaignctl")),
    labels: optionalKey(texts)
  })
})

const probe = Struct({
  httpGet: Struct({ path: String, port: String }),
  periodSeconds: Int,
  timeoutSeconds: Int,
  failureThreshold: Int
})

const variable = Struct({
  name: String,
  valueFrom: Union([
    Struct({ fieldRef: Struct({ fieldPath: Literal("status.podIP") }) }),
    Struct({ secretKeyRef: Struct({ name: String, key: String }) })
  ])
})

const container = Struct({
  name: String,
  image: String,
  args: Array(String),
  workingDir: String,
  ports: Array(Struct({ name: String, containerPort: Int })),
  envFrom: Array(Struct({ configMapRef: Struct({ name: String }) })),
  env: Array(variable),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: Struct({
    preStop: Struct({ exec: Struct({ command: Schema.Tuple([Literal("sleep"), String]) }) })
  }),
  resources: Struct({
    requests: Struct({ cpu: String, memory: String }),
    limits: Struct({ cpu: String, memory: String })
  }),
  securityContext: Struct({
    allowPrivilegeEscalation: Literal(false),
    readOnlyRootFilesystem: Literal(true),
    capabilities: Struct({ drop: Schema.Tuple([Literal("ALL")]) })
  }),
  volumeMounts: Array(Struct({ name: String, mountPath: String }))
})

const pod = Struct({
  serviceAccountName: String,
  automountServiceAccountToken: Literal(false),
  enableServiceLinks: Literal(false),
  terminationGracePeriodSeconds: Int,
  securityContext: Struct({
    runAsNonRoot: Literal(true),
    runAsUser: Int,
    runAsGroup: Int,
    fsGroup: Int,
    fsGroupChangePolicy: Literal("OnRootMismatch"),
    seccompProfile: Struct({ type: Literal("RuntimeDefault") })
  }),
  topologySpreadConstraints: Array(
    Struct({
      topologyKey: String,
      maxSkew: Int,
      whenUnsatisfiable: Literals(["ScheduleAnyway", "DoNotSchedule"]),
      labelSelector: labelled
    })
  ),
  containers: Schema.Tuple([container]),
  volumes: Array(
    Struct({
      name: String,
      emptyDir: Struct({ medium: Literal("Memory"), sizeLimit: String })
    })
  )
})

const StatefulSet = Struct({
  ...head("apps/v1", "StatefulSet"),
  spec: Struct({
    replicas: Int,
    serviceName: String,
    podManagementPolicy: Literals(["Parallel", "OrderedReady"]),
    minReadySeconds: Int,
    updateStrategy: Struct({
      type: Literal("RollingUpdate"),
      rollingUpdate: Struct({ maxUnavailable: Literal(1) })
    }),
    persistentVolumeClaimRetentionPolicy: Struct({
      whenDeleted: Literal("Retain"),
      whenScaled: Literal("Retain")
    }),
    selector: labelled,
    template: Struct({ metadata: Struct({ labels: texts }), spec: pod }),
    volumeClaimTemplates: Array(
      Struct({
        metadata: Struct({ name: String }),
        spec: Struct({
          accessModes: Schema.Tuple([Literal("ReadWriteOnce")]),
          resources: Struct({ requests: Struct({ storage: String }) })
        })
      })
    )
  })
})

const Service = Struct({
  ...head("v1", "Service"),
  spec: Struct({
    type: optionalKey(Literal("ClusterIP")),
    clusterIP: optionalKey(Literal("None")),
    publishNotReadyAddresses: optionalKey(Schema.Boolean),
    selector: texts,
    ports: Array(Struct({ name: String, port: Int, targetPort: String }))
  })
})

const policyPorts = Array(Struct({ port: Union([Int, String]), protocol: tcp }))
const peer = Struct({
  podSelector: optionalKey(labelled),
  namespaceSelector: optionalKey(labelled),
  ipBlock: optionalKey(Struct({ cidr: String, except: Array(String) }))
})

const NetworkPolicy = Struct({
  ...head("networking.k8s.io/v1", "NetworkPolicy"),
  spec: Struct({
    podSelector: labelled,
    policyTypes: Schema.Tuple([Literal("Ingress"), Literal("Egress")]),
    ingress: Array(Struct({ from: optionalKey(Array(peer)), ports: policyPorts })),
    egress: Array(Struct({ to: Array(peer), ports: policyPorts }))
  })
})

const DisruptionBudget = Struct({
  ...head("policy/v1", "PodDisruptionBudget"),
  spec: Struct({
    minAvailable: Int,
    unhealthyPodEvictionPolicy: Literal("AlwaysAllow"),
    selector: labelled
  })
})

const Manifest = Union([
  StatefulSet,
  Service,
  NetworkPolicy,
  DisruptionBudget,
  Struct(head("v1", "Namespace")),
  Struct({ ...head("v1", "ServiceAccount"), automountServiceAccountToken: Literal(false) }),
  Struct({ ...head("v1", "ConfigMap"), data: texts }),
  Struct({ ...head("v1", "Secret"), type: Literal("Opaque"), stringData: texts })
])

export type Manifest = typeof Manifest.Type

/** Reads one document of a manifest; throws where it has what its kind has not, or lacks what it must have. */
export const readManifest = Schema.decodeUnknownSync(Manifest, {
  errors: "all",
  onExcessProperty: "error"
})
