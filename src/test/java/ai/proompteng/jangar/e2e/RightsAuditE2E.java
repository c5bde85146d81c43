package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.AuditLog;
import ai.proompteng.jangar.testing.AuditLog.Asked;
import ai.proompteng.jangar.testing.Permission;
import ai.proompteng.jangar.testing.Rights;
import ai.proompteng.jangar.testing.Rights.Account;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules of the chart against all that the servers of the whole suite have asked for: run after
 * it, on its audit log. A rule that is taken away leaves a request that no rule permits; one that
 * is added needs a test that uses it.
 */
@Tag("afterwards")
class RightsAuditE2E {
  /** The door's own tests have a kind of their own, by rbac.extraRules. */
  private static final String TESTS_OWN = "test.jangar.dev";

  /** Where tests take rights away, or there are none, by the start of the namespace. */
  private static final List<String> TAKE_AWAY =
      List.of("test-starte2e", "test-leadere2e", "test-of-nowhere");

  private static final List<Asked> ASKED =
      AuditLog.of(RightsAuditE2E.class)
          .asked(Arrays.stream(Account.values()).map(Account::serviceAccount).toList())
          .stream()
          .filter(asked -> !asked.what().resource().isEmpty()) // discovery, which everybody may
          .filter(asked -> !asked.what().group().equals(TESTS_OWN))
          .filter(asked -> !asked.home().startsWith("test-rightse2e-")) // asks for its own sake
          .toList();

  @ParameterizedTest
  @EnumSource
  void each_request_is_permitted_by_a_rule(Account account) {
    var rules = Rights.permissions(account);
    assertThat(of(account).stream().map(Asked::what).filter(what -> !permitted(rules, what)))
        .isEmpty();
  }

  /** Of whatever name: what the Secrets are called is the user's. */
  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CONTROL_PLANE"})
  void each_rule_is_used_by_a_request(Account account) {
    var asked = of(account).stream().map(it -> it.what().withoutName()).collect(Collectors.toSet());
    assertThat(Rights.permissions(account)).allMatch(rule -> asked.contains(rule.withoutName()));
  }

  @ParameterizedTest
  @EnumSource
  void nothing_was_refused_but_where_a_test_took_a_right_away(Account account) {
    assertThat(
            of(account).stream()
                .filter(Asked::refused)
                .filter(asked -> TAKE_AWAY.stream().noneMatch(asked.namespace()::startsWith))
                .filter(asked -> !grantedLater(asked)))
        .isEmpty();
  }

  /** An API server takes a moment to know a Role that was just made. */
  private static boolean grantedLater(Asked refused) {
    return ASKED.stream()
        .filter(asked -> !asked.refused())
        .anyMatch(
            asked ->
                asked.namespace().equals(refused.namespace())
                    && asked.account().equals(refused.account())
                    && asked.what().equals(refused.what()));
  }

  private static List<Asked> of(Account account) {
    return ASKED.stream().filter(it -> it.account().equals(account.serviceAccount())).toList();
  }

  private static boolean permitted(Set<Permission> rules, Permission request) {
    return rules.stream().anyMatch(rule -> rule.allows(request));
  }
}
