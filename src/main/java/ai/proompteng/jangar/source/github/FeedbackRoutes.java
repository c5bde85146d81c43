package ai.proompteng.jangar.source.github;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpEndpoint;

/**
 * What feedback routes call: each is one effect on an issue that may be asked for again and again.
 * A failure is the caller's, whose policy says how often it is tried.
 */
public final class FeedbackRoutes extends RouteBuilder {
  private static final String ASK = "direct:github-ask";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final FeedbackProcessors github;
  private final Duration answer;

  public FeedbackRoutes(FeedbackProcessors github) {
    this(github, ANSWER);
  }

  FeedbackRoutes(FeedbackProcessors github, Duration answer) {
    this.github = github;
    this.answer = answer;
  }

  @Override
  public void configure() {
    errorHandler(noErrorHandler());
    from("direct:github-comment-keep")
        .routeId("github-comment-keep")
        .description("Writes the variable comment as the run's one comment, or changes it to that")
        .process(github::comment)
        .to(ASK)
        .process(github::done);
    from("direct:github-label-add")
        .routeId("github-label-add")
        .description("Puts the label of the variable label on the issue")
        .process(github::label)
        .to(ASK)
        .process(github::done);
    from(ASK)
        .routeId("github-ask")
        .description("Makes requests to GitHub, one after the other, as it allows")
        .loopDoWhile(github::more)
        .delay(method(github, "turn"))
        .process(github::ask)
        .doTry()
        .to(endpoint())
        .process(github::answered)
        .doCatch(IOException.class)
        .process(github::unanswered)
        .end()
        .end();
  }

  /** One connection at a time, nothing tried again or followed behind our back. */
  private HttpEndpoint endpoint() {
    var millis = answer.toMillis();
    var options =
        Map.of(
            "throwExceptionOnFailure",
            false,
            "disableStreamCache",
            true,
            "copyHeaders",
            false,
            "connectionsPerRoute",
            1,
            "maxTotalConnections",
            1,
            "connectTimeout",
            CONNECT.toMillis(),
            "connectionRequestTimeout",
            millis,
            "responseTimeout",
            millis,
            "soTimeout",
            millis);
    var uri =
        options.entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining("&", github.base() + "?", ""));
    var endpoint = getContext().getEndpoint(uri, HttpEndpoint.class);
    endpoint.setHttpClientConfigurer(
        client ->
            client.disableAutomaticRetries().disableRedirectHandling().disableCookieManagement());
    return endpoint;
  }
}
