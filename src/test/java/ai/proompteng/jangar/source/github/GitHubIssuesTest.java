package ai.proompteng.jangar.source.github;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.ImplementationSourceSpec;
import ai.proompteng.jangar.api.ImplementationSourceSpec.Auth;
import ai.proompteng.jangar.api.ImplementationSourceSpec.Scope;
import ai.proompteng.jangar.api.ImplementationSourceSpec.SecretKeyRef;
import ai.proompteng.jangar.api.ImplementationSourceSpec.Webhook;
import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.source.WebhookSource;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubIssuesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENT =
      """
      {"action":"labeled",
       "issue":{"id":11,"node_id":"I_kw","number":7,"title":"Fix it","body":"Please",
         "state":"open","updated_at":"2026-02-03T04:05:06Z","labels":[{"name":"bug"},"jangar",{"name":null}],
         "html_url":"https://github.com/octo/hello/issues/7"},
       "label":{"name":"never read"},
       "repository":{"id":3,"full_name":"octo/hello","owner":{"login":"octo"}},
       "organization":{"login":"octo-org"}}""";
  private final GitHubIssues issues = new GitHubIssues();

  @Test
  void every_field_comes_from_its_place() {
    assertThat(items("issues", event -> {}))
        .containsExactly(
            new WorkItem(
                "hello",
                "agents",
                "uid-1",
                "github",
                "octo/hello#7",
                "I_kw",
                "d-1",
                Instant.parse("2026-02-03T04:05:06Z"),
                "issues",
                "labeled",
                "open",
                "Fix it",
                "Please",
                List.of("bug", "jangar"),
                null,
                "https://github.com/octo/hello/issues/7",
                null,
                ai.proompteng.jangar.core.Hashes.sha256(EVENT_AS_SENT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opened",
        "edited",
        "reopened",
        "labeled",
        "unlabeled",
        "assigned",
        "unassigned",
        "milestoned",
        "demilestoned",
        "typed",
        "untyped",
        "invented_later"
      })
  void these_actions_carry_the_issue_as_it_is(String action) {
    assertThat(items("issues", event -> event.put("action", action)))
        .singleElement()
        .satisfies(item -> assertThat(item.state()).isEqualTo("open"));
  }

  @ParameterizedTest
  @CsvSource({"closed, closed", "deleted, deleted", "transferred, transferred", "reopened, open"})
  void these_actions_say_what_became_of_it(String action, String state) {
    assertThat(items("issues", event -> event.put("action", action)))
        .singleElement()
        .extracting(WorkItem::state)
        .isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pinned", "unpinned", "locked", "unlocked"})
  void what_changes_nothing_that_we_keep_is_ignored(String action) {
    assertThat(items("issues", event -> event.put("action", action))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "issue_comment", "label", "repository", "push", ""})
  void other_events_are_ignored(String event) {
    assertThat(items(event, payload -> {})).isEmpty();
  }

  @Test
  void an_unknown_action_without_a_whole_issue_is_ignored() {
    assertThat(
            items(
                "issues",
                event -> {
                  event.put("action", "invented_later");
                  issue(event).remove("updated_at");
                }))
        .isEmpty();
    assertThat(items("issues", event -> event.remove("action"))).isEmpty();
  }

  @Test
  void a_pull_request_never_matches() {
    assertThat(items("issues", event -> issue(event).putObject("pull_request"))).isEmpty();
  }

  @Test
  void an_end_counts_from_its_own_time_if_that_is_later() {
    assertThat(
            items(
                "issues",
                event -> {
                  event.put("action", "closed");
                  issue(event).put("closed_at", "2026-02-03T04:05:09Z");
                }))
        .singleElement()
        .extracting(WorkItem::version)
        .isEqualTo(Instant.parse("2026-02-03T04:05:09Z"));
  }

  @Test
  void a_transfer_says_where_it_went() {
    assertThat(
            items(
                "issues",
                event -> {
                  event.put("action", "transferred");
                  var changes = event.putObject("changes");
                  changes.putObject("new_repository").put("full_name", "octo/new");
                  changes.putObject("new_issue").put("number", 2);
                }))
        .singleElement()
        .extracting(WorkItem::movedTo)
        .isEqualTo("octo/new#2");
  }

  @Test
  void what_may_be_missing_may_be_missing() {
    assertThat(
            items(
                "issues",
                event -> {
                  issue(event).put("number", "7").put("id", 11).putNull("body").remove("node_id");
                  issue(event).remove(List.of("labels", "updated_at", "html_url", "state"));
                }))
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.externalId()).isEqualTo("octo/hello#7");
              assertThat(item.sourceId()).isEqualTo("11");
              assertThat(item.text()).isNull();
              assertThat(item.labels()).isNull();
              assertThat(item.version()).isNull();
              assertThat(item.state()).isNull();
              assertThat(item.url()).isNull();
            });
  }

  @Test
  void a_delivery_without_an_id_is_named_by_what_it_says() {
    var signed = signed("issues", EVENT_AS_SENT, source(scope("octo/hello", null)));
    var unnamed = new SignedEvent("issues", null, false, signed.body(), signed.sources());
    assertThat(issues.workItems(unnamed))
        .singleElement()
        .extracting(WorkItem::deliveryId)
        .isEqualTo("octo/hello#7:2026-02-03T04:05:06Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"octo", "octo/a/b", "/hello", "octo/", "", "o o/hello"})
  void a_repository_that_is_none_is_no_identity(String name) {
    nameless(event -> ((ObjectNode) event.get("repository")).put("full_name", name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "x", "", "1234567890123456789"})
  void a_number_that_is_none_is_no_identity(String number) {
    nameless(event -> issue(event).put("number", number));
  }

  @Test
  void an_issue_without_identity_has_no_external_id() {
    nameless(event -> issue(event).remove(List.of("node_id", "id")));
    nameless(event -> event.remove("repository"));
    nameless(event -> issue(event).remove("number"));
    nameless(event -> issue(event).put("number", 0));
  }

  @Test
  void each_source_whose_scope_it_is_in_gets_its_own() {
    var event = EVENT_AS_SENT;
    var in =
        List.of(
            scope("octo/hello", null),
            scope("OCTO/Hello", null),
            scope(null, "Octo-Org"),
            new Scope("octo/hello", null, null, null, List.of("BUG", "jangar"), null));
    for (var scope : in) {
      assertThat(issues.workItems(signed("issues", event, source(scope))))
          .as(scope.toString())
          .hasSize(1);
    }
    var out =
        List.of(
            scope("octo/else", null),
            scope("octo/hello", "else"),
            scope(null, null),
            new Scope("octo/hello", null, null, null, List.of("other"), null),
            new Scope("octo/hello", null, null, null, null, "is:open"),
            new Scope("octo/hello", null, "project", null, null, null),
            new Scope("octo/hello", null, null, "team", null, null));
    for (var scope : out) {
      assertThat(issues.workItems(signed("issues", event, source(scope))))
          .as(scope.toString())
          .isEmpty();
    }
    assertThat(
            issues.workItems(
                signed("issues", event, source(in.get(0)), source(out.get(0)), source(in.get(2)))))
        .hasSize(2);
  }

  @Test
  void unknown_labels_are_not_the_wanted_ones() {
    var wanted = new Scope("octo/hello", null, null, null, List.of("bug"), null);
    var event = change(e -> issue(e).remove("labels"));
    assertThat(issues.workItems(signed("issues", event, source(wanted)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "unlabeled, out-of-scope",
    "closed, closed",
    "deleted, deleted",
    "transferred, transferred"
  })
  void an_issue_that_may_have_left_the_scope_is_told_of(String action, String state) {
    var wanted = new Scope("octo/hello", null, null, null, List.of("docs"), null);
    var event = change(e -> e.put("action", action));
    assertThat(issues.workItems(signed("issues", event, source(wanted))))
        .singleElement()
        .extracting(WorkItem::state)
        .isEqualTo(state);
  }

  @Test
  void an_issue_that_never_had_the_label_or_is_elsewhere_costs_nothing() {
    var wanted = new Scope("octo/hello", null, null, null, List.of("docs"), null);
    var elsewhere = new Scope("octo/other", null, null, null, List.of("docs"), null);
    var edited = change(e -> e.put("action", "edited"));
    var unlabeled = change(e -> e.put("action", "unlabeled"));
    assertThat(issues.workItems(signed("issues", edited, source(wanted)))).isEmpty();
    assertThat(issues.workItems(signed("issues", unlabeled, source(elsewhere)))).isEmpty();
  }

  /** Told to every source that signed it, since nobody knows whose it is. */
  private void nameless(Consumer<ObjectNode> change) {
    assertThat(items("issues", change))
        .singleElement()
        .satisfies(item -> assertThat(item.externalId()).isNull())
        .satisfies(item -> assertThat(item.deliveryId()).isEqualTo("d-1"));
  }

  private List<WorkItem> items(String event, Consumer<ObjectNode> change) {
    return issues.workItems(signed(event, change(change), source(scope("octo/hello", null))));
  }

  private static final String EVENT_AS_SENT = change(event -> {});

  private static String change(Consumer<ObjectNode> change) {
    try {
      var event = (ObjectNode) JSON.readTree(EVENT);
      change.accept(event);
      return JSON.writeValueAsString(event);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode issue(ObjectNode event) {
    return (ObjectNode) event.get("issue");
  }

  private static SignedEvent signed(String event, String body, WebhookSource... sources) {
    return new SignedEvent(
        event, "d-1", false, body.getBytes(StandardCharsets.UTF_8), List.of(sources));
  }

  private static Scope scope(String repository, String organization) {
    return new Scope(repository, organization, null, null, null, null);
  }

  private static WebhookSource source(Scope scope) {
    return new WebhookSource(
        new Meta("hello", "agents", "uid-1", "1", 1L, null, null, null, null, null),
        new ImplementationSourceSpec(
            "github",
            new Auth(new SecretKeyRef("s", null)),
            new Webhook(true, null, null),
            null,
            scope,
            null));
  }
}
