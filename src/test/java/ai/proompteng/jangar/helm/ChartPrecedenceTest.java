package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Chart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which value wins (integrations-and-helm.md 5.4), a test for each sentence. */
class ChartPrecedenceTest {
  private static final String SPLIT = Chart.DATABASE + "controllers: {enabled: true}";

  @Test
  void shared_variables_beat_the_chart_s_values_and_a_component_s_beat_the_shared() {
    var shared = "env: {vars: {JANGAR_LOG_LEVEL: warn}}";
    var rendered = Chart.render(Values.over(SPLIT, "logging: {level: debug}", shared));
    assertThat(rendered.environment("agents")).containsEntry("JANGAR_LOG_LEVEL", "warn");
    assertThat(rendered.environment("agents-controllers"))
        .containsEntry("JANGAR_LOG_LEVEL", "warn");

    var overlaid =
        Chart.render(
            Values.over(
                SPLIT,
                shared,
                "controlPlane: {env: {vars: {JANGAR_LOG_LEVEL: error}}}",
                "controllers: {env: {vars: {JANGAR_LOG_LEVEL: trace}}}"));
    assertThat(overlaid.environment("agents")).containsEntry("JANGAR_LOG_LEVEL", "error");
    assertThat(overlaid.environment("agents-controllers"))
        .containsEntry("JANGAR_LOG_LEVEL", "trace");
  }

  @Test
  void in_one_deployment_the_control_plane_s_overlay_alone_applies() {
    var rendered =
        Chart.render(
            Values.over(
                Chart.DATABASE,
                "env: {vars: {A: shared, B: shared}}",
                "controlPlane: {env: {vars: {A: own}}}",
                "controllers: {env: {vars: {B: other}}}"));
    assertThat(rendered.environment("agents"))
        .containsEntry("A", "own")
        .containsEntry("B", "shared");
  }

  /** W36: what is said of one component beats what is said of both. */
  @Test
  void a_component_s_probes_resources_strategy_and_lifecycle_beat_the_shared() {
    var rendered =
        Chart.render(
            Values.over(
                SPLIT,
                "livenessProbe: {failureThreshold: 9}\nresources: {requests: {cpu: 100m}}",
                "controllers: {livenessProbe: {periodSeconds: 20}, resources: {requests: {cpu: 2}},"
                    + " deploymentStrategy: {type: Recreate, rollingUpdate: null},"
                    + " lifecycle: {preStop: {sleep: {seconds: 5}}}}"));
    var own = rendered.container("agents-controllers");
    assertThat(own.at("/livenessProbe/periodSeconds").asInt()).isEqualTo(20);
    assertThat(own.at("/livenessProbe/failureThreshold").asInt()).isEqualTo(9);
    assertThat(own.at("/resources").toString()).isEqualTo("{\"requests\":{\"cpu\":2}}");
    assertThat(own.at("/lifecycle/preStop/sleep/seconds").asInt()).isEqualTo(5);
    assertThat(rendered.the("Deployment", "agents-controllers").at("/spec/strategy/type").asText())
        .isEqualTo("Recreate");
    assertThat(rendered.container("agents").at("/livenessProbe/periodSeconds").asInt())
        .isEqualTo(10);
    assertThat(rendered.container("agents").has("lifecycle")).isFalse();
    assertThat(rendered.the("Deployment", "agents").at("/spec/strategy/type").asText())
        .isEqualTo("RollingUpdate");
  }

  @Test
  void a_variable_of_its_own_beats_those_that_come_all_at_once() {
    var container =
        Chart.render(
                "envFromSecretRefs: [one, two]\nenvFromConfigMapRefs: [three]\nenv: {vars: {DATABASE_URL: x}}")
            .container("agents");
    assertThat(container.path("env").findValuesAsText("name")).contains("DATABASE_URL");
    // Kubernetes lets the later of these win, so the order is kept
    assertThat(container.path("envFrom").findValuesAsText("name"))
        .containsExactly("one", "two", "three");
  }

