package ai.proompteng.jangar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the API server was asked for, ever: {@code JANGAR_TEST_AUDIT_LOG}. */
public final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OF_A_TEST = "system:serviceaccount:test-";

  private static final int CREATED = 201;
  private static final int CONFLICT = 409;
  private static final int CLIENT_GONE = 499;
  private static final Set<String> CHANGES = Set.of("create", "update", "patch", "delete");

  private final Path file;

  private AuditLog(Path file) {
    this.file = file;
  }

  /** That of the test cluster; a test without one is skipped, or fails in CI. */
  public static AuditLog of(Class<?> testClass) {
    return new AuditLog(
        Path.of(
            Needed.by(testClass.getSimpleName(), "an API server's log", "JANGAR_TEST_AUDIT_LOG")));
  }

  /**
   * Names of what was created there, one for each time; whoever asked, and deleted or not. A client
   * that dies before its answer leaves another code than 201 beside the object that it has made.
   */
  public List<String> created(String plural, String namespace) {
    try (var lines = Files.lines(file)) {
      var asked =
          lines
              .filter(line -> line.contains("\"create\"") && line.contains('"' + namespace + '"'))
              .map(AuditLog::parsed)
              .filter(
                  event ->
                      event.path("verb").asText().equals("create")
                          && event.at("/objectRef/resource").asText().equals(plural)
                          && event.at("/objectRef/namespace").asText().equals(namespace)
                          && event.at("/objectRef/subresource").isMissingNode())
              .toList();
      var created =
          asked.stream()
              .filter(event -> code(event) == CREATED)
              .map(AuditLog::name)
              .collect(Collectors.toCollection(ArrayList::new));
      asked.stream()
          .filter(event -> code(event) >= CLIENT_GONE || code(event) == CONFLICT)
          .map(AuditLog::name)
          .filter(name -> !name.isEmpty() && !created.contains(name))
          .distinct()
          .toList()
          .forEach(created::add);
      return List.copyOf(created);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int code(JsonNode event) {
    return event.at("/responseStatus/code").asInt();
  }

  private static String name(JsonNode event) {
    return event.at("/objectRef/name").asText();
  }

  /** What a client has asked for, in order; answered or not. */
  public List<Request> requests(String userAgent) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.contains("\"userAgent\":\"" + userAgent + "\""))
          .map(AuditLog::parsed)
          .filter(event -> event.has("objectRef")) // what a kind is like may everybody ask
          .filter(event -> !event.path("stage").asText().equals("ResponseStarted"))
          .map(Request::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a client has tried to change, in order, its own Lease aside. */
  public List<Write> writes(String userAgent) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.contains("\"userAgent\":\"" + userAgent + "\""))
          .map(AuditLog::parsed)
          .filter(event -> event.path("stage").asText().equals("ResponseComplete"))
          .map(event -> new Write(Request.of(event), event.at("/responseStatus/code").asInt()))
          .filter(write -> CHANGES.contains(write.request().what().split(" ")[0]))
          .filter(write -> !write.request().what().endsWith(" leases"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One request that changes something.
   *
   * @param code the server's answer
   */
  public record Write(Request request, int code) {
    public boolean accepted() {
      return code < 300;
    }
  }

  /**
   * One request.
   *
   * @param what the verb and the plural, {@code update agentruns/status} say
   * @param namespace empty for all namespaces
   * @param name empty for a collection
   */
  public record Request(String what, String namespace, String name) {
    private static Request of(JsonNode event) {
      var object = event.path("objectRef");
      var part = object.has("subresource") ? "/" + object.path("subresource").asText() : "";
      return new Request(
          event.path("verb").asText() + " " + object.path("resource").asText() + part,
          object.path("namespace").asText(),
          object.path("name").asText());
    }
  }

  /** What ServiceAccounts of that name in the tests' namespaces have asked for, ever. */
  public List<Asked> asked(Collection<String> serviceAccounts) {
    try (var beside = Files.list(file.toAbsolutePath().getParent())) {
      // a log that grew large was put aside under its name and a time
      return beside
          .filter(path -> path.getFileName().toString().matches("audit.*\\.log"))
          .flatMap(path -> asked(path, serviceAccounts).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Asked> asked(Path file, Collection<String> serviceAccounts) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> serviceAccounts.stream().anyMatch(name -> line.contains(":" + name)))
          .map(AuditLog::parsed)
          .filter(event -> !event.path("stage").asText().equals("ResponseStarted"))
          .map(Asked::of)
          .filter(asked -> serviceAccounts.contains(asked.account()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A request of a ServiceAccount.
   *
   * @param home the namespace of the account
   * @param account its name
   * @param what with the object's name; the resource is empty for what is none, {@code /version}
   * @param refused true when it was not allowed
   */
  public record Asked(
      String home, String account, String namespace, Permission what, boolean refused) {
    private static Asked of(JsonNode event) {
      var user = event.at("/user/username").asText();
      var object = event.path("objectRef");
      var part = object.has("subresource") ? "/" + object.path("subresource").asText() : "";
      return new Asked(
          user.startsWith(OF_A_TEST) ? user.split(":")[2] : "",
          user.startsWith(OF_A_TEST) ? user.substring(user.lastIndexOf(':') + 1) : "",
          object.path("namespace").asText(),
          new Permission(
              event.path("verb").asText(),
              object.path("apiGroup").asText(),
              object.path("resource").asText() + part,
              object.path("name").asText()),
          event.at("/annotations/authorization.k8s.io~1decision").asText().equals("forbid"));
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
