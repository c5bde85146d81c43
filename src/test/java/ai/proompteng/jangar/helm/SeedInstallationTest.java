package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The installation that the chart's values come from renders from its values file (seed 004). */
class SeedInstallationTest {
  private static final Path VALUES = Path.of("src/test/resources/chart/seed-004.yaml");
  private static String values;

  /**
   * A row of its map from values to variables.
   *
   * @param given the values, laid over those of the installation
   */
  record Row(String given, String variable, String value) {
    @Override
    public String toString() {
      return given + " is " + variable;
    }
  }

  static List<Row> rows() {
    return List.of(
        row(
            "controller: {namespaces: [agents, b]}",
            "JANGAR_AGENTS_CONTROLLER_NAMESPACES",
            "[\"agents\",\"b\"]"),
        row(
            "controller: {namespaces: [agents, b]}",
            "JANGAR_PRIMITIVES_NAMESPACES",
            "[\"agents\",\"b\"]"),
        row(
            "controller: {concurrency: {perNamespace: 7}}",
            "JANGAR_AGENTS_CONTROLLER_CONCURRENCY_NAMESPACE",
            "7"),
        row(
            "controller: {concurrency: {perAgent: 8}}",
            "JANGAR_AGENTS_CONTROLLER_CONCURRENCY_AGENT",
            "8"),
        row(
            "controller: {concurrency: {cluster: 9}}",
            "JANGAR_AGENTS_CONTROLLER_CONCURRENCY_CLUSTER",
            "9"),
        row(
            "controller: {queue: {perNamespace: 7}}",
            "JANGAR_AGENTS_CONTROLLER_QUEUE_NAMESPACE",
            "7"),
        row("controller: {queue: {perRepo: 8}}", "JANGAR_AGENTS_CONTROLLER_QUEUE_REPO", "8"),
        row("controller: {queue: {cluster: 9}}", "JANGAR_AGENTS_CONTROLLER_QUEUE_CLUSTER", "9"),
        row(
            "controller: {rate: {windowSeconds: 30}}",
            "JANGAR_AGENTS_CONTROLLER_RATE_WINDOW_SECONDS",
            "30"),
        row(
            "controller: {rate: {perNamespace: 0}}",
            "JANGAR_AGENTS_CONTROLLER_RATE_NAMESPACE",
            "0"),
        row("controller: {rate: {perRepo: 8}}", "JANGAR_AGENTS_CONTROLLER_RATE_REPO", "8"),
        row("controller: {rate: {cluster: 9}}", "JANGAR_AGENTS_CONTROLLER_RATE_CLUSTER", "9"),
        row(
            "controller: {agentRunRetentionSeconds: 0}",
            "JANGAR_AGENTS_CONTROLLER_AGENTRUN_RETENTION_SECONDS",
            "0"),
        row(
            "controller: {admissionPolicy: {labels: {required: [a]}}}",
            "JANGAR_AGENTS_CONTROLLER_LABELS_REQUIRED",
            "[\"a\"]"),
        row(
            "controller: {admissionPolicy: {labels: {allowed: [a]}}}",
            "JANGAR_AGENTS_CONTROLLER_LABELS_ALLOWED",
            "[\"a\"]"),
        row(
            "controller: {admissionPolicy: {labels: {denied: [a]}}}",
            "JANGAR_AGENTS_CONTROLLER_LABELS_DENIED",
            "[\"a\"]"),
        row(
            "controller: {admissionPolicy: {images: {allowed: ['a/*']}}}",
            "JANGAR_AGENTS_CONTROLLER_IMAGES_ALLOWED",
            "[\"a/*\"]"),
        row(
            "controller: {admissionPolicy: {images: {denied: ['a/*']}}}",
            "JANGAR_AGENTS_CONTROLLER_IMAGES_DENIED",
            "[\"a/*\"]"),
        row(
            "controller: {admissionPolicy: {secrets: {blocked: [a]}}}",
            "JANGAR_AGENTS_CONTROLLER_BLOCKED_SECRETS",
            "[\"a\"]"),
        row(
            "controller: {vcsProviders: {enabled: false}}",
            "JANGAR_AGENTS_CONTROLLER_VCS_PROVIDERS_ENABLED",
            "false"),
        row(
            "controller: {vcsProviders: {deprecatedTokenTypes: {github: [api_token]}}}",
            "JANGAR_AGENTS_CONTROLLER_VCS_DEPRECATED_TOKEN_TYPES",
            "{\"github\":[\"api_token\"]}"),
        row(
            "controller: {vcsProviders: {prRateLimits: {github: {windowSeconds: 60}}}}",
            "JANGAR_AGENTS_CONTROLLER_VCS_PR_RATE_LIMITS",
            "{\"github\":{\"windowSeconds\":60}}"),
        row(
            "controller: {authSecret: {name: codex}}",
            "JANGAR_AGENTS_CONTROLLER_AUTH_SECRET_NAME",
            "codex"),
        row(
            "controller: {authSecret: {key: a.json}}",
            "JANGAR_AGENTS_CONTROLLER_AUTH_SECRET_KEY",
            "a.json"),
        row(
            "controller: {authSecret: {mountPath: /a}}",
            "JANGAR_AGENTS_CONTROLLER_AUTH_SECRET_MOUNT_PATH",
            "/a"),
        row(
            "orchestrationController: {enabled: false}",
            "JANGAR_ORCHESTRATION_CONTROLLER_ENABLED",
            "0"),
        row(
            "orchestrationController: {namespaces: [a]}",
            "JANGAR_ORCHESTRATION_CONTROLLER_NAMESPACES",
            "[\"a\"]"),
        row("supportingController: {enabled: false}", "JANGAR_SUPPORTING_CONTROLLER_ENABLED", "0"),
        row(
            "supportingController: {namespaces: [a]}",
            "JANGAR_SUPPORTING_CONTROLLER_NAMESPACES",
            "[\"a\"]"),
        row(
            "controller: {jobTtlSecondsAfterFinished: 600}",
            "JANGAR_AGENT_RUNNER_JOB_TTL_SECONDS",
            "600"),
        row("runtime: {agentRunnerImage: 'a:1'}", "JANGAR_AGENT_RUNNER_IMAGE", "a:1"),
        row("runtime: {agentImage: 'a:1'}", "JANGAR_AGENT_IMAGE", "a:1"),
        row("runtime: {scheduleRunnerImage: 'a:1'}", "JANGAR_SCHEDULE_RUNNER_IMAGE", "a:1"),
        row("runtime: {scheduleServiceAccount: a}", "JANGAR_SCHEDULE_SERVICE_ACCOUNT", "a"),
        row(
            "controllers: {env: {vars: {JANGAR_AGENTRUN_ARTIFACTS_MAX: '10'}}}",
            "JANGAR_AGENTRUN_ARTIFACTS_MAX",
            "10"),
        row(
            "controllers: {env: {vars: {JANGAR_AGENTRUN_ARTIFACTS_STRICT: 'true'}}}",
            "JANGAR_AGENTRUN_ARTIFACTS_STRICT",
            "true"));
  }

