package ai.proompteng.jangar.camel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The YAML routes: those that ship, and an operator's, of which one replaces the shipped file of
 * the same path. Each file stands alone: one that does not load is named, with its line, and takes
 * no other with it.
 */
public final class RouteFiles {
  /** The most files that are read of a folder. */
  public static final int MAX_FILES = 500;

  private static final int MAX_DEPTH = 4;

  private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);
  private static final String SUFFIX = ".camel.yaml";
  private static final List<String> NEVER_LOADED = List.of("local", "examples");
  private static final String POLICIES = "policy";

  /** A file that does not run. */
  public record Broken(String file, int line, String why) {}

  /** What a file holds. */
  private record Parsed(List<RouteDefinition> routes, Set<String> policies) {}

  /** A route with a name that cannot stand. */
  private static final class Misnamed extends RuntimeException {
    private final int line;

    Misnamed(int line, String message) {
      super(message);
      this.line = line;
    }

    Misnamed(RouteDefinition route, String message) {
      super(message);
      line = route.getLineNumber();
    }
  }

  /** Starts what its file leaves off. */
  private static final class Started extends ModelLifecycleStrategySupport {
    private final Set<String> ids;

    Started(Set<String> ids) {
      this.ids = ids;
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
      if (ids.contains(route.getRouteId())) {
        route.setAutoStartup("true");
      }
    }
  }

  private final CamelContext context;
  private final TreeMap<String, Path> files = new TreeMap<>(policiesFirst());
  private final List<Broken> broken = new ArrayList<>();

  /**
   * Finds the files; loads none.
   *
   * @param shipped the folder of the shipped routes
   * @param operators the folder of an operator's, which need not exist
   */
  public RouteFiles(CamelContext context, Path shipped, Optional<Path> operators) {
    this(context, shipped, operators, Set.of());
  }

  /**
   * Finds the files; loads none.
   *
   * @param started ids of routes that run although their file says {@code autoStartup: false}
   */
  public RouteFiles(
      CamelContext context, Path shipped, Optional<Path> operators, Set<String> started) {
    this.context = context;
    if (!started.isEmpty()) {
      model().addModelLifecycleStrategy(new Started(started));
    }
    collect(shipped);
    operators.ifPresent(this::collect);
  }

  /**
   * What will be loaded: path below its folder, and where it lies. Policies come first, since
   * routes name them.
   */
  public TreeMap<String, Path> files() {
    return new TreeMap<>(files);
  }

  /** The files that do not run, and why. */
  public synchronized List<Broken> broken() {
    return List.copyOf(broken);
  }

  /** Loads and starts them all, into a context that is started. */
  public synchronized void load() {
    files.forEach(this::load);
  }

  private void load(String name, Path file) {
    var before = routeIds();
    List<RouteDefinition> definitions = List.of();
    try {
      var parsed = parse(file);
      definitions = parsed.routes();
      refuseTaken(definitions, before);
      refuseUnknownPolicies(parsed);
      refuseUnknownFields(file);
      PluginHelper.getRoutesLoader(context).loadRoutes(resource(file));
    } catch (Exception e) {
      var failure = new Broken(name, lineOf(e, definitions), why(e));
      broken.add(failure);
      LOG.atError()
          .addKeyValue("file", name)
          .addKeyValue("line", failure.line())
          .addKeyValue("reason", failure.why())
          .log("A route file does not load; all others run");
      forget(before);
    }
  }

  /**
   * Reads the file into a context that is thrown away: a syntax error or an unknown step shows
   * here, before anything runs.
   */
  private Parsed parse(Path file) throws Exception {
    // a registry of its own, which looks into ours: the end of a context empties its registry
    try (var scratch = new DefaultCamelContext(new DefaultRegistry(context.getRegistry()))) {
      scratch.setSourceLocationEnabled(true);
      PluginHelper.getRoutesLoader(scratch).loadRoutes(resource(file));
      return new Parsed(
          List.copyOf(scratch.getRouteDefinitions()),
          policies(scratch.getRouteConfigurationDefinitions()));
    }
  }

  private static void refuseTaken(List<RouteDefinition> definitions, Set<String> taken) {
    for (var definition : definitions) {
      if (definition.getRouteId() != null && taken.contains(definition.getRouteId())) {
        throw new Misnamed(
            definition, "route id " + definition.getRouteId() + " is taken by another file");
      }
    }
  }

  /** Camel passes over a policy that is not there, and the route would run without one. */
  private void refuseUnknownPolicies(Parsed parsed) {
    var known = policies(model().getRouteConfigurationDefinitions());
    known.addAll(parsed.policies());
    for (var route : parsed.routes()) {
      var named = route.getRouteConfigurationId();
      for (var pattern : named == null ? new String[0] : named.split(",")) {
        if (known.stream().noneMatch(id -> PatternHelper.matchPattern(id, pattern.strip()))) {
          throw new Misnamed(route, "no file has the policy " + pattern.strip());
        }
      }
    }
  }

  /** Camel renders a field that no event has as nothing, and nobody would hear of it. */
  private static void refuseUnknownFields(Path file) throws IOException {
    var unknown = EventFields.firstUnknown(Files.readString(file));
    if (unknown.isPresent()) {
      throw new Misnamed(
          unknown.get().line(), "no event of jangar:events has " + unknown.get().name());
    }
  }

  private static Set<String> policies(List<RouteConfigurationDefinition> definitions) {
    var ids = new HashSet<String>();
    definitions.stream()
        .map(RouteConfigurationDefinition::getId)
        .filter(Objects::nonNull)
        .forEach(ids::add);
    return ids;
  }

  /** Takes out what a failed file has left behind. */
  private void forget(Set<String> before) {
    for (var id : routeIds()) {
      if (!before.contains(id)) {
        try {
          context.getRouteController().stopRoute(id);
          context.removeRoute(id);
          var definition = model().getRouteDefinition(id);
          if (definition != null) {
            model().removeRouteDefinition(definition);
          }
        } catch (Exception e) {
          LOG.atWarn()
              .setCause(e)
              .addKeyValue("route", id)
              .log("A route of a broken file cannot be removed");
        }
      }
    }
  }

  private Set<String> routeIds() {
    var ids = new HashSet<String>();
    model().getRouteDefinitions().forEach(definition -> ids.add(definition.getRouteId()));
    return ids;
  }

  private Model model() {
    return context.getCamelContextExtension().getContextPlugin(Model.class);
  }

  private void collect(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var found = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      found
          .filter(
              file -> file.getFileName().toString().endsWith(SUFFIX) && Files.isRegularFile(file))
          .filter(file -> !ofTheKubelet(folder.relativize(file)))
          .filter(file -> !NEVER_LOADED.contains(folder.relativize(file).getName(0).toString()))
          .limit(MAX_FILES)
          .forEach(file -> files.put(folder.relativize(file).toString().replace('\\', '/'), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A mounted ConfigMap shows each file twice: by its path, and below {@code ..data}. */
  private static boolean ofTheKubelet(Path path) {
    return StreamSupport.stream(path.spliterator(), false)
        .anyMatch(segment -> segment.toString().startsWith(".."));
  }

  private Resource resource(Path file) {
    return ResourceHelper.resolveResource(context, "file:" + file.toAbsolutePath());
  }

  private static Comparator<String> policiesFirst() {
    return Comparator.<String, Boolean>comparing(name -> !name.startsWith(POLICIES + "/"))
        .thenComparing(Comparator.naturalOrder());
  }

  /**
   * The line that the parser names, else the one where the failed route begins; 0 when neither is
   * known.
   */
  private static int lineOf(Throwable failure, List<RouteDefinition> definitions) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException marked
          && marked.getProblemMark().isPresent()) {
        return marked.getProblemMark().get().getLine() + 1;
      }
      if (cause instanceof Misnamed misnamed) {
        return Math.max(0, misnamed.line);
      }
      if (cause instanceof FailedToCreateRouteException failed) {
        return definitions.stream()
            .filter(
                definition ->
                    failed.getRouteId() != null
                        && failed.getRouteId().equals(definition.getRouteId()))
            .mapToInt(RouteDefinition::getLineNumber)
            .findFirst()
            .orElse(0);
      }
    }
    return 0;
  }

  private static String why(Throwable failure) {
    var deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null
        ? deepest.getClass().getSimpleName()
        : deepest.getMessage().lines().findFirst().orElse("");
  }
}