  /** W38. */
  @Test
  void a_name_stands_once_whoever_says_it() {
    var rendered =
        Chart.render(
            Values.over(
                SPLIT,
                "env: {vars: {JANGAR_LEADER_ELECTION_ENABLED: 'true', JANGAR_IMAGE: x,"
                    + " JANGAR_AGENTS_CONTROLLER_QUEUE_REPO: '5', JANGAR_AGENT_RUNNER_IMAGE: z}}",
                "runtime: {agentRunnerImage: 'y:1'}\nrunner: {image: {repository: w}}",
                "controllers: {env: {vars: {JANGAR_IMAGE: v}}}"));
    // environment() itself refuses a second one
    assertThat(rendered.environment("agents"))
        .containsEntry("JANGAR_IMAGE", "x")
        .containsEntry("JANGAR_AGENTS_CONTROLLER_QUEUE_REPO", "5")
        .containsEntry("JANGAR_AGENT_RUNNER_IMAGE", "z");
    assertThat(rendered.environment("agents-controllers")).containsEntry("JANGAR_IMAGE", "v");
  }

  @Test
  void what_the_controllers_are_forced_to_yields_to_their_own_variables_alone() {
    var forced =
        Map.of(
            "JANGAR_MIGRATIONS", "skip",
            "JANGAR_GRPC_ENABLED", "0",
            "JANGAR_CONTROL_PLANE_CACHE_ENABLED", "0",
            "JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED", "true");
    var shared =
        "env: {vars: {JANGAR_MIGRATIONS: auto, JANGAR_GRPC_ENABLED: 'true',"
            + " JANGAR_CONTROL_PLANE_CACHE_ENABLED: 'true', JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED: 'false'}}";
    var rendered = Chart.render(Values.over(SPLIT, shared));
    assertThat(rendered.environment("agents-controllers")).containsAllEntriesOf(forced);
    assertThat(rendered.environment("agents"))
        .containsEntry("JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED", "false")
        .containsEntry("JANGAR_CONTROL_PLANE_CACHE_ENABLED", "true");

    var own =
        "controllers: {env: {vars: {JANGAR_MIGRATIONS: 'off', JANGAR_GRPC_ENABLED: 'off',"
            + " JANGAR_CONTROL_PLANE_CACHE_ENABLED: 'yes', JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED: 'no'}}}";
    assertThat(Chart.render(Values.over(SPLIT, shared, own)).environment("agents-controllers"))
        .containsEntry("JANGAR_MIGRATIONS", "off")
        .containsEntry("JANGAR_GRPC_ENABLED", "off")
        .containsEntry("JANGAR_CONTROL_PLANE_CACHE_ENABLED", "yes")
        .containsEntry("JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED", "no");
  }

  @Test
  void an_image_is_chosen_field_by_field() {
    var digest = "sha256:" + "1".repeat(64);
    var image = "image: {repository: r/jangar, tag: v1, digest: '" + digest + "'}";
    assertThat(image(image)).isEqualTo("r/jangar:v1@" + digest);
    assertThat(image(image, "controlPlane: {image: {tag: v2}}")).isEqualTo("r/jangar:v2@" + digest);
    assertThat(image("image: {repository: r/jangar, digest: '" + digest + "'}"))
        .isEqualTo("r/jangar@" + digest);
    assertThat(
            image(
                "image: {repository: r/jangar, tag: v1}",
                "controlPlane: {image: {repository: r/other}}"))
        .isEqualTo("r/other:v1");
    assertThat(image("image: {repository: r/jangar}")).matches("r/jangar:[0-9].*");
    assertThat(
            Chart.render(Values.over(SPLIT, image, "controllers: {image: {tag: v3}}"))
                .environment("agents-controllers"))
        .containsEntry("JANGAR_IMAGE", "r/jangar:v3@" + digest);
  }

