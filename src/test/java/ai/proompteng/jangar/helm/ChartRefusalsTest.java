package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.testing.Chart;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values that do not fit are refused at the rendering, all at once (integrations-and-helm.md 5.9,
 * 5.10).
 */
class ChartRefusalsTest {
  private static final String SPLIT = "controllers: {enabled: true}\n";

  /**
   * A wrong value.
   *
   * @param values laid over a database's
   * @param said in the message
   */
  record Wrong(String values, String said) {
    @Override
    public String toString() {
      return values;
    }
  }

  static List<Wrong> schema() {
    return List.of(
        wrong("repliaCount: 2", "additional properties 'repliaCount' not allowed"),
        wrong(
            "controller: {concurency: {cluster: 1}}",
            "additional properties 'concurency' not allowed"),
        wrong("controllers: {image: {tagg: v1}}", "additional properties 'tagg' not allowed"),
        wrong("agentComms: {enabled: true}", "'agentComms' not allowed"), // not built yet
        wrong("auth: {mode: open}", "auth"), // a pod is not on loopback
        // namespaces
        wrong("controller: {namespaces: agents}", "/controller/namespaces"),
        wrong("controller: {namespaces: []}", "/controller/namespaces"),
        wrong("controller: {namespaces: [1]}", "/controller/namespaces/0"),
        wrong("controller: {namespaces: ['']}", "/controller/namespaces/0"),
        wrong("controller: {namespaces: [' a']}", "/controller/namespaces/0"),
        wrong("controller: {namespaces: ['A_b']}", "/controller/namespaces/0"),
        wrong("controller: {namespaces: [a, a]}", "/controller/namespaces"),
        wrong(
            "controller: {namespaces: ['*', a]}\nrbac: {clusterScoped: true}",
            "/controller/namespaces"),
        wrong("controller: {namespaces: ['*']}", "/rbac/clusterScoped"),
        wrong("orchestrationController: {namespaces: []}", "/orchestrationController/namespaces"),
        wrong("orchestrationController: {namespaces: ['*']}", "/rbac/clusterScoped"),
        wrong("supportingController: {namespaces: [a, a]}", "/supportingController/namespaces"),
        wrong("supportingController: {namespaces: ['*']}", "/rbac/clusterScoped"),
        wrong("namespaceOverride: ''", "/namespaceOverride"),
        wrong("namespaceOverride: ' a'", "/namespaceOverride"),
        wrong("namespaceOverride: a.b", "/namespaceOverride"),
        // variables
        wrong("env: {vars: {A: 1}}", "/env/vars/A"),
        wrong("env: {vars: {A: true}}", "/env/vars/A"),
        wrong("env: {vars: {A-B: x}}", "A-B"),
        wrong("controllers: {env: {vars: {A: 1}}}", "/controllers/env/vars/A"),
        // numbers
        wrong("replicaCount: 0", "/replicaCount"),
        wrong(
            "autoscaling: {targetCPUUtilizationPercentage: 101}",
            "/autoscaling/targetCPUUtilizationPercentage"),
        wrong("controller: {concurrency: {cluster: 0}}", "/controller/concurrency/cluster"),
        wrong("controller: {queue: {cluster: -1}}", "/controller/queue/cluster"),
        wrong("controller: {rate: {windowSeconds: 0}}", "/controller/rate/windowSeconds"),
        wrong("controller: {webhook: {queueSize: 0}}", "/controller/webhook/queueSize"),
        wrong(
            "controller: {webhook: {retry: {maxAttempts: 0}}}",
            "/controller/webhook/retry/maxAttempts"),
        wrong(
            "controller: {leaderElection: {retryPeriodSeconds: 0}}",
            "/controller/leaderElection/retryPeriodSeconds"),
        wrong("controller: {jobTtlSeconds: -1}", "/controller/jobTtlSeconds"),
        wrong(
            "controller: {agentRunRetentionSeconds: '1'}", "/controller/agentRunRetentionSeconds"),
        wrong(
            "controller: {vcsProviders: {prRateLimits: {github: {maxRequests: 0}}}}",
            "maxRequests"),
        wrong("webhooks: {maxBodyBytes: 1}", "/webhooks/maxBodyBytes"),
        // words
        wrong("grpc: {serviceType: NodePort}", "/grpc/serviceType"),
        wrong("service: {type: ExternalName}", "/service/type"),
        wrong("image: {pullPolicy: Sometimes}", "/image/pullPolicy"),
        wrong("image: {digest: sha256:12}", "/image/digest"),
        wrong("logging: {level: loud}", "/logging/level"),
        wrong(
            "controller: {vcsProviders: {deprecatedTokenTypes: {github: [password]}}}",
            "deprecatedTokenTypes"),
        wrong("podDisruptionBudget: {minAvailable: most}", "/podDisruptionBudget/minAvailable"),
        wrong("database: {secretRef: {name: 'No Such'}}", "/database/secretRef/name"),
        wrong(
            "rolloutChecksums: {secrets: [{name: a, checksum: abc}]}",
            "/rolloutChecksums/secrets/0/checksum"),
        wrong("routes: {dispatch/x.yaml: '- route: {}'}", "dispatch/x.yaml"),
        wrong("routes: {../x.camel.yaml: '- route: {}'}", "../x.camel.yaml"),
        wrong("routes: {a/b/c/d/x.camel.yaml: '- route: {}'}", "a/b/c/d/x.camel.yaml"),
        wrong("routes: {dispatch/x.camel.yaml: ''}", "/routes/dispatch~1x.camel.yaml"));
  }

