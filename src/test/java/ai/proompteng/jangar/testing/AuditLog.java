package ai.proompteng.jangar.testing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the API server was asked for, ever: {@code JANGAR_TEST_AUDIT_LOG}. */
public final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OF_A_TEST = "system:serviceaccount:test-";

  private static final int CREATED = 201;
  private static final int CLIENT_GONE = 504;
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
   * that dies before its answer leaves a 504, made or not: it counts where no 201 followed.
   */
  public List<String> created(String plural, String namespace) {
    return read(
        line -> line.contains("\"create\"") && line.contains('"' + namespace + '"'),
        events -> {
          var answers =
              events
                  .filter(event -> event.path("verb").asText().equals("create"))
                  .filter(event -> event.at("/objectRef/resource").asText().equals(plural))
                  .filter(event -> event.at("/objectRef/namespace").asText().equals(namespace))
                  .filter(event -> event.at("/objectRef/subresource").isMissingNode())
                  .collect(groupingBy(AuditLog::code, mapping(AuditLog::name, toList())));
          var created = answers.getOrDefault(CREATED, List.of());
          return Stream.concat(
              created.stream(),
              answers.getOrDefault(CLIENT_GONE, List.of()).stream()
                  .distinct()
                  .filter(name -> !created.contains(name)));
        });
  }

  /** What a client has asked for, in order; answered or not. */
  public List<Request> requests(String userAgent) {
    return read(
        by(userAgent),
        events ->
            events
                .filter(event -> event.has("objectRef")) // what a kind is like may everybody ask
                .filter(event -> !event.path("stage").asText().equals("ResponseStarted"))
                .map(Request::of));
  }

  /** What a client has tried to change, in order, its own Lease aside. */
  public List<Write> writes(String userAgent) {
    return read(
        by(userAgent),
        events ->
            events
                .filter(event -> event.path("stage").asText().equals("ResponseComplete"))
                .map(event -> new Write(Request.of(event), code(event)))
                .filter(write -> CHANGES.contains(write.request().what().split(" ")[0]))
                .filter(write -> !write.request().what().endsWith(" leases")));
  }

  /** What ServiceAccounts of that name in the tests' namespaces have asked for, ever. */
  public List<Asked> asked(Collection<String> serviceAccounts) {
    return read(
        line -> serviceAccounts.stream().anyMatch(name -> line.contains(":" + name)),
        events ->
            events
                .filter(event -> !event.path("stage").asText().equals("ResponseStarted"))
                .map(Asked::of)
                .filter(asked -> serviceAccounts.contains(asked.account())));
  }

  private static Predicate<String> by(String userAgent) {
    return line -> line.contains("\"userAgent\":\"" + userAgent + "\"");
  }

  /** From the oldest on: a log that grew large was put aside under its name and a time. */
  private <T> List<T> read(
      Predicate<String> lines, Function<Stream<JsonNode>, Stream<T>> ofEvents) {
    try (var beside = Files.list(file.toAbsolutePath().getParent())) {
      var logs = beside.filter(AuditLog::isOne).sorted();
      return ofEvents
          .apply(logs.flatMap(AuditLog::lines).filter(lines).map(AuditLog::parsed))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> lines(Path log) {
    try {
      return Files.lines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOne(Path path) {
    return path.getFileName().toString().matches("audit.*\\.log");
  }

  private static int code(JsonNode event) {
    return event.at("/responseStatus/code").asInt();
  }

  private static String name(JsonNode event) {
    return event.at("/objectRef/name").asText();
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
