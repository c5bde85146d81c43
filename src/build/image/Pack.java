import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Packs a folder that {@code files} laid out into an OCI archive, with the list of its parts inside
 * and beside it. Times, order and owners are fixed, so the same files give the same digest.
 */
final class Pack {
  private static final String USER = "65532:65532";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** What an image is besides its files: each of its layers is a folder of them, the rest is one. */
  private record Kind(
      String title, String description, List<String> layers, String home, boolean serves) {}

  private static final Map<String, Kind> KINDS =
      Map.of(
          "server",
          new Kind(
              "jangar",
              "The control plane for coding agents on Kubernetes",
              List.of("opt/java", "opt/jangar/lib"),
              "opt/jangar",
              true),
          "runner",
          new Kind(
              "agent-runner",
              "Runs an agent in a pod of Jangar's; the image to build agents' images from",
              List.of("opt/java"),
              "opt/agent-runner",
              false));

  private final Kind kind;
  private final Path root;
  private final Path out;
  private final String version;
  private final Instant created;

  private Pack(Kind kind, Path root, Path out, String version, Instant created) {
    this.kind = kind;
    this.root = root;
    this.out = out;
    this.version = version;
    this.created = created;
  }

  /**
   * {@code server|runner FOLDER OUT REPOSITORY VERSION REVISION TIME BOM PACKAGES}: OUT gets {@code
   * <title>.tar}, {@code .digest} and {@code .cdx.json}; BOM is the server's, PACKAGES lines of
   * name, version and architecture.
   */
  public static void main(String[] args) throws Exception {
    var kind = KINDS.get(args[0]);
    var pack = new Pack(kind, Path.of(args[1]), Path.of(args[2]), args[4], Instant.parse(args[6]));
    pack.parts(Path.of(args[7]), Files.readAllLines(Path.of(args[8])));
    pack.archive(args[3] + "/" + kind.title() + ":" + args[4], args[5]);
  }

  private void archive(String reference, String revision) throws Exception {
    var image =
        Jib.fromScratch()
            .setFormat(ImageFormat.OCI)
            .setPlatforms(Set.of(new Platform(architecture(), "linux")))
            .setCreationTime(created)
            .setUser(USER)
            .setEnvironment(
                sorted(
                    "PATH", "/usr/local/bin:/usr/bin:/bin:/opt/java/bin",
                    "LANG", "C.UTF-8",
                    "JAVA_HOME", "/opt/java"))
            .setLabels(
                sorted(
                    "org.opencontainers.image.title", kind.title(),
                    "org.opencontainers.image.description", kind.description(),
                    "org.opencontainers.image.version", version,
                    "org.opencontainers.image.revision", revision,
                    "org.opencontainers.image.created", created.toString(),
                    "org.opencontainers.image.licenses", "Apache-2.0"));
    start(image);
    for (var layer : layers()) {
      image.addFileEntriesLayer(layer);
    }
    var file = out.resolve(kind.title() + ".tar");
    var cache = Files.createTempDirectory("image");
    JibContainer packed;
    try {
      packed =
          image.containerize(
              Containerizer.to(TarImage.at(file).named(reference))
                  .setOfflineMode(true)
                  .setToolName("jangar")
                  .setBaseImageLayersCache(cache)
                  .setApplicationLayersCache(cache)
                  .addEventHandler(LogEvent.class, Pack::complain));
    } finally {
      delete(cache);
    }
    Files.writeString(out.resolve(kind.title() + ".digest"), packed.getDigest() + "\n");
    System.out.printf(
        "%s  %.1f MB  %s  %s%n", file, Files.size(file) / 1e6, reference, packed.getDigest());
  }

