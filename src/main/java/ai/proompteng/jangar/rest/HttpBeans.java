package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.SecretReader;
import ai.proompteng.jangar.source.SigningSecrets;
import ai.proompteng.jangar.source.WebhookSources;
import ai.proompteng.jangar.source.github.GitHubIssues;
import ai.proompteng.jangar.source.github.GitHubProcessors;
import ai.proompteng.jangar.source.github.GitHubWebhooks;
import java.util.Map;

/** What route files may name of HTTP and of GitHub's intake. */
public final class HttpBeans {
  private HttpBeans() {}

  /**
   * Each bean by its name. Listens to the sources from now on, so it comes before the informers
   * start or after, but once.
   */
  public static Map<String, Object> all(
      Cluster cluster, SecretReader secrets, AllowedHeaders headers) {
    var webhooks = new GitHubWebhooks(new WebhookSources(cluster), new SigningSecrets(secrets));
    return Map.of(
        "allowedHeadersOnly", HttpProcessors.allowedHeadersOnly(headers),
        "refuseClearly", HttpProcessors.refuseClearly(),
        "webhookAnswer", HttpProcessors.webhookAnswer(),
        "verifyGitHubSignature",
            GitHubProcessors.verifyGitHubSignature(webhooks, HttpProcessors.PATH),
        "gitHubIssues", new GitHubIssues());
  }
}
