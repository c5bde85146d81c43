package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.Settings;
import ai.proompteng.jangar.testing.Chart;
import ai.proompteng.jangar.testing.ValueSets;
import ai.proompteng.jangar.testing.ValueSets.ValueSet;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart makes (integrations-and-helm.md 5.1 to 5.3, 5.7). */
class ChartTest {
  private static final String SPLIT = Chart.DATABASE + "controllers: {enabled: true}\n";
  private static final Pattern PASSWORD = Pattern.compile(".*://[^/@]*:[^/@]*@.*");

  static List<ValueSet> valueSets() {
    return ValueSets.all();
  }

  @Test
  void there_are_thirty_value_sets_and_more() {
    assertThat(valueSets()).hasSizeGreaterThanOrEqualTo(30);
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void whatever_the_values_each_object_stands_once_and_in_its_place(ValueSet set) {
    var seen = new HashSet<String>();
    for (var object : Chart.render(set.values()).objects()) {
      var name = object.at("/metadata/name").asText();
      assertThat(name).matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
      assertThat(
              seen.add(
                  object.path("kind").asText() + " " + object.at("/metadata/namespace") + name))
          .as("%s stands once", name)
          .isTrue();
      assertThat(object.at("/metadata/labels").properties())
          .extracting(label -> label.getKey())
          .contains(
              "app.kubernetes.io/name",
              "app.kubernetes.io/instance",
              "app.kubernetes.io/version",
              "app.kubernetes.io/managed-by",
              "helm.sh/chart");
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void whatever_the_values_nothing_comes_that_the_chart_is_not_for(ValueSet set) {
    assertThat(Chart.render(set.values()).objects())
        .extracting(object -> object.path("kind").asText())
        .doesNotContain(
            "Ingress",
            "Gateway",
            "HTTPRoute",
            "StatefulSet",
            "PersistentVolumeClaim",
            "Job",
            "CronJob",
            "Cluster");
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void whatever_the_values_a_pod_is_restricted_and_its_environment_sound(ValueSet set) {
    var rendered = Chart.render(set.values());
    for (var deployment : rendered.all("Deployment")) {
      var pod = deployment.at("/spec/template/spec");
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(pod.at("/securityContext/seccompProfile/type").asText())
          .isEqualTo("RuntimeDefault");
      var container = pod.at("/containers/0");
      assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
          .isFalse();
      assertThat(container.at("/securityContext/capabilities/drop/0").asText()).isEqualTo("ALL");
      assertThat(container.at("/image").asText()).doesNotContain(":latest");
      assertThat(mounts(container)).contains("/tmp");

      var environment = rendered.environment(deployment.at("/metadata/name").asText());
      assertThat(environment.keySet().stream().filter(name -> name.startsWith("JANGAR_")))
          .isSubsetOf(Settings.names());
      assertThat(environment.values()).noneMatch(value -> PASSWORD.matcher(value).matches());
    }
  }

  @Test
  void without_more_said_one_deployment_of_two_replicas_does_everything() {
    var rendered = Chart.render(Chart.DATABASE);
    assertThat(names(rendered.all("Deployment"))).containsExactly("agents");
    var deployment = rendered.the("Deployment", "agents");
    assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(deployment.at("/spec/strategy/rollingUpdate").toString())
        .isEqualTo("{\"maxSurge\":1,\"maxUnavailable\":0}");
    assertThat(names(rendered.all("Service")))
        .containsExactlyInAnyOrder("agents", "agents-metrics");
    assertThat(names(rendered.all("NetworkPolicy"))).containsExactly("agents");
    assertThat(rendered.the("PodDisruptionBudget", "agents").at("/spec/minAvailable").asInt())
        .isEqualTo(1);
    assertThat(rendered.environment("agents"))
        .containsEntry("JANGAR_AGENTS_CONTROLLER_ENABLED", "1")
        .containsEntry("JANGAR_MIGRATIONS", "auto")
        .containsEntry("JANGAR_AGENTS_CONTROLLER_NAMESPACES", "[\"agents\"]");
  }

  @Test
  void split_one_deployment_serves_and_the_other_reconciles() {
    var rendered = Chart.render(SPLIT);
    assertThat(names(rendered.all("Deployment")))
        .containsExactlyInAnyOrder("agents", "agents-controllers");
    assertThat(rendered.the("Deployment", "agents-controllers").at("/spec/replicas").asInt())
        .isEqualTo(1);
    assertThat(names(rendered.all("NetworkPolicy")))
        .containsExactlyInAnyOrder("agents", "agents-controllers");
    assertThat(
            rendered.the("Service", "agents").at("/spec/selector/app.kubernetes.io~1name").asText())
        .isEqualTo("agents");
    assertThat(
            rendered
                .the("Deployment", "agents")
                .at("/spec/template/spec/serviceAccountName")
                .asText())
        .isEqualTo("agents-sa");
    assertThat(
            rendered
                .the("Deployment", "agents-controllers")
                .at("/spec/template/spec/serviceAccountName")
                .asText())
        .isEqualTo("agents-controllers-sa");
    assertThat(rendered.container("agents").path("image"))
        .isEqualTo(rendered.container("agents-controllers").path("image"));
  }

  /** One row for each of the table in 5.2. */
  @Test
  void the_environment_decides_who_does_what() {
    var single = Chart.render(Chart.DATABASE + "grpc: {enabled: true}").environment("agents");
    var split = Chart.render(SPLIT + "grpc: {enabled: true}");
    var front = split.environment("agents");
    var back = split.environment("agents-controllers");
    for (var controller :
        List.of("AGENTS_CONTROLLER", "ORCHESTRATION_CONTROLLER", "SUPPORTING_CONTROLLER")) {
      var name = "JANGAR_" + controller + "_ENABLED";
      assertThat(List.of(single.get(name), front.get(name), back.get(name)))
          .as(name)
          .containsExactly("1", "0", "1");
    }
    assertThat(List.of("JANGAR_PRIMITIVES_RECONCILER"))
        .allSatisfy(
            name ->
                assertThat(List.of(single.get(name), front.get(name), back.get(name)))
                    .containsExactly("1", "0", "1"));
    assertThat(List.of(single, front, back))
        .extracting(environment -> environment.get("JANGAR_MIGRATIONS"))
        .containsExactly("auto", "auto", "skip");
    assertThat(List.of(single, front, back))
        .extracting(environment -> environment.get("JANGAR_GRPC_ENABLED"))
        .containsExactly("true", "true", "0");
    assertThat(back).containsEntry("JANGAR_CONTROL_PLANE_CACHE_ENABLED", "0");
    assertThat(single).doesNotContainKey("JANGAR_CONTROL_PLANE_CACHE_ENABLED");
    assertThat(front).doesNotContainKey("JANGAR_CONTROL_PLANE_CACHE_ENABLED");
    for (var common :
        List.of(
            "JANGAR_AGENTRUN_ARTIFACTS_MAX",
            "JANGAR_AGENTRUN_ARTIFACTS_STRICT",
            "JANGAR_AGENTS_CONTROLLER_NAMESPACES",
            "JANGAR_PRIMITIVES_NAMESPACES",
            "JANGAR_AGENTS_CONTROLLER_WEBHOOK_QUEUE_SIZE",
            "JANGAR_LEADER_ELECTION_LEASE_NAME",
            "JANGAR_PROMETHEUS_METRICS_ENABLED",
            "JANGAR_RBAC_CLUSTER_SCOPED",
            "JANGAR_POD_NAMESPACE",
            "JANGAR_POD_UID",
            "JANGAR_AGENT_RUNNER_IMAGE",
            "DATABASE_URL")) {
      assertThat(single).containsKey(common);
      assertThat(front).containsEntry(common, single.get(common));
      assertThat(back).containsEntry(common, single.get(common));
    }
  }

  /** W43: what one has and the other has not is a short list, whatever the values. */
  @ParameterizedTest
  @MethodSource("valueSets")
  void the_two_deployments_differ_in_a_few_names_alone(ValueSet set) {
    var rendered = Chart.render(set.values());
    if (rendered.all("Deployment").size() < 2) {
      return;
    }
    var names =
        rendered.all("Deployment").stream()
            .map(it -> it.at("/metadata/name").asText())
            .sorted()
            .toList();
    var front = rendered.environment(names.get(0));
    var back = rendered.environment(names.get(1));
    var all = new TreeSet<String>(front.keySet());
    all.addAll(back.keySet());
    assertThat(
            all.stream().filter(name -> !java.util.Objects.equals(front.get(name), back.get(name))))
        .isSubsetOf(
            "JANGAR_AGENTS_CONTROLLER_ENABLED",
            "JANGAR_ORCHESTRATION_CONTROLLER_ENABLED",
            "JANGAR_SUPPORTING_CONTROLLER_ENABLED",
            "JANGAR_PRIMITIVES_RECONCILER",
            "JANGAR_MIGRATIONS",
            "JANGAR_GRPC_ENABLED",
            "JANGAR_GRPC_HOST",
            "JANGAR_GRPC_PORT",
            "JANGAR_CONTROL_PLANE_CACHE_ENABLED",
            "JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED",
            "JANGAR_SERVICE_ACCOUNT_NAME",
            "JANGAR_IMAGE",
            "JANGAR_AUTH_MODE",
            "JANGAR_AUTH_TOKENS_FILE",
            // these differ because the set says so in controlPlane.env.vars or controllers.env.vars
            "JANGAR_DB_POOL_SIZE",
            "JANGAR_AGENTRUN_ARTIFACTS_MAX",
            "JANGAR_AGENTRUN_ARTIFACTS_STRICT");
  }

  @Test
  void tokens_are_mounted_where_they_are_asked_for_alone() {
    var rendered = Chart.render(SPLIT + "auth: {mode: token, tokenSecret: {name: t}}");
    assertThat(rendered.environment("agents"))
        .containsEntry("JANGAR_AUTH_MODE", "token")
        .containsEntry("JANGAR_AUTH_TOKENS_FILE", "/etc/jangar/auth/tokens");
    assertThat(rendered.the("Deployment", "agents").toString()).contains("\"secretName\":\"t\"");
    assertThat(rendered.the("Deployment", "agents-controllers").toString())
        .doesNotContain("\"secretName\":\"t\"");
    assertThat(rendered.environment("agents-controllers")).doesNotContainKey("JANGAR_AUTH_MODE");
    assertThat(Chart.render(SPLIT).environment("agents")).containsEntry("JANGAR_AUTH_MODE", "deny");
  }

  @Test
  void names_follow_the_release_and_the_overrides() {
    assertThat(names(Chart.render("agents-of-ours", SPLIT).all("Deployment")))
        .containsExactlyInAnyOrder("agents-of-ours", "agents-of-ours-controllers");
    assertThat(names(Chart.render("fleet", SPLIT).all("Deployment")))
        .containsExactlyInAnyOrder("fleet-agents", "fleet-agents-controllers");
    assertThat(names(Chart.render("fleet", SPLIT + "nameOverride: robots").all("Deployment")))
        .containsExactlyInAnyOrder("fleet-robots", "fleet-robots-controllers");
    assertThat(names(Chart.render(SPLIT + "fullnameOverride: x").all("Deployment")))
        .containsExactlyInAnyOrder("x", "x-controllers");
  }

  @Test
  void all_goes_to_another_namespace_when_told() {
    var rendered = Chart.render(SPLIT + "namespaceOverride: elsewhere");
    assertThat(rendered.objects())
        .allSatisfy(it -> assertThat(it.at("/metadata/namespace").asText()).isEqualTo("elsewhere"));
    assertThat(rendered.environment("agents"))
        .containsEntry("JANGAR_AGENTS_CONTROLLER_NAMESPACES", "[\"elsewhere\"]");
  }

  @Test
  void selectors_never_change() {
    var rendered = Chart.render(SPLIT + "podLabels: {c: d}");
    assertThat(rendered.the("Deployment", "agents").at("/spec/selector/matchLabels").toString())
        .isEqualTo(
            "{\"app.kubernetes.io/name\":\"agents\",\"app.kubernetes.io/instance\":\"agents\"}");
    assertThat(
            rendered
                .the("Deployment", "agents-controllers")
                .at("/spec/selector/matchLabels")
                .toString())
        .isEqualTo(
            "{\"app.kubernetes.io/name\":\"agents-controllers\",\"app.kubernetes.io/instance\":\"agents\"}");
    assertThat(rendered.the("Deployment", "agents").at("/spec/template/metadata/labels/c").asText())
        .isEqualTo("d");
  }

  /** orchestration-and-api.md 8.2. */
  @Test
  void the_probes_ask_health_and_ready() {
    for (var deployment : List.of("agents", "agents-controllers")) {
      var container = Chart.render(SPLIT).container(deployment);
      assertThat(container.path("livenessProbe").toString())
          .isEqualTo(probe("/health", 10, 10, 2, 6));
      assertThat(container.path("readinessProbe").toString())
          .isEqualTo(probe("/ready", 5, 10, 5, 6));
      assertThat(container.path("startupProbe").toString())
          .isEqualTo(probe("/health", 0, 5, 2, 36));
      assertThat(container.at("/ports/0").toString())
          .isEqualTo("{\"name\":\"http\",\"containerPort\":8080}");
    }
  }

  @Test
  void the_container_listens_where_port_says() {
    var rendered = Chart.render(Chart.DATABASE + "env: {vars: {PORT: '9999'}}");
    assertThat(rendered.container("agents").at("/ports/0/containerPort").asInt()).isEqualTo(9999);
    assertThat(rendered.the("Service", "agents").at("/spec/ports/0").toString())
        .isEqualTo("{\"name\":\"http\",\"port\":80,\"targetPort\":\"http\"}");
  }

  /** W40. */
  @Test
  void a_network_policy_lets_in_http_and_out_what_is_needed() {
    var rendered = Chart.render(SPLIT);
    for (var name : List.of("agents", "agents-controllers")) {
      var policy = rendered.the("NetworkPolicy", name).path("spec");
      assertThat(policy.at("/podSelector/matchLabels"))
          .isEqualTo(rendered.the("Deployment", name).at("/spec/selector/matchLabels"));
      assertThat(policy.path("policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
      assertThat(policy.at("/ingress/0").toString())
          .isEqualTo(
              "{\"ports\":[{\"port\":\"http\",\"protocol\":\"TCP\"}],\"from\":[{\"namespaceSelector\":{}}]}");
      assertThat(policy.path("egress").findValuesAsText("port"))
          .containsExactly("53", "53", "443", "6443", "5432");
    }
  }

  @Test
  void a_network_policy_is_added_to_and_lets_the_world_in_behind_a_load_balancer() {
    var policy =
        Chart.render(
                Chart.DATABASE
                    + "service: {type: LoadBalancer}\n"
                    + "kubernetesApi: {host: 10.0.0.1, port: 16443}\n"
                    + "networkPolicy: {egress: [{ports: [{port: 6432, protocol: TCP}]}]}")
            .the("NetworkPolicy", "agents")
            .path("spec");
    assertThat(policy.at("/ingress/0").has("from")).isFalse();
    assertThat(policy.path("egress").findValuesAsText("port")).contains("5432", "16443", "6432");
  }

  /** W42. */
  @Test
  void a_budget_has_one_bound_and_zero_is_one() {
    var rendered =
        Chart.render(
            SPLIT
                + "podDisruptionBudget: {minAvailable: 0}\n"
                + "controllers: {enabled: true, podDisruptionBudget: {enabled: true, minAvailable: '', maxUnavailable: 50%}}");
    assertThat(rendered.the("PodDisruptionBudget", "agents").at("/spec/minAvailable").asText())
        .isEqualTo("0");
    assertThat(rendered.the("PodDisruptionBudget", "agents").path("spec").has("maxUnavailable"))
        .isFalse();
    assertThat(
            rendered
                .the("PodDisruptionBudget", "agents-controllers")
                .at("/spec/maxUnavailable")
                .asText())
        .isEqualTo("50%");
  }

  @Test
  void an_autoscaler_owns_the_replicas() {
    var rendered =
        Chart.render(
            Chart.DATABASE
                + "autoscaling: {enabled: true, minReplicas: 2, targetMemoryUtilizationPercentage: 70}");
    assertThat(rendered.the("Deployment", "agents").path("spec").has("replicas")).isFalse();
    assertThat(
            rendered
                .the("HorizontalPodAutoscaler", "agents")
                .at("/spec/metrics")
                .findValuesAsText("averageUtilization"))
        .containsExactly("80", "70");
  }

  /** W41. */
  @Test
  void metrics_are_found_on_both_deployments() {
    var rendered = Chart.render(SPLIT + "metrics: {serviceMonitor: {enabled: true}}");
    var monitor = rendered.the("ServiceMonitor", "agents").path("spec");
    for (var name : List.of("agents", "agents-controllers")) {
      var service = rendered.the("Service", name + "-metrics");
      assertThat(service.at("/spec/ports/0").toString())
          .isEqualTo("{\"name\":\"metrics\",\"port\":9090,\"targetPort\":\"http\"}");
      assertThat(service.at("/spec/selector"))
          .isEqualTo(rendered.the("Deployment", name).at("/spec/selector/matchLabels"));
      monitor
          .at("/selector/matchLabels")
          .properties()
          .forEach(
              label ->
                  assertThat(service.at("/metadata/labels").path(label.getKey()))
                      .isEqualTo(label.getValue()));
      assertThat(monitor.at("/selector/matchExpressions/0/values").toString())
          .contains("\"" + name + "\"");
    }
    assertThat(monitor.at("/namespaceSelector/matchNames/0").asText()).isEqualTo("agents");
    // the Service for traffic is not scraped a second time
    assertThat(
            rendered
                .the("Service", "agents")
                .at("/metadata/labels")
                .has("app.kubernetes.io/component"))
        .isFalse();
  }

  @Test
  void route_files_are_mounted_under_their_paths_and_a_changed_one_rolls_the_pods() {
    var values = SPLIT + "routes: {dispatch/docs.camel.yaml: '- route: {}', top.camel.yaml: '# x'}";
    var rendered = Chart.render(values);
    var data = rendered.the("ConfigMap", "agents-routes").path("data");
    for (var deployment : List.of("agents", "agents-controllers")) {
      var pod = rendered.the("Deployment", deployment).at("/spec/template/spec");
      var volume = named(pod.path("volumes"), "routes").path("configMap");
      assertThat(volume.path("name").asText()).isEqualTo("agents-routes");
      assertThat(volume.path("items").findValuesAsText("path"))
          .containsExactlyInAnyOrder("dispatch/docs.camel.yaml", "top.camel.yaml");
      volume
          .path("items")
          .forEach(item -> assertThat(data.has(item.path("key").asText())).isTrue());
      assertThat(rendered.environment(deployment))
          .containsEntry("JANGAR_ROUTES_DIR", "/etc/jangar/routes");
      assertThat(mounts(pod.at("/containers/0"))).contains("/etc/jangar/routes");
      assertThat(checksum(rendered, deployment)).hasSize(64);
      assertThat(checksum(Chart.render(values), deployment))
          .isEqualTo(checksum(rendered, deployment));
      assertThat(checksum(Chart.render(values.replace("# x", "# y")), deployment))
          .isNotEqualTo(checksum(rendered, deployment));
    }
  }

  @Test
  void a_route_file_goes_through_as_it_is_written() {
    var text = "- route:\n    id: a\n    description: 'Says \"{{ .Values.x }}\" # ünïcode'\n";
    var values = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
    values.putObject("database").putObject("secretRef").put("name", "x");
    values.putObject("routes").put("dispatch/a.camel.yaml", text);
    assertThat(
            Chart.render(values.toString())
                .the("ConfigMap", "agents-routes")
                .at("/data/dispatch__a.camel.yaml")
                .asText())
        .isEqualTo(text);
  }

  @Test
  void the_database_s_ca_is_mounted_where_the_environment_says() {
    var rendered =
        Chart.render("database: {secretRef: {name: db}, caSecret: {name: ca, key: root.pem}}");
    assertThat(rendered.environment("agents"))
        .containsEntry("PGSSLROOTCERT", "/etc/jangar/ca/root.pem");
    var pod = rendered.the("Deployment", "agents").at("/spec/template/spec");
    assertThat(named(pod.path("volumes"), "db-ca-cert").at("/secret/secretName").asText())
        .isEqualTo("ca");
    assertThat(mounts(pod.at("/containers/0"))).contains("/etc/jangar/ca");
  }

  /** W39. */
  @Test
  void a_created_secret_keeps_the_url_out_of_the_deployment() {
    var rendered =
        Chart.render("database: {url: 'postgres://j:hush@db/j', createSecret: {enabled: true}}");
    assertThat(rendered.the("Secret", "agents-db").at("/stringData/url").asText()).contains("hush");
    assertThat(rendered.the("Deployment", "agents").toString()).doesNotContain("hush");
    assertThat(rendered.environment("agents").get("DATABASE_URL"))
        .contains("\"secretKeyRef\"", "\"agents-db\"", "\"url\"");
    assertThat(
            rendered
                .the("Deployment", "agents")
                .at("/spec/template/metadata/annotations/agents.proompteng.ai~1checksum-database")
                .asText())
        .hasSize(64);
  }

  @Test
  void pods_roll_when_a_listed_secret_changes() {
    var sum = "4".repeat(64);
    var annotations =
        Chart.render(
                Chart.DATABASE
                    + "rolloutChecksums: {enabled: true, secrets: [{name: jangar-db, checksum: '"
                    + sum
                    + "'}]}")
            .the("Deployment", "agents")
            .at("/spec/template/metadata/annotations");
    assertThat(annotations.properties()).hasSize(1);
    assertThat(annotations.fieldNames().next())
        .matches("agents.proompteng.ai/checksum-secret-[0-9a-f]{24}");
    assertThat(annotations.elements().next().asText()).isEqualTo(sum);
  }

  @Test
  void the_notes_say_what_to_do_next() throws Exception {
    var notes = Files.readString(Chart.FOLDER.resolve("templates/NOTES.txt"));
    assertThat(notes)
        .contains(
            "rollout status",
            "get ar",
            "/v1/implementation-sources/webhooks/github",
            "rbac.secretNames");
  }

  /** The definitions are those of the repository, unchanged. */
  @Test
  void the_chart_s_definitions_are_the_repository_s() throws Exception {
    assertThat(Files.readSymbolicLink(Chart.FOLDER.resolve("crds")))
        .isEqualTo(Path.of("../../crds"));
  }

  @Test
  void the_chart_has_the_version_of_what_it_installs() throws Exception {
    var version =
        Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    assertThat(Files.readString(Chart.FOLDER.resolve("Chart.yaml")))
        .contains(
            "\nversion: " + version.group(1) + "\n", "\nappVersion: " + version.group(1) + "\n");
  }

  private static List<String> names(List<JsonNode> objects) {
    return objects.stream().map(it -> it.at("/metadata/name").asText()).toList();
  }

  private static Set<String> mounts(JsonNode container) {
    return new TreeSet<>(container.path("volumeMounts").findValuesAsText("mountPath"));
  }

  private static JsonNode named(JsonNode list, String name) {
    for (var each : list) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no " + name + " in " + list);
  }

  private static String checksum(Chart.Rendered rendered, String deployment) {
    return rendered
        .the("Deployment", deployment)
        .at("/spec/template/metadata/annotations/agents.proompteng.ai~1checksum-routes")
        .asText();
  }

  private static String probe(String path, int delay, int period, int timeout, int failures) {
    return ("{\"httpGet\":{\"path\":\"%s\",\"port\":\"http\"},\"initialDelaySeconds\":%d,"
            + "\"periodSeconds\":%d,\"timeoutSeconds\":%d,\"failureThreshold\":%d}")
        .formatted(path, delay, period, timeout, failures);
  }
}