  private void start(JibContainerBuilder image) throws IOException {
    if (!kind.serves()) {
      image
          .setProgramArguments("/usr/local/bin/agent-runner")
          .setWorkingDirectory(AbsoluteUnixPath.get("/workspace"));
      return;
    }
    var command = new ArrayList<String>();
    command.add("/opt/java/bin/java");
    command.addAll(List.of("-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError"));
    command.add("-Djava.io.tmpdir=/tmp");
    if (javaVersion() >= 24) { // what Netty and Vert.x do to memory is warned of there
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-jar", "/opt/jangar/jangar.jar"));
    image.setEntrypoint(command).addExposedPort(Port.tcp(8080));
  }

  /** Names and values in order: that of {@code Map.of} is another in each process. */
  private static Map<String, String> sorted(String... words) {
    var map = new TreeMap<String, String>();
    for (int i = 0; i < words.length; i += 2) {
      map.put(words[i], words[i + 1]);
    }
    return map;
  }

  /** The layers: what changes seldom comes first. */
  private List<FileEntriesLayer> layers() throws IOException {
    var layers = new ArrayList<FileEntriesLayer>();
    for (var folder : kind.layers()) {
      layers.add(layer(folder, root.resolve(folder), List.of()));
    }
    layers.add(layer("rest", root, kind.layers().stream().map(root::resolve).toList()));
    return layers;
  }

  private FileEntriesLayer layer(String name, Path top, List<Path> without) throws IOException {
    var layer = FileEntriesLayer.builder().setName(name);
    try (Stream<Path> paths = Files.walk(top)) {
      for (var path : paths.sorted().toList()) {
        if (path.equals(root) || without.stream().anyMatch(path::startsWith)) {
          continue;
        }
        if (Files.isSymbolicLink(path)) {
          throw new IllegalStateException(path + " is a link, and links are not packed");
        }
        var place = "/" + root.relativize(path);
        var anyone = Set.of("/tmp", "/workspace").contains(place);
        var home = place.startsWith("/home/agent");
        layer.addEntry(
            path,
            AbsoluteUnixPath.get(place),
            FilePermissions.fromOctalString(
                anyone ? "777" : Files.isDirectory(path) || Files.isExecutable(path) ? "755" : "644"),
            created,
            home ? USER : "0:0");
      }
    }
    return layer.build();
  }

  /** The parts: the build's own libraries, the Java runtime, and the packages of the system. */
  private void parts(Path bom, List<String> packages) throws IOException {
    var parts = (ObjectNode) JSON.readTree(bom.toFile());
    var about = (ObjectNode) parts.get("metadata").get("component");
    about.put("type", "container").put("name", kind.title());
    about.remove(List.of("purl", "bom-ref", "description"));
    parts.remove("dependencies");
    var components = (ArrayNode) parts.get("components");
    if (!kind.serves()) { // one jar, with Jackson in it
      var shaded = "pkg:maven/com.fasterxml.jackson.core/";
      for (var all = components.elements(); all.hasNext(); ) {
        if (!all.next().path("purl").asText().startsWith(shaded)) {
          all.remove();
        }
      }
    }
    var release = release();
    components
        .addObject()
        .put("type", "framework")
        .put("publisher", release.getProperty("IMPLEMENTOR", ""))
        .put("name", "java-runtime")
        .put("version", release.getProperty("JAVA_RUNTIME_VERSION", release.getProperty("JAVA_VERSION")));
    for (var line : packages) {
      var words = line.split(" ");
      components
          .addObject()
          .put("type", "library")
          .put("name", words[0])
          .put("version", words[1])
          .put("purl", "pkg:deb/debian/%s@%s?arch=%s".formatted(words[0], words[1], words[2]));
    }
    var text = JSON.writeValueAsString(parts) + "\n";
    Files.writeString(root.resolve(kind.home()).resolve("parts.cdx.json"), text);
    Files.writeString(out.resolve(kind.title() + ".cdx.json"), text);
  }

  /** What the runtime says of itself. */
  private Properties release() throws IOException {
    var release = new Properties();
    try (var in = Files.newBufferedReader(root.resolve("opt/java/release"))) {
      release.load(in);
    }
    release.replaceAll((key, value) -> value.toString().replace("\"", ""));
    return release;
  }

  private int javaVersion() throws IOException {
    return Runtime.Version.parse(release().getProperty("JAVA_VERSION")).feature();
  }

  private static String architecture() {
    var name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
  }

  private static void complain(LogEvent event) {
    if (event.getLevel().ordinal() <= LogEvent.Level.WARN.ordinal()) {
      System.err.println(event.getMessage());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
