package ai.proompteng.jangar;

import ai.proompteng.jangar.camel.RouteFiles;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What keeps this process from being ready, as {@code /ready} names it (orchestration-and-api.md
 * 8.2).
 *
 * @param definitions the codes of what the definitions in the cluster lack
 * @param routeFiles empty until they are loaded
 * @param reconciling true once the reconciling routes run
 */
record Troubles(
    Database database,
    Cluster cluster,
    Supplier<List<String>> definitions,
    Supplier<Optional<RouteFiles>> routeFiles,
    BooleanSupplier reconciling)
    implements Supplier<List<String>> {
  private static final String NOT_INGESTING = "agentrun_ingestion_not_ready";

  @Override
  public List<String> get() {
    return Stream.of(ofDatabase(), definitions.get().stream(), ofCluster(), ofRoutes())
        .flatMap(codes -> codes)
        .toList();
  }

  private Stream<String> ofDatabase() {
    var trouble = database.trouble();
    if (trouble.isPresent()) {
      return Stream.of(trouble.get().code());
    }
    return database.ping() ? Stream.empty() : Stream.of("database_unreachable");
  }

  private Stream<String> ofCluster() {
    var unsynced =
        cluster.troubles().entrySet().stream()
            .filter(trouble -> !cluster.synced(trouble.getKey()))
            .map(trouble -> ofType(trouble.getKey(), trouble.getValue()));
    return reconciling.getAsBoolean()
        ? unsynced
        : Stream.concat(unsynced, Stream.of(NOT_INGESTING)).distinct();
  }

  /** A kind that is missing or forbidden is named; one that is only not read yet is not. */
  private static String ofType(ResourceType type, String trouble) {
    var name = type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
    return switch (trouble) {
      case "missing", "forbidden" -> trouble + "_agents_crd:" + name;
      default -> NOT_INGESTING;
    };
  }

  private Stream<String> ofRoutes() {
    return routeFiles
        .get()
        .map(files -> files.broken().stream().map(broken -> "route_file_broken:" + broken.file()))
        .orElse(Stream.of("routes_not_loaded"));
  }
}