  static List<Wrong> together() {
    return List.of(
        // variables
        wrong(
            "grpc: {manageEnvVar: true}\nenv: {vars: {JANGAR_GRPC_PORT: '1'}}",
            "JANGAR_GRPC_PORT is the chart's"),
        wrong(
            "grpc: {manageEnvVar: true}\ncontrollers: {enabled: true, env: {vars: {JANGAR_GRPC_ENABLED: '0'}}}",
            "controllers.env.vars: JANGAR_GRPC_ENABLED is the chart's"),
        wrong(
            "envFromSecretRefs: [{name: s, keys: [JANGAR_POD_UID]}]",
            "JANGAR_POD_UID is the chart's"),
        wrong(
            "envFromSecretRefs: [{name: s, keys: [A]}]\nenvFromConfigMapRefs: [{name: c, keys: [A]}]",
            "the key A comes from envFromSecretRefs s too"),
        wrong("env: {vars: {JANGAR_POD_NAMESPACE: x}}", "JANGAR_POD_NAMESPACE is the chart's"),
        wrong("env: {vars: {JANGAR_SERVICE_ACCOUNT_NAME: x}}", "set serviceAccount.name"),
        wrong("env: {vars: {JANGAR_RBAC_CLUSTER_SCOPED: 'true'}}", "set rbac.clusterScoped"),
        wrong("env: {vars: {JANGAR_AGENTS_CONTROLLER_ENABLED: '0'}}", "set controller.enabled"),
        wrong(
            "env: {vars: {JANGAR_ORCHESTRATION_CONTROLLER_ENABLED: '0'}}",
            "set orchestrationController.enabled"),
        wrong(
            "controllers: {env: {vars: {JANGAR_SUPPORTING_CONTROLLER_ENABLED: '0'}}}",
            "set supportingController.enabled"),
        wrong(
            "env: {vars: {DATABASE_URL: 'postgres://x/y'}}",
            "DATABASE_URL is the chart's; set database"),
        wrong("env: {extra: [{name: PORT, value: '1'}]}", "env.extra: PORT is rendered twice"),
        wrong(
            "env: {secrets: [{name: JANGAR_LOG_LEVEL, secretName: s}]}",
            "env.secrets: JANGAR_LOG_LEVEL is rendered twice"),
        wrong(
            "env: {config: [{name: A, configMapName: c}], extra: [{name: A, value: b}]}",
            "env.extra: A is rendered twice"),
        wrong(
            SPLIT + "env: {extra: [{name: JANGAR_CONTROL_PLANE_CACHE_ENABLED, value: '1'}]}",
            "JANGAR_CONTROL_PLANE_CACHE_ENABLED is rendered twice"),
        wrong("env: {vars: {JANGAR_LOG_LEVLE: debug}}", "no setting is called JANGAR_LOG_LEVLE"),
        wrong(
            "controllers: {env: {vars: {JANGAR_MIGRATION: skip}}}",
            "no setting is called JANGAR_MIGRATION"),
        wrong(
            "env: {secrets: [{name: JANGAR_SECRET, secretName: s}]}",
            "no setting is called JANGAR_SECRET"),
        wrong(
            "controllers: {enabled: true, env: {vars: {JANGAR_GRPC_ENABLED: '1'}}}",
            "JANGAR_GRPC_ENABLED on the controllers"),
        wrong(
            "env: {vars: {JANGAR_ROUTES_DIR: /r}}\nroutes: {a.camel.yaml: '#'}",
            "JANGAR_ROUTES_DIR would hide"),
        // images
        wrong("auth: {mode: token}", "auth.mode: token needs auth.tokenSecret.name"),
        wrong("imagePolicy: {requireDigest: true}", "the image of controlPlane has no digest"),
        wrong("imagePolicy: {requireDigest: true}", "the image of runs has no digest"),
        wrong(
            "imagePolicy: {requireDigest: true}\nruntime: {scheduleRunnerImage: 'a:1'}",
            "runtime.scheduleRunnerImage has no digest"),
        wrong(
            "image: {digest: 'sha256:"
                + "1".repeat(64)
                + "'}\ncontrolPlane: {image: {repository: other}}",
            "image.digest is of another repository"),
        // not built yet
        wrong(
            "controller: {namespaces: ['*']}\nrbac: {clusterScoped: true}",
            "is not supported yet; name the namespaces"),
        // what rolls the pods
        wrong(
            "rolloutChecksums: {enabled: true}",
            "rolloutChecksums.secrets: jangar-db is not listed"),
        wrong(
            "rolloutChecksums: {enabled: true}\nenvFromConfigMapRefs: [c]",
            "rolloutChecksums.configMaps: c is not listed"),
        wrong(
            "rolloutChecksums: {enabled: true}\nenv: {secrets: [{name: A, secretName: s}]}",
            "rolloutChecksums.secrets: s is not listed"),
        // the database
        wrong("database: {secretRef: {name: ''}}", "database: controlPlane has none"),
        wrong(
            "database: {secretRef: {name: ''}}\ncontrollers: {enabled: true}\ncontrolPlane: {env: {vars: {DATABASE_URL: x}}}",
            "database: controllers has none"),
        wrong("database: {createSecret: {enabled: true}}", "it needs database.url"),
        wrong("database: {caSecret: {name: ca, key: ''}}", "its key is empty"),
        // the leader
        wrong(
            "controller: {leaderElection: {retryPeriodSeconds: 20}}",
            "retryPeriodSeconds 20 < renewDeadlineSeconds 20"),
        wrong(
            "controller: {leaderElection: {leaseDurationSeconds: 20}}",
            "renewDeadlineSeconds 20 < leaseDurationSeconds 20"),
        wrong(
            "controller: {leaderElection: {enabled: false}}",
            "without it controlPlane may have one replica"),
        wrong(
            "controller: {leaderElection: {enabled: false}}\ncontrollers: {enabled: true, replicaCount: 2}",
            "without it controllers may have one replica"),
        wrong(
            "controller: {leaderElection: {enabled: false}}\ncontrollers: {enabled: true, autoscaling: {enabled: true}}",
            "without it controllers may have one replica"),
        wrong(
            "env: {vars: {JANGAR_LEADER_ELECTION_ENABLED: 'no'}}",
            "without it controlPlane may have one replica"),
        // pods
        wrong(
            "extraVolumes: [{name: tmp, volume: {emptyDir: {}}}]",
            "extraVolumes: the name tmp is taken"),
        wrong(
            "extraVolumes: [{name: db-ca-cert, volume: {emptyDir: {}}}]",
            "extraVolumes: the name db-ca-cert is taken"),
        wrong(
            "extraVolumes: [{name: a, volume: {emptyDir: {}}}, {name: a, volume: {emptyDir: {}}}]",
            "extraVolumes: the name a is taken"),
        wrong("extraVolumeMounts: [{name: a, mountPath: /a}]", "there is no volume a"),
        wrong(
            "extraVolumes: [{name: a, volume: {emptyDir: {}}}]\nextraVolumeMounts: [{name: a, mountPath: /tmp}]",
            "the path /tmp is taken"),
        wrong("kubernetesApi: {host: h}", "kubernetesApi: host and port go together"),
        wrong("kubernetesApi: {port: 443}", "kubernetesApi: host and port go together"),
        wrong("routes: {examples/x.camel.yaml: '#'}", "nothing in examples is ever loaded"),
        // availability
        wrong(
            "podDisruptionBudget: {minAvailable: 1, maxUnavailable: 1}",
            "podDisruptionBudget: set one of"),
        wrong(
            "podDisruptionBudget: {minAvailable: '', maxUnavailable: ''}",
            "podDisruptionBudget: set one of"),
        wrong("podDisruptionBudget: {minAvailable: 2}", "minAvailable 2 of 2 replicas"),
        wrong("podDisruptionBudget: {minAvailable: '51%'}", "minAvailable 51% of 2 replicas"),
        wrong("replicaCount: 1", "minAvailable 1 of 1 replicas"),
        wrong(
            "controllers: {enabled: true, podDisruptionBudget: {enabled: true}}",
            "controllers.podDisruptionBudget: minAvailable 1 of 1"),
        wrong(
            "autoscaling: {enabled: true, minReplicas: 4}", "minReplicas is more than maxReplicas"),
        wrong(
            "autoscaling: {enabled: true, minReplicas: 2}\nresources: {requests: {cpu: null}}",
            "the target for cpu needs a request"),
        wrong(
            "controllers: {enabled: true, autoscaling: {enabled: true, targetMemoryUtilizationPercentage: 50}, resources: {requests: {cpu: 1}}}",
            "the target for memory needs a request"),
        // Secrets
        wrong(
            "controller: {authSecret: {name: a}, admissionPolicy: {secrets: {blocked: [a]}}}",
            "controller.authSecret: a is among"));
  }