  /** What the Deployment that serves gRPC has of it. */
  static List<Row> grpcRows() {
    return List.of(
        row("grpc: {enabled: true}", "JANGAR_GRPC_ENABLED", "true"),
        row("grpc: {enabled: false}", "JANGAR_GRPC_ENABLED", "false"),
        row("grpc: {enabled: true}", "JANGAR_GRPC_HOST", "0.0.0.0"),
        row("grpc: {port: 50052}", "JANGAR_GRPC_PORT", "50052"),
        row("env: {vars: {JANGAR_GRPC_PORT: '50053'}}", "JANGAR_GRPC_PORT", "50053"),
        row("env: {vars: {JANGAR_GRPC_HOST: '127.0.0.1'}}", "JANGAR_GRPC_HOST", "127.0.0.1"));
  }

  @BeforeAll
  static void read() throws IOException {
    values = Files.readString(VALUES);
  }

  @Test
  void its_two_deployments_have_its_names_and_images() {
    var rendered = Chart.render(values);
    assertThat(rendered.all("Deployment"))
        .extracting(it -> it.at("/metadata/name").asText())
        .containsExactlyInAnyOrder("agents", "agents-controllers");
    assertThat(rendered.container("agents").path("image").asText())
        .isEqualTo(
            "registry.ide-newton.ts.net/lab/jangar-control-plane:5b72ee1e@sha256:e24ef112b615401150220dc303553f47a3cefe793c0c6c28781e9575b98ab9ae");
    assertThat(rendered.container("agents-controllers").path("image").asText())
        .isEqualTo(
            "registry.ide-newton.ts.net/lab/jangar:5b72ee1e@sha256:96e72f5e649b1738ba4a48f9e786f5cdcb2ad5d63838d4009f5c71c80c2e6809");
    assertThat(rendered.objects())
        .allSatisfy(it -> assertThat(it.at("/metadata/namespace").asText()).isEqualTo("agents"));
  }