  @Test
  void the_image_of_runs_is_the_overlay_s_the_shared_the_runtime_s_or_the_runner_s() {
    var layers =
        List.of(
            "runner: {image: {repository: runner, tag: '1'}}",
            "runtime: {agentRunnerImage: 'runtime:1'}",
            "env: {vars: {JANGAR_AGENT_RUNNER_IMAGE: 'shared:1'}}",
            "controlPlane: {env: {vars: {JANGAR_AGENT_RUNNER_IMAGE: 'overlay:1'}}}");
    var given = Chart.DATABASE;
    for (int i = 0; i < layers.size(); i++) {
      given = Values.over(given, layers.get(i));
      assertThat(Chart.render(given).environment("agents").get("JANGAR_AGENT_RUNNER_IMAGE"))
          .isEqualTo(List.of("runner:1", "runtime:1", "shared:1", "overlay:1").get(i));
    }
    assertThat(
            Chart.render(Values.over(Chart.DATABASE, "runner: {image: {repository: ''}}"))
                .environment("agents"))
        .doesNotContainKey("JANGAR_AGENT_RUNNER_IMAGE");
  }

  @Test
  void a_database_url_beats_a_secret_and_a_made_secret_holds_the_url() {
    var url = "database: {url: 'postgres://db/j', secretRef: {name: other}}";
    assertThat(Chart.render(url).environment("agents"))
        .containsEntry("DATABASE_URL", "postgres://db/j");
    assertThat(
            Chart.render(Values.over(url, "database: {createSecret: {enabled: true}}"))
                .environment("agents")
                .get("DATABASE_URL"))
        .contains("agents-db");
    assertThat(Chart.render(Chart.DATABASE).environment("agents").get("DATABASE_URL"))
        .contains("jangar-db");
  }

  @Test
  void the_account_of_runs_is_the_default_workload_s_or_the_made_one() {
    var made = Values.over(Chart.DATABASE, "runnerServiceAccount: {create: true}");
    assertThat(account(made)).isEqualTo("agents-runner");
    assertThat(account(Values.over(made, "runnerServiceAccount: {name: runs}"))).isEqualTo("runs");
    assertThat(
            account(Values.over(made, "controller: {defaultWorkload: {serviceAccountName: mine}}")))
        .isEqualTo("mine");
    assertThat(account(Values.over(made, "runnerServiceAccount: {setAsDefault: false}"))).isNull();
    assertThat(account(Chart.DATABASE)).isNull();
  }

  @Test
  void the_older_name_of_the_job_s_ttl_wins_if_set() {
    assertThat(
            Chart.render(
                    Values.over(
                        Chart.DATABASE,
                        "controller: {jobTtlSeconds: 0, jobTtlSecondsAfterFinished: 600}"))
                .environment("agents"))
        .containsEntry("JANGAR_AGENT_RUNNER_JOB_TTL_SECONDS", "0");
  }

  @Test
  void other_controllers_watch_what_the_first_does_unless_told() {
    var environment =
        Chart.render(
                Values.over(
                    Chart.DATABASE,
                    "controller: {namespaces: [a, b]}\nsupportingController: {namespaces: [c]}"))
            .environment("agents");
    assertThat(environment)
        .containsEntry("JANGAR_ORCHESTRATION_CONTROLLER_NAMESPACES", "[\"a\",\"b\"]")
        .containsEntry("JANGAR_SUPPORTING_CONTROLLER_NAMESPACES", "[\"c\"]");
  }

  private static String image(String... layers) {
    return Chart.render(Values.over(Chart.DATABASE, Values.over(layers)))
        .container("agents")
        .path("image")
        .asText();
  }

  private static String account(String values) {
    return Chart.render(values).environment("agents").get("JANGAR_AGENT_RUNNER_SERVICE_ACCOUNT");
  }
}
