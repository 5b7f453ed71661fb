// Each overlay is built with kustomize and every object in it is held to the schema of its kind in the Kubernetes API; then to the rules of
// this house, which no schema knows. Nothing here asks a cluster.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const overlays = ["dev", "production"];

const build = (overlay) =>
  parseAllDocuments(execFileSync("kubectl", ["kustomize", `k8s/overlays/${overlay}`], { cwd: root, encoding: "utf8" })).map((d) => d.toJS());

async function modelOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : [null, apiVersion];
  const models = await import(group === null ? `kubernetes-models/${version}` : `kubernetes-models/${group}/${version}`);
  assert.ok(models[kind], `there is no schema of ${apiVersion} ${kind}`);
  return models[kind];
}

for (const overlay of overlays) {
  describe(overlay, async () => {
    const objects = build(overlay);
    const find = (kind, name = "platform") => objects.find((o) => o.kind === kind && o.metadata.name === name);

    for (const object of objects) {
      test(`${object.kind} ${object.metadata.name} is valid`, async () => {
        const Model = await modelOf(object);
        new Model(object).validate();
      });
    }

    test("selectors find the pods, and references what they name", () => {
      const pod = find("Deployment").spec.template;
      const matches = (selector) => Object.entries(selector).every(([k, v]) => pod.metadata.labels[k] === v);
      assert.ok(matches(find("Deployment").spec.selector.matchLabels));
      assert.ok(matches(find("Service").spec.selector));
      assert.ok(matches(find("PodDisruptionBudget").spec.selector.matchLabels));
      assert.ok(matches(find("NetworkPolicy").spec.podSelector.matchLabels));
      assert.equal(find("HorizontalPodAutoscaler").spec.scaleTargetRef.name, "platform");
      assert.ok(find("ServiceAccount", pod.spec.serviceAccountName));
      const container = pod.spec.containers[0];
      for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
        assert.ok(container.ports.some((p) => p.name === container[probe].httpGet.port), `${probe} names a port that is there`);
      }
      for (const { configMapRef } of container.envFrom) {
        assert.ok(find("ConfigMap", configMapRef.name));
      }
    });

    test("pods run as an ordinary user on a read-only root, without a token", () => {
      for (const workload of [find("Deployment"), find("Job", "platform-migrate")]) {
        const spec = workload.spec.template.spec;
        assert.equal(spec.automountServiceAccountToken, false);
        assert.equal(spec.securityContext.runAsNonRoot, true);
        for (const container of spec.containers) {
          assert.equal(container.securityContext.readOnlyRootFilesystem, true);
          assert.equal(container.securityContext.allowPrivilegeEscalation, false);
          assert.deepEqual(container.securityContext.capabilities.drop, ["ALL"]);
          assert.ok(container.resources.requests.cpu && container.resources.requests.memory && container.resources.limits.memory);
        }
      }
    });

    test("the grace period holds the delay, the hand-over and a margin", () => {
      const settings = find("ConfigMap").data;
      const seconds = (span) => span.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
      const needed = seconds(settings.Platform__Shutdown__Delay) + seconds(settings.Platform__Shutdown__Timeout);
      assert.ok(find("Deployment").spec.template.spec.terminationGracePeriodSeconds >= needed + 5);
    });

    test("liveness looks at the process alone, and secrets come by reference", () => {
      const container = find("Deployment").spec.template.spec.containers[0];
      assert.equal(container.livenessProbe.httpGet.path, "/health/live");
      for (const { name, value } of container.env) {
        assert.ok(value === undefined, `${name} is written out`);
      }
      assert.ok(!Object.keys(find("ConfigMap").data).some((k) => /key|password|connection/i.test(k)));
    });
  });
}

describe("compose", () => {
  const compose = parse(readFileSync(`${root}/deploy/compose.yaml`, "utf8"), { merge: true });

  test("replicas wait for the migration, have addresses of their own, and share all secrets", () => {
    const replicas = ["replica-1", "replica-2"].map((name) => compose.services[name]);
    for (const replica of replicas) {
      assert.equal(replica.depends_on.migrate.condition, "service_completed_successfully");
      assert.equal(replica.environment.Platform__Silo__Address, replica.networks.default.ipv4_address);
      assert.equal(replica.read_only, true);
    }
    assert.notEqual(replicas[0].environment.Platform__Silo__Address, replicas[1].environment.Platform__Silo__Address);
    for (const shared of ["Platform__AdminKey", "Platform__LinkSigningKey", "ConnectionStrings__Platform"]) {
      assert.ok(replicas[0].environment[shared]);
      assert.equal(replicas[0].environment[shared], replicas[1].environment[shared]);
    }
  });

  test("every published port is on loopback, and every image has a version", () => {
    for (const [name, service] of Object.entries(compose.services)) {
      for (const port of service.ports ?? []) {
        assert.match(port, /^127\.0\.0\.1:/, name);
      }
      assert.match(service.image, /:[^:]*[0-9a-z]+/, name);
      assert.doesNotMatch(service.image, /:latest$/, name);
    }
  });
});

describe("image", () => {
  const steps = readFileSync(`${root}/deploy/Dockerfile`, "utf8").split("\n").filter((l) => /^[A-Z]+ /.test(l));

  test("bases are pinned, the user is not root, and there is a health check", () => {
    const bases = steps.filter((s) => s.startsWith("FROM "));
    assert.equal(bases.length, 2);
    for (const base of bases) {
      assert.match(base, /:\d+\.\d+\.\d+/);
    }
    assert.match(steps.findLast((s) => s.startsWith("USER ")), /^USER [1-9]\d*$/);
    assert.ok(steps.some((s) => s.startsWith("HEALTHCHECK ")));
  });

  test("it publishes with the SDK that the repository names", () => {
    const { sdk } = JSON.parse(readFileSync(`${root}/global.json`, "utf8"));
    assert.ok(steps[0].includes(`sdk:${sdk.version}`), steps[0]);
  });
});