  @Test
  void it_watches_its_namespace_with_namespaced_rights() {
    var rendered = Chart.render(values);
    assertThat(rendered.all("ClusterRole")).isEmpty();
    assertThat(rendered.all("ClusterRoleBinding")).isEmpty();
    for (var deployment : List.of("agents", "agents-controllers")) {
      assertThat(rendered.environment(deployment))
          .containsEntry("JANGAR_AGENTS_CONTROLLER_NAMESPACES", "[\"agents\"]")
          .containsEntry("JANGAR_PRIMITIVES_NAMESPACES", "[\"agents\"]")
          .containsEntry("JANGAR_RBAC_CLUSTER_SCOPED", "false");
    }
  }

  @Test
  void its_database_is_the_uri_of_a_secret() {
    for (var deployment : List.of("agents", "agents-controllers")) {
      assertThat(Chart.render(values).environment(deployment))
          .containsEntry(
              "DATABASE_URL", "{\"secretKeyRef\":{\"key\":\"uri\",\"name\":\"jangar-db-app\"}}");
    }
  }

  @Test
  void its_grpc_is_a_service_of_the_control_plane() {
    var rendered = Chart.render(values);
    var service = rendered.the("Service", "agents-grpc").path("spec");
    assertThat(service.path("type").asText()).isEqualTo("ClusterIP");
    assertThat(service.path("ports").toString())
        .isEqualTo("[{\"name\":\"grpc\",\"port\":50051,\"targetPort\":\"grpc\"}]");
    assertThat(service.path("selector"))
        .isEqualTo(rendered.the("Deployment", "agents").at("/spec/selector/matchLabels"));
    assertThat(rendered.container("agents").path("ports").toString())
        .contains("{\"name\":\"grpc\",\"containerPort\":50051}");
    assertThat(rendered.container("agents-controllers").path("ports").toString())
        .doesNotContain("grpc");
  }

  @Test
  void its_controllers_neither_migrate_nor_serve_grpc() {
    assertThat(Chart.render(values).environment("agents-controllers"))
        .containsEntry("JANGAR_MIGRATIONS", "skip")
        .containsEntry("JANGAR_GRPC_ENABLED", "0");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_value_is_its_variable(Row row) {
    assertThat(Chart.render(over(row.given())).environment("agents-controllers"))
        .containsEntry(row.variable(), row.value());
  }

  @ParameterizedTest
  @MethodSource("grpcRows")
  void a_value_of_grpc_is_its_variable_of_the_control_plane(Row row) {
    assertThat(Chart.render(over(row.given())).environment("agents"))
        .containsEntry(row.variable(), row.value());
  }

  private static String over(String given) {
    return Values.over(values, given);
  }

  private static Row row(String given, String variable, String value) {
    return new Row(given, variable, value);
  }
}
