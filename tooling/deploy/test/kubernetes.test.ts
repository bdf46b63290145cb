import { describe, expect, it } from "vitest"
import { documentsOf, kustomization, manifestFiles } from "./rules/files.ts"
import { readManifest } from "./rules/kinds.ts"
import { manifestProblems } from "./rules/manifestProblems.ts"
import { changed } from "./support/changed.ts"

const documents = manifestFiles.flatMap((path) => documentsOf(path))

const problemsOf = (all: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  manifestProblems(all.map((document) => readManifest(document)))

const isOf = (kind: string) => (document: unknown) => readManifest(document).kind === kind

/** The problems after the value at a path was changed in every document of a kind. */
const after = (kind: string, path: string, value: unknown): ReadonlyArray<string> =>
  problemsOf(
    documents.map((document) =>
      isOf(kind)(document) ? changed(document, path.split("."), value) : document
    )
  )

const POD = "spec.template.spec"
const CONTAINER = `${POD}.containers.0`

describe("the Kubernetes manifests", () => {
  it("have no problem", () => {
    expect(problemsOf(documents)).toEqual([])
  })

  it("are listed, all but the example of the secret", () => {
    expect(kustomization()).toMatchObject({
      resources: expect.toSatisfy(
        (listed: ReadonlyArray<string>) =>
          listed.toSorted().join() ===
          manifestFiles
            .map((path) => path.replace(/^.*\//, ""))
            .filter((name) => name !== "secret.example.yaml")
            .toSorted()
            .join()
      )
    })
  })

  it.each([
    ["StatefulSet", `${CONTAINER}.livenessProbe.httpGet.path`, "/health"],
    ["StatefulSet", `${CONTAINER}.readinessProbe.httpGet.path`, "/healthz"],
    ["StatefulSet", `${CONTAINER}.startupProbe.httpGet.port`, "runner"],
    ["StatefulSet", `${CONTAINER}.ports.0.containerPort`, 8080],
    ["StatefulSet", `${CONTAINER}.env.0.name`, "CAMPAIGNCTL_RUNNER_HOSTS"],
    ["StatefulSet", `${CONTAINER}.env.0.name`, "CAMPAIGNCTL_HTTP_HOST"],
    ["StatefulSet", `${CONTAINER}.env.1.valueFrom.secretKeyRef.key`, "DATABASE"],
    ["StatefulSet", `${CONTAINER}.lifecycle.preStop.exec.command.1`, "16"],
    ["StatefulSet", `${CONTAINER}.workingDir`, "/tmp"],
    ["StatefulSet", `${CONTAINER}.volumeMounts.0.name`, "tmp"],
    ["StatefulSet", `${CONTAINER}.volumeMounts.1.name`, "temporary"],
    ["StatefulSet", `${POD}.terminationGracePeriodSeconds`, 30],
    ["StatefulSet", `${POD}.serviceAccountName`, "default"],
    ["StatefulSet", `${POD}.securityContext.runAsUser`, 0],
    ["StatefulSet", "spec.selector.matchLabels", { app: "campaignctl" }],
    ["StatefulSet", "spec.replicas", 2],
    ["StatefulSet", "spec.serviceName", "campaignctl"],
    ["Service", "spec.selector", {}],
    ["Service", "spec.ports.0.targetPort", "https"],
    ["PodDisruptionBudget", "spec.minAvailable", 0],
    ["PodDisruptionBudget", "spec.selector.matchLabels", { app: "campaignctl" }],
    ["ServiceAccount", "metadata.name", "other"],
    ["ConfigMap", "metadata.name", "other"],
    ["ConfigMap", "data.CAMPAIGNCTL_SHUTDOWN_SECONDS", "40"],
    ["ConfigMap", "data.CAMPAIGNCTL_SHUTDOWN_SECONDS", undefined],
    ["ConfigMap", "data.CAMPAIGNCTL_RUNNER_PORT", "4022"],
    ["ConfigMap", "data.OAUTH_CLIENT_SECRET", "x"],
    ["ConfigMap", "data.CAMPAIGNCTL_PORT", "4020"],
    ["Secret", "stringData.OAUTH_CLIENT_SECRET", "x"],
    ["Secret", "stringData.OAUTH_CLIENT_ID", undefined],
    ["NetworkPolicy", "spec.ingress.1.from", undefined],
    ["NetworkPolicy", "spec.ingress.1.from", [{ namespaceSelector: { matchLabels: {} } }]],
    ["NetworkPolicy", "spec.ingress.0.ports.0.port", "https"],
    ["NetworkPolicy", "spec.ingress.0.ports.0.port", 4021],
    ["NetworkPolicy", "spec.egress.0.ports.0.port", 4022],
    ["NetworkPolicy", "spec.podSelector.matchLabels", { app: "campaignctl" }]
  ])("a problem is found where %s has another %s: %j", (kind, path, value) => {
    expect(after(kind, path, value)).not.toEqual([])
  })

  it.each([
    ["StatefulSet", "apiVersion", "apps/v1beta1"],
    ["StatefulSet", "spec.replica", 3],
    ["StatefulSet", "spec.replicas", "3"],
    ["StatefulSet", `${CONTAINER}.env.1.value`, "postgres://"],
    ["StatefulSet", `${CONTAINER}.securityContext.readOnlyRootFilesystem`, undefined],
    ["StatefulSet", `${CONTAINER}.securityContext.privileged`, true],
    ["StatefulSet", `${CONTAINER}.resources.limits`, undefined],
    ["StatefulSet", `${POD}.securityContext.runAsNonRoot`, false],
    ["StatefulSet", `${POD}.hostNetwork`, true]
  ])("%s is refused with another %s: %j", (kind, path, value) => {
    expect(() => after(kind, path, value)).toThrow(/./)
  })
})