  @ParameterizedTest
  @MethodSource("schema")
  void the_schema_refuses(Wrong wrong) {
    assertThatThrownBy(() -> Chart.render(Values.over(Chart.DATABASE, wrong.values())))
        .hasMessageContaining("specifications of the schema")
        .hasMessageContaining(wrong.said());
  }

  @ParameterizedTest
  @MethodSource("together")
  void the_templates_refuse(Wrong wrong) {
    assertThatThrownBy(() -> Chart.render(Values.over(Chart.DATABASE, wrong.values())))
        .hasMessageContaining("The values do not fit together")
        .hasMessageContaining(wrong.said());
  }

  @Test
  void all_faults_of_the_schema_are_told_at_once() {
    assertThatThrownBy(
            () ->
                Chart.render(
                    "typo: 1\nreplicaCount: 0\ngrpc: {serviceType: NodePort}\ncontroller: {namespaces: []}"))
        .hasMessageContainingAll(
            "'typo'", "/replicaCount", "/grpc/serviceType", "/controller/namespaces");
  }

  @Test
  void all_faults_that_the_templates_find_are_told_at_once() {
    assertThatThrownBy(
            () ->
                Chart.render(
                    "env: {vars: {JANGAR_TYPO: x, JANGAR_POD_UID: z}}\nkubernetesApi: {host: h}\n"
                        + "podDisruptionBudget: {minAvailable: 5}"))
        .hasMessageContainingAll(
            "database: controlPlane has none",
            "JANGAR_TYPO",
            "JANGAR_POD_UID",
            "kubernetesApi",
            "minAvailable 5 of 2");
  }

  @Test
  void an_unknown_name_passes_when_told_so() {
    assertThat(
            Chart.render(
                    Values.over(
                        Chart.DATABASE, "env: {allowUnknown: true, vars: {JANGAR_OF_TOMORROW: x}}"))
                .environment("agents"))
        .containsEntry("JANGAR_OF_TOMORROW", "x");
  }

  @Test
  void names_that_are_not_ours_are_the_user_s() {
    assertThat(
            Chart.render(Values.over(Chart.DATABASE, "env: {vars: {JAVA_TOOL_OPTIONS: -Xmx1g}}"))
                .environment("agents"))
        .containsEntry("JAVA_TOOL_OPTIONS", "-Xmx1g");
  }

  private static Wrong wrong(String values, String said) {
    return new Wrong(values, said);
  }
}
