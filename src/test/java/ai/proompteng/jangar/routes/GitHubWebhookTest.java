package ai.proompteng.jangar.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Refused;
import java.util.List;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.junit.jupiter.api.Test;

/**
 * {@code routes/intake/github-webhook.camel.yaml}: in what order, and what a failure leaves out.
 */
class GitHubWebhookTest extends ShippedRoute {
  private static final List<String> ADDRESSES =
      List.of("v1", "v1-source", "api", "api-source").stream()
          .map("github-webhook-"::concat)
          .toList();

  private boolean forged;

  /** Stands for the bean that reads GitHub's events. */
  public final class Events {
    public List<String> workItems(String event) {
      taken.add("gitHubIssues");
      return List.of("an item of " + event);
    }
  }

  GitHubWebhookTest() {
    super("policy/refuse-clearly", "intake/github-webhook");
  }

  @Override
  public void configureContext(CamelContextConfiguration configuration) {
    super.configureContext(configuration);
    configuration.withMockEndpointsAndSkip("jangar:intake*");
    ADDRESSES.forEach(id -> configuration.replaceRouteFromWith(id, "direct:" + id));
  }

  @Override
  protected void bindToRegistry(Registry registry) throws Exception {
    super.bindToRegistry(registry);
    registry.bind("allowedHeadersOnly", step("allowedHeadersOnly"));
    registry.bind(
        "verifyGitHubSignature",
        (org.apache.camel.Processor)
            exchange -> {
              taken.add("verifyGitHubSignature");
              if (forged) {
                throw new Refused(401, "invalid_signature", "the signature does not verify");
              }
            });
    registry.bind("gitHubIssues", new Events());
    registry.bind("webhookAnswer", step("webhookAnswer"));
    registry.bind("refuseClearly", step("refuseClearly"));
  }

  @Test
  void at_every_address_headers_go_first_and_nothing_is_read_before_it_is_verified()
      throws Exception {
    var intake = getMockEndpoint("mock:jangar:intake");
    intake.expectedBodiesReceived(
        ADDRESSES.stream().map(id -> List.of("an item of " + id)).toList());

    for (var id : ADDRESSES) {
      taken.clear();
      template.sendBody("direct:" + id, id);
      assertThat(taken)
          .containsExactly(
              "allowedHeadersOnly", "verifyGitHubSignature", "gitHubIssues", "webhookAnswer");
    }

    intake.assertIsSatisfied();
  }

  @Test
  void what_is_forged_is_refused_unread_and_nothing_is_stored() throws Exception {
    forged = true;
    var intake = getMockEndpoint("mock:jangar:intake");
    intake.expectedMessageCount(0);

    template.sendBody("direct:github-webhook-v1", "forged");

    assertThat(taken)
        .containsExactly("allowedHeadersOnly", "verifyGitHubSignature", "refuseClearly");
    intake.assertIsSatisfied();
  }
}
