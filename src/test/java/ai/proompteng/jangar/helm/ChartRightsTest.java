package ai.proompteng.jangar.helm;

import static ai.proompteng.jangar.testing.Chart.DATABASE;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Chart;
import ai.proompteng.jangar.testing.Permission;
import ai.proompteng.jangar.testing.Rights;
import ai.proompteng.jangar.testing.Rights.Account;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the chart lets the server do, and whom. */
class ChartRightsTest {

  @ParameterizedTest
  @EnumSource
  void no_account_has_more_than_single_things_that_it_asks_for(Account account) {
    assertThat(Rights.permissions(account))
        .isNotEmpty()
        .noneMatch(it -> (it.verb() + it.group() + it.resource()).contains("*"))
        .noneMatch(it -> List.of("escalate", "bind", "impersonate").contains(it.verb()))
        .noneMatch(it -> it.resource().equals("pods/exec"))
        .allMatch(
            it ->
                !it.resource().equals("secrets") || it.verb().equals("get") && !it.name().isEmpty(),
            "Secrets by name only");
  }

  @Test
  void the_controllers_have_what_the_one_server_has_and_the_control_plane_has_less() {
    var server = Rights.permissions(Account.SERVER);
    assertThat(Rights.permissions(Account.CONTROLLERS)).isEqualTo(server);
    assertThat(Rights.permissions(Account.CONTROL_PLANE))
        .isSubsetOf(server)
        .allMatch(
            it ->
                List.of("get", "list", "watch").contains(it.verb())
                    || it.resource().matches("agents|agentruns"))
        .noneMatch(it -> List.of("update", "delete").contains(it.verb()))
        .noneMatch(it -> it.resource().matches("jobs|pods.*|configmaps|leases"));
  }

  @Test
  void no_secret_is_readable_that_is_not_named() {
    assertThat(rules(Chart.render(DATABASE), "agents")).noneMatch(isOf("secrets"));
  }

  @Test
  void each_watched_namespace_has_a_role_and_the_own_one_the_lease() {
    var chart = Chart.render(DATABASE + "controller: {namespaces: [team-a, team-b]}");
    assertThat(chart.all("ClusterRole")).isEmpty();
    assertThat(chart.all("ClusterRoleBinding")).isEmpty();
    for (var kind : List.of("Role", "RoleBinding")) {
      assertThat(chart.all(kind).stream().map(ChartRightsTest::place))
          .containsExactlyInAnyOrder(
              "team-a/agents-agents", "team-b/agents-agents", "agents/agents-leader");
    }
    assertThat(chart.all("Role").stream().filter(it -> of(it).stream().anyMatch(isOf("leases"))))
        .extracting(ChartRightsTest::place)
        .containsExactly("agents/agents-leader");
    assertThat(chart.all("RoleBinding"))
        .allMatch(it -> it.at("/subjects/0/namespace").asText().equals("agents"));
  }

  @Test
  void two_deployments_have_an_account_each_unless_one_is_wanted() {
    var two = DATABASE + "controllers: {enabled: true}\n";
    assertThat(accounts(two)).containsExactlyInAnyOrder("agents-sa", "agents-controllers-sa");
    assertThat(accounts(two + "serviceAccount: {split: false}")).containsExactly("agents-sa");
    assertThat(accounts(DATABASE)).containsExactly("agents-sa");
  }

  @Test
  void the_runs_account_has_no_right_and_no_token() {
    var chart = Chart.render(DATABASE + "runnerServiceAccount: {create: true}");
    assertThat(chart.the("ServiceAccount", "agents-runner").path("automountServiceAccountToken"))
        .hasToString("false");
    assertThat(chart.all("RoleBinding"))
        .noneMatch(it -> it.at("/subjects").toString().contains("agents-runner"));
  }

  @Test
  void what_openshift_asks_for_stands_behind_a_value() {
    assertThat(rules(Chart.render(DATABASE), "agents")).noneMatch(isOf("agentruns/finalizers"));
    assertThat(rules(Chart.render(DATABASE + "rbac: {openshift: true}"), "agents"))
        .contains(new Permission("update", "agents.proompteng.ai", "agentruns/finalizers", ""));
  }

  @Test
  void nothing_is_granted_where_somebody_else_grants_it() {
    var chart = Chart.render(DATABASE + "rbac: {create: false}");
    assertThat(chart.all("Role")).isEmpty();
    assertThat(chart.all("RoleBinding")).isEmpty();
  }

  @Test
  void a_lease_that_nobody_needs_has_no_role() {
    var chart =
        Chart.render(
            DATABASE
                + "replicaCount: 1\npodDisruptionBudget: {enabled: false}\ncontroller: {leaderElection: {enabled: false}}");
    assertThat(chart.all("Role")).hasSize(1);
  }

  private static List<String> accounts(String values) {
    return Chart.render(values).all("ServiceAccount").stream()
        .map(it -> it.at("/metadata/name").asText())
        .toList();
  }

  private static String place(JsonNode object) {
    return object.at("/metadata/namespace").asText() + "/" + object.at("/metadata/name").asText();
  }

  private static List<Permission> rules(Chart.Rendered chart, String role) {
    return of(chart.the("Role", role));
  }

  private static List<Permission> of(JsonNode role) {
    return List.copyOf(Permission.of(Rights.role(role).getRules()));
  }

  private static java.util.function.Predicate<Permission> isOf(String resource) {
    return permission -> permission.resource().equals(resource);
  }
}
