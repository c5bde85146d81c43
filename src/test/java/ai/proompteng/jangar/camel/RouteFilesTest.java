package ai.proompteng.jangar.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesTest {
  @TempDir Path shipped;
  @TempDir Path operators;
  private final CamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() {
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void an_operators_file_replaces_the_shipped_one_of_the_same_path() throws Exception {
    write(shipped, "intake/a.camel.yaml", route("shipped", "direct:a", "log:a"));
    write(operators, "intake/a.camel.yaml", route("mine", "direct:a", "log:a"));

    var files = load();

    assertThat(files.broken()).isEmpty();
    assertThat(context.getRoute("mine")).isNotNull();
    assertThat(context.getRoute("shipped")).isNull();
  }

  @Test
  void a_mounted_config_map_is_read_by_its_paths_alone() throws Exception {
    write(shipped, "intake/a.camel.yaml", route("shipped", "direct:a", "log:a"));
    write(operators, "..2026_11_25/intake/a.camel.yaml", route("mine", "direct:a", "log:a"));
    Files.createSymbolicLink(operators.resolve("..data"), Path.of("..2026_11_25"));
    Files.createSymbolicLink(operators.resolve("intake"), Path.of("..data", "intake"));

    var files = load();

    assertThat(files.broken()).isEmpty();
    assertThat(files.files().keySet()).containsExactly("intake/a.camel.yaml");
    assertThat(context.getRoute("mine")).isNotNull();
  }

  @Test
  void stubs_and_examples_are_never_loaded() throws Exception {
    write(shipped, "local/stub.camel.yaml", route("stub", "direct:s", "log:s"));
    write(shipped, "examples/e.camel.yaml", route("example", "direct:e", "log:e"));

    assertThat(load().files()).isEmpty();
  }

  @Test
  void a_syntax_error_is_named_with_its_line_and_all_others_run() throws Exception {
    write(shipped, "a/bad.camel.yaml", "- route:\n    id: x\n    from: [\n");
    write(shipped, "b/good.camel.yaml", route("good", "direct:g", "log:g"));

    var files = load();

    assertThat(files.broken())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.file()).isEqualTo("a/bad.camel.yaml");
              assertThat(it.line()).isPositive();
            });
    assertThat(context.getRoute("good")).isNotNull();
  }

  @Test
  void an_unknown_component_or_step_leaves_nothing_of_its_file() throws Exception {
    write(
        shipped,
        "a/unknown.camel.yaml",
        route("first", "direct:f", "log:f") + route("second", "direct:s", "nosuch:thing"));
    write(shipped, "b/step.camel.yaml", route("third", "direct:t", "log:t").replace("to:", "too:"));

    var files = load();

    assertThat(files.broken())
        .extracting(RouteFiles.Broken::file)
        .containsExactly("a/unknown.camel.yaml", "b/step.camel.yaml");
    assertThat(files.broken())
        .allSatisfy(it -> assertThat(it.line()).as(it.toString()).isPositive());
    assertThat(context.getRoutes()).isEmpty();
  }

  @Test
  void a_route_id_that_another_file_has_is_refused_and_the_first_goes_on() throws Exception {
    write(shipped, "a/one.camel.yaml", route("same", "direct:one", "log:one"));
    write(shipped, "b/two.camel.yaml", route("same", "direct:two", "log:two"));

    var files = load();

    assertThat(files.broken())
        .singleElement()
        .satisfies(it -> assertThat(it.why()).contains("same"));
    assertThat(context.getRoute("same").getEndpoint().getEndpointUri()).isEqualTo("direct://one");
  }

  @Test
  void policies_are_loaded_before_the_routes_that_name_them() throws Exception {
    write(shipped, "dispatch/a.camel.yaml", route("a", "direct:a", "log:a"));
    write(shipped, "policy/p.camel.yaml", "- routeConfiguration:\n    id: p\n");

    assertThat(load().files().keySet())
        .containsExactly("policy/p.camel.yaml", "dispatch/a.camel.yaml");
  }

  @Test
  void a_policy_that_no_file_has_is_named_with_the_line_of_its_route() throws Exception {
    write(shipped, "policy/p.camel.yaml", "- routeConfiguration:\n    id: ask-again\n");
    var route = route("a", "direct:a", "log:a");
    write(shipped, "a.camel.yaml", policy(route, "ask-again"));
    write(shipped, "b.camel.yaml", policy(route.replace(": a", ": b"), "ask-agian"));

    assertThat(load().broken())
        .containsExactly(
            new RouteFiles.Broken("b.camel.yaml", 1, "no file has the policy ask-agian"));
    assertThat(context.getRoute("a")).isNotNull();
  }

  @Test
  void a_template_that_names_what_no_event_has_is_refused_by_its_line() throws Exception {
    context.addComponent("jangar", new org.apache.camel.component.stub.StubComponent());
    var route =
        """
        - route:
            id: told
            from:
              uri: jangar:events
              steps:
                - setVariable:
                    name: comment
                    expression:
                      simple:
                        expression: |
                          Run ${body[name]} of ${body[source][externalId]}

                          is ${body[NAME]}
                - log:
                    message: ${variable.comment}
        """;
    write(shipped, "a.camel.yaml", route.replace("NAME", "phase"));
    write(shipped, "b.camel.yaml", route.replace("NAME", "outcome").replace("told", "b"));
    write(shipped, "c.camel.yaml", route.replace("[externalId]", "[issue]").replace("told", "c"));
    route = route.replace("NAME", "phase");
    write(shipped, "d.camel.yaml", route.replace("variable.c", "variable.C").replace("told", "d"));
    write(
        shipped,
        "e.camel.yaml",
        route
            .replace("body[phase]", "body[fromLog]")
            .replace("- setVariable", "- to: log:x\n        - setVariable")
            .replace("jangar:events", "jangar:events?subscription=e")
            .replace("told", "e"));

    assertThat(load().broken())
        .containsExactly(
            new RouteFiles.Broken(
                "b.camel.yaml", 13, "no event of jangar:events has body[outcome]"),
            new RouteFiles.Broken(
                "c.camel.yaml", 11, "no event of jangar:events has body[source][issue]"),
            new RouteFiles.Broken(
                "d.camel.yaml", 15, "no event of jangar:events has variable.Comment"));
  }

  private static String policy(String route, String name) {
    return route.replace("    from:", "    routeConfigurationId: " + name + "\n    from:");
  }

  private RouteFiles load() {
    var files = new RouteFiles(context, shipped, Optional.of(operators));
    files.load();
    return files;
  }

  private static void write(Path folder, String name, String content) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static String route(String id, String from, String to) {
    return """
        - route:
            id: %s
            from:
              uri: %s
              steps:
                - to: { uri: "%s" }
        """
        .formatted(id, from, to);
  }
}
