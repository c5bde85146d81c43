package ai.proompteng.jangar.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The server's accounts in the namespaces of a test, each with the rules that the chart renders for
 * it: no more and no fewer. What a test does by its own hands it does with every right.
 */
public final class Rights {
  /** The Secrets that the tests' sources name; one of them is not there. */
  public static final List<String> SECRETS = List.of("octo", "gh", "gone");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** One account: the release and the layout that have it, and its name. */
  public enum Account {
    SERVER("agents", false, "agents-sa"),
    CONTROL_PLANE("split", true, "split-agents-sa"),
    CONTROLLERS("split", true, "split-agents-controllers-sa");

    private final String release;
    private final boolean split;
    private final String serviceAccount;

    Account(String release, boolean split, String serviceAccount) {
      this.release = release;
      this.split = split;
      this.serviceAccount = serviceAccount;
    }

    /** The name of its ServiceAccount. */
    public String serviceAccount() {
      return serviceAccount;
    }
  }

  private final KubernetesClient client;
  private final Config admin;
  private final Account account;
  private final String own;
  private final List<Role> roles;
  private final Map<String, Set<Permission>> inForce = new HashMap<>();
  private Path kubeconfig;

  /**
   * Makes the account and gives it its rights.
   *
   * @param admin who may do that
   * @param values of the chart, beside those that say which account it is
   * @param namespaces that are watched; the first is the server's own
   */
  Rights(
      KubernetesClient client,
      Config admin,
      Account account,
      String values,
      List<String> namespaces) {
    this.client = client;
    this.admin = admin;
    this.account = account;
    this.own = namespaces.get(0);
    var objects = rendered(account, values, namespaces);
    objects.forEach(object -> apply(client, object));
    this.roles = objects.stream().filter(Role.class::isInstance).map(Role.class::cast).toList();
    roles.forEach(this::awaitInForce);
  }

  /** The chart's Roles for that account, as they are in its own namespace. */
  public static List<Role> roles(Account account) {
    return rendered(account, "", List.of("own")).stream()
        .filter(Role.class::isInstance)
        .map(Role.class::cast)
        .toList();
  }

  /** A rendered Role. */
  public static Role role(JsonNode object) {
    return Serialization.unmarshal(object.toString(), Role.class);
  }

  /** All that the chart allows that account. */
  public static Set<Permission> permissions(Account account) {
    return Permission.of(roles(account).stream().flatMap(it -> it.getRules().stream()).toList());
  }

  /** A config that is this account, and nobody else. */
  public Config config() {
    return new ConfigBuilder()
        .withAutoConfigure(false)
        .withMasterUrl(admin.getMasterUrl())
        .withCaCertData(admin.getCaCertData())
        .withCaCertFile(admin.getCaCertFile())
        .withOauthToken(token())
        .withNamespace(own)
        .withRequestTimeout(admin.getRequestTimeout())
        .withConnectionTimeout(admin.getConnectionTimeout())
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  /** The same as a file, for another process. */
  public synchronized Path kubeconfig() {
    if (kubeconfig == null) {
      try {
        kubeconfig = Files.createTempFile("kubeconfig-", ".yaml");
        kubeconfig.toFile().deleteOnExit();
        Files.writeString(
            kubeconfig,
            """
            apiVersion: v1
            kind: Config
            current-context: test
            clusters: [{name: test, cluster: {server: "%s", certificate-authority-data: "%s"}}]
            users: [{name: test, user: {token: "%s"}}]
            contexts: [{name: test, context: {cluster: test, user: test, namespace: "%s"}}]
            """
                .formatted(admin.getMasterUrl(), admin.getCaCertData(), token(), own));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return kubeconfig;
  }

  /**
   * Changes the rules in one namespace, and returns when that is in force.
   *
   * @param change of one rule; null takes it away
   */
  public void change(String namespace, UnaryOperator<PolicyRule> change) {
    replace(
        namespace,
        rules ->
            rules.stream().map(Serialization::clone).map(change).filter(Objects::nonNull).toList());
  }

  /** Takes one right away in one namespace, of all that the chart gives there; likewise. */
  public void without(String namespace, Permission taken) {
    replace(
        namespace,
        rules ->
            Permission.of(rules).stream()
                .filter(permission -> !permission.equals(taken))
                .map(Permission::rule)
                .toList());
  }

  private void replace(String namespace, UnaryOperator<List<PolicyRule>> rules) {
    for (var role : roles) {
      if (role.getMetadata().getNamespace().equals(namespace)) {
        var other = Serialization.clone(role);
        other.setRules(rules.apply(role.getRules()));
        apply(client, other);
        awaitInForce(other);
      }
    }
  }

  /** Gives back all that {@link #change} took. */
  public void restore(String namespace) {
    change(namespace, rule -> rule);
  }

  private String token() {
    return client
        .serviceAccounts()
        .inNamespace(own)
        .withName(account.serviceAccount)
        .tokenRequest()
        .getStatus()
        .getToken();
  }

  private static List<HasMetadata> rendered(
      Account account, String values, List<String> namespaces) {
    var all =
        """
        namespaceOverride: %s
        database: {secretRef: {name: jangar-db}}
        controller: {namespaces: %s}
        controllers: {enabled: %s}
        %s
        """
            .formatted(
                namespaces.get(0),
                namespaces,
                account.split,
                values.isEmpty() ? "rbac: {secretNames: " + SECRETS + "}" : values);
    var objects = new ArrayList<HasMetadata>();
    for (var object : Chart.render(account.release, all).objects()) {
      if (isOf(account, object)) {
        objects.add(Serialization.unmarshal(object.toString(), HasMetadata.class));
      }
    }
    var bound =
        objects.stream()
            .filter(object -> object.getKind().equals("RoleBinding"))
            .map(object -> object.getMetadata().getName())
            .toList();
    objects.removeIf(
        object ->
            object.getKind().equals("Role") && !bound.contains(object.getMetadata().getName()));
    return objects;
  }

  /** Its ServiceAccount and its RoleBindings; all Roles, since they do not say whose they are. */
  private static boolean isOf(Account account, JsonNode object) {
    return switch (object.path("kind").asText()) {
      case "ServiceAccount" -> object.at("/metadata/name").asText().equals(account.serviceAccount);
      case "RoleBinding" -> object.at("/subjects/0/name").asText().equals(account.serviceAccount);
      case "Role" -> true;
      default -> false;
    };
  }

  private static void apply(KubernetesClient client, HasMetadata object) {
    client.resource(object).forceConflicts().serverSideApply();
  }

  /** The API server learns of a Role a moment after it is written. */
  private void awaitInForce(Role role) {
    var now = Permission.of(role.getRules());
    var before = inForce.put(role.getMetadata().getNamespace() + role.getMetadata().getName(), now);
    var other = before == null ? Set.<Permission>of() : before;
    Stream.concat(
            now.stream().filter(it -> !other.contains(it)),
            other.stream().filter(it -> !now.contains(it)))
        .forEach(
            permission ->
                await(account + ": " + permission)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(
                        () ->
                            allowed(role.getMetadata().getNamespace(), permission)
                                == now.contains(permission)));
  }

  private boolean allowed(String namespace, Permission permission) {
    var parts = permission.resource().split("/", 2);
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("system:serviceaccount:" + own + ":" + account.serviceAccount)
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withGroup(permission.group())
            .withResource(parts[0])
            .withSubresource(parts.length > 1 ? parts[1] : null)
            .withVerb(permission.verb())
            .withName(permission.name())
            .endResourceAttributes()
            .endSpec()
            .build();
    return client
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }
}
