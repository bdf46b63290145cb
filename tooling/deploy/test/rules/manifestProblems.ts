import {
  environmentProblems,
  JOURNAL_DIRECTORY,
  longestShutdownSeconds,
  publicPaths,
  variables
} from "./facts.ts"
import type { Manifest } from "./kinds.ts"

type Kind = Manifest["kind"]
type Labels = Readonly<Record<string, string>>
type Rules = ReadonlyArray<readonly [boolean, string]>

/** What stands in the example in place of a secret. */
const PLACEHOLDER = "<fill in>"

const broken = (rules: Rules): ReadonlyArray<string> =>
  rules.flatMap(([kept, problem]) => (kept ? [] : [problem]))

const isWithin = (selector: Labels, labels: Labels): boolean =>
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([name, value]) => labels[name] === value)

/** Everything that is wrong with the manifests, taken together. */
export const manifestProblems = (manifests: ReadonlyArray<Manifest>): ReadonlyArray<string> => {
  const all = <K extends Kind>(kind: K): ReadonlyArray<Extract<Manifest, { kind: K }>> =>
    manifests.filter((one): one is Extract<Manifest, { kind: K }> => one.kind === kind)
  const [set, ...others] = all("StatefulSet")
  if (set === undefined || others.length > 0) return ["there is not one stateful set"]
  const { replicas, selector, serviceName, template, volumeClaimTemplates } = set.spec
  const { labels } = template.metadata
  const { spec: pod } = template
  const [container] = pod.containers
  const { env, lifecycle, livenessProbe, ports, readinessProbe, startupProbe } = container

  const configured: Labels = Object.fromEntries(
    container.envFrom.flatMap(({ configMapRef }) =>
      all("ConfigMap")
        .filter(({ metadata }) => metadata.name === configMapRef.name)
        .flatMap(({ data }) => Object.entries(data))
    )
  )
  const secretKeys = env.flatMap(({ valueFrom }) =>
    "secretKeyRef" in valueFrom ? [valueFrom.secretKeyRef] : []
  )
  const isSecret = (name: string, key: string): boolean =>
    all("Secret").some((one) => one.metadata.name === name && Object.hasOwn(one.stringData, key))
  const portOf = (name: string): number | undefined =>
    ports.find((one) => one.name === name)?.containerPort
  const isPort = (port: string | number): boolean =>
    typeof port === "number" || portOf(port) !== undefined
  const policies = all("NetworkPolicy")
  const toRunner = policies.flatMap(({ spec }) =>
    spec.ingress.filter((rule) =>
      rule.ports.some(({ port }) => port === "runner" || port === portOf("runner"))
    )
  )
  const probes = [startupProbe, livenessProbe, readinessProbe]
  const volumes = [...pod.volumes, ...volumeClaimTemplates.map(({ metadata }) => metadata)]
  const journal = container.volumeMounts.find(({ mountPath }) => mountPath === JOURNAL_DIRECTORY)
  const selectors = [
    selector.matchLabels,
    ...pod.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ...all("Service").map(({ spec }) => spec.selector),
    ...all("PodDisruptionBudget").map(({ spec }) => spec.selector.matchLabels),
    ...policies.map(({ spec }) => spec.podSelector.matchLabels)
  ]
  const rules: Rules = [
    [env.every(({ name }) => variables.has(name)), "a variable is set that nothing reads"],
    [env.every(({ name }) => !Object.hasOwn(configured, name)), "a variable is set twice"],
    [
      env.some(
        ({ name, valueFrom }) => name === "CAMPAIGNCTL_RUNNER_HOST" && "fieldRef" in valueFrom
      ),
      "a process does not know its address"
    ],
    [
      secretKeys.every(({ key, name }) => isSecret(name, key)),
      "a variable's secret is not in the example"
    ],
    [
      all("Secret").every(({ stringData }) =>
        Object.values(stringData).every((value) => value === PLACEHOLDER)
      ),
      "the example has a value that may be a real one"
    ],
    [selectors.every((one) => isWithin(one, labels)), "a selector does not find the pods"],
    [
      portOf("http") === Number(configured["CAMPAIGNCTL_HTTP_PORT"]) &&
        portOf("runner") === Number(configured["CAMPAIGNCTL_RUNNER_PORT"]),
      "the ports are not those that are configured"
    ],
    [
      all("Service").every(({ spec }) => spec.ports.every(({ targetPort }) => isPort(targetPort))),
      "a service leads to no port"
    ],
    [
      policies.every(({ spec }) =>
        [...spec.ingress, ...spec.egress].every((rule) =>
          rule.ports.every(({ port }) => isPort(port))
        )
      ),
      "a network policy names no port"
    ],
    [
      toRunner.length > 0 &&
        toRunner.every(
          ({ from = [] }) =>
            from.length > 0 &&
            from.every(
              ({ ipBlock, namespaceSelector, podSelector }) =>
                ipBlock === undefined &&
                namespaceSelector === undefined &&
                isWithin(podSelector?.matchLabels ?? {}, labels)
            )
        ),
      "others than the pods reach the port among them"
    ],
    [
      policies.some(({ spec }) =>
        spec.egress.some(
          ({ ports, to }) =>
            ports.some(({ port }) => port === portOf("runner")) &&
            to.some(({ podSelector }) => isWithin(podSelector?.matchLabels ?? {}, labels))
        )
      ),
      "the pods do not reach each other"
    ],
    [
      probes.every(({ httpGet }) => publicPaths.has(httpGet.path) && httpGet.port === "http"),
      "a probe asks for what is not there"
    ],
    [
      readinessProbe.httpGet.path === "/readyz" && livenessProbe.httpGet.path === "/healthz",
      "the probes ask for the wrong things"
    ],
    [
      pod.terminationGracePeriodSeconds >
        Number(lifecycle.preStop.exec.command[1]) + longestShutdownSeconds(configured),
      "a pod may be killed before its shutdown ends"
    ],
    [
      all("PodDisruptionBudget").length === 1 &&
        all("PodDisruptionBudget").every(
          ({ spec: { minAvailable } }) => minAvailable >= 1 && minAvailable < replicas
        ),
      "the disruption budget allows no disruption, or every one"
    ],
    [
      all("Service").some(
        ({ metadata, spec }) => metadata.name === serviceName && spec.clusterIP === "None"
      ),
      "the stateful set's service is missing"
    ],
    [
      all("ServiceAccount").some(({ metadata }) => metadata.name === pod.serviceAccountName),
      "the service account is missing"
    ],
    [
      container.volumeMounts.every(({ name }) => volumes.some((volume) => volume.name === name)),
      "a volume is missing"
    ],
    [
      container.workingDir === JOURNAL_DIRECTORY &&
        volumeClaimTemplates.some(({ metadata }) => metadata.name === journal?.name),
      "the halt journal does not outlive its pod"
    ],
    [pod.securityContext.runAsUser > 0 && pod.securityContext.fsGroup > 0, "the pods run as root"]
  ]
  return [...environmentProblems("the config map", configured), ...broken(rules)]
}
