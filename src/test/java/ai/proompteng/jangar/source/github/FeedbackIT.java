package ai.proompteng.jangar.source.github;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.SecretReader.Lookup;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.FakeGitHub;
import ai.proompteng.jangar.testing.FakeGitHub.Fault;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.stub.StubComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped feedback files against GitHub's stand-in: what stands on the issue in the end. */
class FeedbackIT {
  private static final String ISSUE = "octo/hello#1";
  private static final Path ROUTES = Path.of("routes");

  private final FakeGitHub github = FakeGitHub.start();
  private final FakeCluster cluster = new FakeCluster();
  private volatile Lookup token = new Lookup.Found(FakeGitHub.TOKEN);
  private final List<String> own = new java.util.concurrent.CopyOnWriteArrayList<>();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final IdempotentRepository known = new MemoryIdempotentRepository();

  @BeforeEach
  void start() throws Exception {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: ImplementationSource
        metadata: {name: hello, namespace: agents}
        spec:
          provider: github
          auth: {secretRef: {name: gh}}
          webhook: {enabled: true}
          scope: {repository: octo/hello}
        """);
    context.getRegistry().bind("processedMessages", known);
    context.getRegistry().bind("eventInMarkdown", FeedbackProcessors.eventInMarkdown());
    context.addComponent("jangar", new StubComponent());
    context.addRoutes(
        new FeedbackRoutes(
            new FeedbackProcessors(
                cluster,
                (namespace, name, key) -> token,
                (namespace, id, label) -> own.add(namespace + "/" + id + "/" + label),
                github.base(),
                Duration.ZERO,
                Clock.systemUTC()),
            Duration.ofSeconds(1)));
    context.start();
    for (var file :
        List.of("policy/ask-again", "feedback/github-comment", "feedback/github-label")) {
      context
          .getCamelContextExtension()
          .getContextPlugin(org.apache.camel.spi.RoutesLoader.class)
          .loadRoutes(
              org.apache.camel.support.ResourceHelper.resolveResource(
                  context, "file:" + ROUTES.resolve(file + ".camel.yaml")));
    }
    for (var route : List.of("github-comment", "github-label")) {
      AdviceWith.adviceWith(context, route, advice -> advice.replaceFromWith("direct:" + route));
      context.getRouteController().startRoute(route);
    }
  }

  @AfterEach
  void stop() {
    context.stop();
    github.close();
  }

  @Test
  void a_run_has_one_comment_that_says_its_last_state() {
    github.chatter(ISSUE, 150);

    assertThat(comment(started()).getException()).isNull();
    assertThat(ours()).singleElement().asString().contains("has started the run `run-1`");
    assertThat(comment(finished("Failed", "2 tests *fail*, @octo")).getException()).isNull();

    assertThat(ours())
        .singleElement()
        .asString()
        .contains("**Failed** (JobFailed)", "2 tests \\*fail\\*", "- [diff](https://x.test/d)")
        .doesNotContain("@octo");
    assertThat(github.comments(ISSUE)).hasSize(151);
  }

  @Test
  void what_has_been_told_is_not_told_again() {
    comment(started());
    int asked = github.requests().size();

    comment(started());

    assertThat(github.requests()).hasSize(asked);
  }

  @Test
  void an_answer_that_was_lost_makes_no_second_comment() {
    github.fault(Fault.lostAnswer().times(1).on("POST", "/comments"));

    assertThat(comment(started()).getException()).isNull();

    assertThat(ours()).hasSize(1);
  }

  @Test
  void two_comments_of_a_run_become_one() {
    comment(started());
    github.comment(ISSUE, ours().get(0));

    comment(finished("Succeeded", ""));

    assertThat(ours()).singleElement().asString().contains("**Succeeded**");
  }

  @Test
  void a_comment_that_somebody_has_deleted_while_it_was_changed_is_written_again() {
    comment(started());
    github.fault(Fault.answer(404, Map.of()).times(1).on("PATCH", "/comments/"));

    assertThat(comment(finished("Succeeded", "")).getException()).isNull();

    assertThat(ours()).anySatisfy(text -> assertThat(text).contains("**Succeeded**"));
  }

  @Test
  void who_does_not_answer_or_fails_is_asked_again_and_is_nobodys_fault() {
    github.fault(Fault.answer(500, Map.of()));
    assertThat(comment(started()).getException()).isInstanceOf(Unreachable.class);
    assertThat(github.requests()).hasSize(4);
    github.mend();
    github.fault(Fault.silence());
    assertThat(comment(started()).getException()).isInstanceOf(Unreachable.class);
    github.mend();
    assertThat(comment(started()).getException()).isNull();
    assertThat(ours()).hasSize(1);
  }

  @Test
  void a_limit_is_kept_and_no_request_is_made_before_its_end() {
    github.fault(Fault.answer(403, Map.of("Retry-After", "3600")).times(1));

    assertThat(comment(started()).getException())
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("limit");

    assertThat(github.requests()).hasSize(1);
  }

  @Test
  void a_limit_that_is_used_up_is_waited_for_until_its_reset() {
    github.limit(0, Instant.now().plusSeconds(1800));

    assertThat(comment(started()).getException()).isInstanceOf(Unreachable.class);

    assertThat(github.requests()).hasSize(1);
  }

  @Test
  void a_no_is_a_no() {
    github.fault(Fault.answer(403, Map.of("X-RateLimit-Remaining", "4999")));

    assertThat(comment(started()).getException())
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("403")
        .hasMessageContaining("agents/hello")
        .hasMessageNotContaining(FakeGitHub.TOKEN);

    assertThat(github.requests()).hasSize(1);
  }

  @Test
  void a_source_without_a_token_is_named() {
    token = new Lookup.NoKey();

    assertThat(comment(started()).getException())
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("agents/hello", "token");

    assertThat(github.requests()).isEmpty();
  }

  @Test
  void a_token_never_goes_to_another_host() {
    github.fault(Fault.answer(302, Map.of("Location", "http://localhost:" + github.port() + "/")));

    assertThat(comment(started()).getException()).isInstanceOf(Rejected.class);

    assertThat(github.requests()).hasSize(1);
  }

  @Test
  void a_repository_that_was_renamed_is_followed() {
    var there = github.base() + "/repos/octo/renamed/issues/1/comments";
    github.fault(
        Fault.answer(301, Map.of("Location", there)).on("", "/octo/hello/issues/1/comments"));

    assertThat(comment(started()).getException()).isNull();

    assertThat(github.comments("octo/renamed#1")).hasSize(1);
  }

  @Test
  void work_from_elsewhere_is_passed_over() {
    assertThat(comment(event("run.started", "Running", "", null)).getException()).isNull();

    assertThat(github.requests()).isEmpty();
  }

  @Test
  void a_success_gets_the_label_and_nothing_else_does() {
    send("direct:github-label", finished("Failed", ""));
    assertThat(github.labels(ISSUE)).isEmpty();

    assertThat(send("direct:github-label", finished("Succeeded", "")).getException()).isNull();

    assertThat(github.labels(ISSUE)).containsExactly("jangar-done");
    assertThat(own).containsExactly("agents/I_1/jangar-done");
  }

  private List<String> ours() {
    return github.comments(ISSUE).stream()
        .map(FakeGitHub.Comment::body)
        .filter(text -> text.startsWith("<!-- jangar:"))
        .toList();
  }

  private Exchange comment(Map<String, Object> event) {
    return send("direct:github-comment", event);
  }

  private Exchange send(String route, Map<String, Object> event) {
    try (var template = context.createProducerTemplate()) {
      return template.send(route, exchange -> exchange.getMessage().setBody(event));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, Object> started() {
    return event("run.started", "Running", "", source());
  }

  private static Map<String, Object> finished(String phase, String why) {
    return event("run.finished", phase, why, source());
  }

  private static Map<String, Object> source() {
    return Map.of("name", "hello", "provider", "github", "id", "I_1", "externalId", ISSUE);
  }

  private static Map<String, Object> event(
      String type, String phase, String why, Map<String, Object> source) {
    var event = new java.util.HashMap<String, Object>();
    event.put("id", "uid-1/" + phase + "/" + type);
    event.put("type", type);
    event.put("namespace", "agents");
    event.put("name", "run-1");
    event.put("uid", "uid-1");
    event.put("phase", phase);
    event.put("reason", phase.equals("Failed") ? "JobFailed" : "Completed");
    event.put("why", why);
    event.put("source", source);
    event.put("artifacts", List.of(Map.of("name", "diff", "url", "https://x.test/d")));
    return event;
  }
}
