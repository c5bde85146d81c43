package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.agentrun.RunStep;
import ai.proompteng.jangar.camel.RouteFiles;
import ai.proompteng.jangar.kube.ClusterClients;
import ai.proompteng.jangar.testing.Samples;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route, as the server makes it: what it names is there, and where it is listed. */
class RouteCatalogTest {
  private static final Path ROUTES = Path.of("routes");
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| \\S.* \\|$");
  private static final Pattern KEBAB = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private static Wiring wiring;
  private static CamelContext context;
  private static RouteFiles files;
  private static List<RouteDefinition> routes;

  /** The server as it stands before it starts: nothing listens, nobody is asked. */
  @BeforeAll
  static void make() throws Exception {
    var settings = Settings.of(Map.of("DATABASE_URL", "postgres://jangar@127.0.0.1:1/jangar"));
    Config nowhere = new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build();
    wiring = Wiring.server(settings, ClusterClients.open(nowhere, Duration.ofSeconds(1)));
    wiring.watch();
    context = wiring.context();
    context.setAutoStartup(false);
    for (var builder : wiring.routes()) {
      context.addRoutes(builder);
    }
    context.start();
    files = new RouteFiles(context, ROUTES, Optional.empty());
    files.load();
    routes = List.copyOf(model().getRouteDefinitions());
  }

  @AfterAll
  static void close() {
    context.stop();
    wiring.close();
  }

  @Test
  void every_file_loads_into_the_server() {
    assertThat(files.files()).isNotEmpty();
    assertThat(files.broken()).isEmpty();
  }

  @Test
  void what_is_not_there_is_found_when_a_file_loads(@TempDir Path folder) throws IOException {
    write(folder, "bean", "- process: { ref: noSuchBean }");
    write(folder, "component", "- to: { uri: nosuch:thing }");
    write(folder, "option", "- to: { uri: jangar:run, parameters: { agent: a, noSuch: 1 } }");
    write(folder, "verb", "- to: { uri: jangar:nosuch }");
    write(folder, "language", "- setBody: { expression: { nosuch: { expression: x } } }");
    write(folder, "policy", "- to: { uri: direct:x }", "routeConfigurationId: no-such-policy");

    var wrong = new RouteFiles(context, folder, Optional.empty());
    wrong.load();

    assertThat(wrong.broken()).extracting(RouteFiles.Broken::file).hasSize(6);
  }

  @Test
  void every_route_in_the_docs_loads_into_the_server(@TempDir Path folder) throws IOException {
    var examples =
        DocsTest.blocks().stream().filter(it -> it.text().startsWith("- route:")).toList();
    assertThat(examples).isNotEmpty();
    for (int i = 0; i < examples.size(); i++) {
      Files.writeString(folder.resolve(i + ".camel.yaml"), examples.get(i).text());
    }

    var documented = new RouteFiles(context, folder, Optional.empty());
    documented.load();

    assertThat(documented.broken()).as("of " + examples).isEmpty();
  }

  @Test
  void what_goes_to_direct_arrives() throws IOException {
    for (var file : files.files().entrySet()) {
      var named = new ArrayList<String>();
      Samples.documents(Files.readString(file.getValue()))
          .forEach(document -> named.addAll(document.findValuesAsText("uri")));
      named.removeIf(uri -> !uri.startsWith("direct:"));
      assertThat(begins()).as(file.getKey()).containsAll(named);
    }
  }

  @Test
  void every_step_of_a_run_has_its_route() {
    assertThat(begins())
        .containsAll(
            Arrays.stream(RunStep.class.getPermittedSubclasses())
                .map(step -> "direct:agentrun-" + step.getSimpleName().toLowerCase(Locale.ROOT))
                .toList());
  }

  @Test
  void every_route_says_who_it_is_and_what_it_does() {
    assertThat(routes)
        .isNotEmpty()
        .allSatisfy(
            route -> {
              assertThat(route.getRouteId()).matches(KEBAB);
              assertThat(description(route)).as(route.getRouteId()).isNotBlank();
            })
        .extracting(RouteDefinition::getRouteId)
        .doesNotHaveDuplicates();
  }

  @Test
  void every_route_is_listed_and_every_listed_route_is_there() throws IOException {
    var readme = Files.readString(ROUTES.resolve("README.md"));
    var section = readme.substring(readme.indexOf("\n## Every route"));
    var listed = LISTED.matcher(section).results().map(row -> row.group(1)).toList();
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            routes.stream().map(RouteDefinition::getRouteId).toList());
  }

  /** Of a verb of the REST DSL it stands on its endpoint. */
  private static String description(RouteDefinition route) {
    var uri = route.getInput().getEndpointUri();
    return uri.startsWith("rest:") && uri.contains("&description=")
        ? uri.replaceFirst(".*&description=([^&]+).*", "$1")
        : route.getDescriptionText();
  }

  private static List<String> begins() {
    return routes.stream().map(route -> route.getInput().getEndpointUri()).toList();
  }

  private static Model model() {
    return context.getCamelContextExtension().getContextPlugin(Model.class);
  }

  private static void write(Path folder, String name, String step, String... more)
      throws IOException {
    var yaml =
        """
        - route:
            id: %s
            %s
            from:
              uri: direct:wrong-%s
              steps:
                %s
        """;
    Files.writeString(
        folder.resolve(name + ".camel.yaml"),
        yaml.formatted(name, String.join("", more), name, step));
  }
}
