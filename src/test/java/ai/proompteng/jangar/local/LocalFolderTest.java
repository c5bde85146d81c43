package ai.proompteng.jangar.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFolderTest {
  @TempDir Path temp;

  @Test
  void a_folder_with_anything_of_somebody_else_is_refused_and_left_alone() throws IOException {
    var precious = Files.writeString(temp.resolve("precious"), "x");

    assertThatThrownBy(() -> LocalFolder.open(temp))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("JANGAR_LOCAL_DIR");
    assertThat(precious).hasContent("x");
  }

  @Test
  void a_folder_in_use_is_refused() throws IOException {
    try (var folder = LocalFolder.open(temp.resolve("jangar"))) {
      assertThatThrownBy(() -> LocalFolder.open(folder.path())).isInstanceOf(Refused.class);
    }
  }

  @Test
  void our_own_folder_is_made_anew_and_its_links_are_not_followed() throws IOException {
    var outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    String first;
    try (var folder = LocalFolder.open(temp.resolve("jangar"))) {
      first = folder.secret("token");
      Files.createDirectories(folder.runs().resolve("old"));
      Files.createSymbolicLink(folder.runs().resolve("old/link"), outside);
    }
    try (var folder = LocalFolder.open(temp.resolve("jangar"))) {
      assertThat(folder.runs()).isEmptyDirectory();
      assertThat(outside.resolve("precious")).hasContent("x");
      assertThat(folder.secret("token")).isNotEqualTo(first).hasSize(64);
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.path().resolve("token"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void a_process_that_a_killed_start_left_is_stopped() throws Exception {
    var process = new ProcessBuilder("sleep", "300").start();
    try (var folder = LocalFolder.open(temp.resolve("jangar"))) {
      Leftovers.remember(Files.createDirectory(folder.runs().resolve("run")), process.toHandle());
    }

    LocalFolder.open(temp.resolve("jangar")).close();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void paths_of_the_pod_are_rewritten_once_and_only_whole_ones() {
    var paths =
        new PathRewrite(
            Map.of("/workspace", Path.of("/tmp/r/workspace"), "/tmp", Path.of("/tmp/r/tmp")));

    assertThat(paths.text("--in=/workspace/a:/tmp /workspaces /x/tmp /tmp.d"))
        .isEqualTo("--in=/tmp/r/workspace/a:/tmp/r/tmp /workspaces /x/tmp /tmp.d");
    assertThat(paths.json("{\"/tmp\":[\"/workspace\",1]}"))
        .isEqualTo("{\"/tmp\":[\"/tmp/r/workspace\",1]}");
  }
}
