package ai.proompteng.jangar.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the embedded API server says of itself, so that kubectl finds its way: groups, versions and
 * resources, those of the definitions in it included.
 */
final class Discovery {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<Type> BUILT_IN =
      List.of(
          new Type("", "v1", "Namespace", "namespaces", false, List.of("ns"), false),
          new Type("", "v1", "Node", "nodes", false, List.of("no"), false),
          new Type("", "v1", "Pod", "pods", true, List.of("po"), true),
          new Type("", "v1", "ConfigMap", "configmaps", true, List.of("cm"), false),
          new Type("", "v1", "Secret", "secrets", true, List.of(), false),
          new Type("", "v1", "Event", "events", true, List.of("ev"), false),
          new Type("", "v1", "ServiceAccount", "serviceaccounts", true, List.of("sa"), false),
          new Type("batch", "v1", "Job", "jobs", true, List.of(), true),
          new Type("batch", "v1", "CronJob", "cronjobs", true, List.of("cj"), true),
          new Type("coordination.k8s.io", "v1", "Lease", "leases", true, List.of(), false),
          new Type(
              "apiextensions.k8s.io",
              "v1",
              "CustomResourceDefinition",
              "customresourcedefinitions",
              false,
              List.of("crd", "crds"),
              true));

  /** One resource, as discovery lists it. */
  record Type(
      String group,
      String version,
      String kind,
      String plural,
      boolean namespaced,
      List<String> shortNames,
      boolean status) {
    String groupVersion() {
      return group.isEmpty() ? version : group + "/" + version;
    }
  }

  private final List<Type> types;

  /**
   * @param definitions the CustomResourceDefinitions there are
   */
  Discovery(Iterable<JsonNode> definitions) {
    types = new ArrayList<>(BUILT_IN);
    for (var definition : definitions) {
      for (var version : definition.path("spec").path("versions")) {
        types.add(type(definition.path("spec"), version));
      }
    }
  }

  /** The document at a discovery path; empty when it is another path. */
  Optional<JsonNode> at(String path) {
    var parts = path.replaceFirst("^/", "").split("/");
    if (path.equals("/version")) {
      return Optional.of(
          NODES.objectNode().put("major", "1").put("minor", "36").put("gitVersion", "v1.36.0"));
    }
    if (path.equals("/api")) {
      var versions = list("APIVersions").without("apiVersion");
      ((ObjectNode) versions).putArray("versions").add("v1");
      return Optional.of(versions);
    }
    if (path.equals("/apis")) {
      var groups = list("APIGroupList");
      var array = groups.putArray("groups");
      types.stream()
          .map(Type::group)
          .filter(group -> !group.isEmpty())
          .distinct()
          .forEach(group -> array.add(group(group)));
      return Optional.of(groups);
    }
    return switch (parts.length) {
      case 2 -> parts[0].equals("api") ? resources("", parts[1]) : Optional.of(group(parts[1]));
      case 3 -> parts[0].equals("apis") ? resources(parts[1], parts[2]) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The type a path of that group, version and plural speaks of. */
  Optional<Type> type(String group, String version, String plural) {
    return types.stream()
        .filter(
            type ->
                type.group().equals(group)
                    && type.version().equals(version)
                    && type.plural().equals(plural))
        .findFirst();
  }

  private static Type type(JsonNode spec, JsonNode version) {
    var shortNames = new ArrayList<String>();
    spec.path("names").path("shortNames").forEach(name -> shortNames.add(name.asText()));
    return new Type(
        spec.path("group").asText(),
        version.path("name").asText(),
        spec.path("names").path("kind").asText(),
        spec.path("names").path("plural").asText(),
        !spec.path("scope").asText().equals("Cluster"),
        shortNames,
        version.path("subresources").has("status"));
  }

  private ObjectNode group(String name) {
    var group = list("APIGroup").put("name", name);
    var versions = group.putArray("versions");
    types.stream()
        .filter(type -> type.group().equals(name))
        .map(Type::version)
        .distinct()
        .forEach(
            version ->
                versions
                    .addObject()
                    .put("groupVersion", name + "/" + version)
                    .put("version", version));
    if (!versions.isEmpty()) {
      group.set("preferredVersion", versions.get(0).deepCopy());
    }
    return group;
  }

  private Optional<JsonNode> resources(String group, String version) {
    var found =
        types.stream()
            .filter(type -> type.group().equals(group) && type.version().equals(version))
            .toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var document = list("APIResourceList").put("groupVersion", found.get(0).groupVersion());
    var resources = document.putArray("resources");
    found.forEach(type -> add(resources, type));
    return Optional.of(document);
  }

  private static void add(ArrayNode resources, Type type) {
    var resource = resource(resources, type, type.plural());
    List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
        .forEach(resource.putArray("verbs")::add);
    type.shortNames().forEach(resource.putArray("shortNames")::add);
    if (type.status()) {
      var status = resource(resources, type, type.plural() + "/status");
      List.of("get", "patch", "update").forEach(status.putArray("verbs")::add);
    }
    if (type.plural().equals("pods")) {
      resource(resources, type, "pods/log").putArray("verbs").add("get");
    }
  }

  private static ObjectNode resource(ArrayNode resources, Type type, String name) {
    return resources
        .addObject()
        .put("name", name)
        .put("singularName", type.kind().toLowerCase(java.util.Locale.ROOT))
        .put("namespaced", type.namespaced())
        .put("kind", type.kind());
  }

  private static ObjectNode list(String kind) {
    return NODES.objectNode().put("kind", kind).put("apiVersion", "v1");
  }
}
