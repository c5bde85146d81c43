package ai.proompteng.jangar.local;

import ai.proompteng.jangar.runner.AgentRunner;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What stands for {@code /usr/local/bin/agent-runner} on this machine: the same classes. */
final class RunnerCommand {
  static final String IN_POD = "/usr/local/bin/agent-runner";

  private RunnerCommand() {}

  /**
   * The words that start the runner.
   *
   * @param tmp a folder that it may write to
   */
  static List<String> words(Path tmp) {
    var classPath =
        Stream.of(AgentRunner.class, ObjectMapper.class, TreeNode.class, JsonProperty.class)
            .map(RunnerCommand::place)
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        java().toString(),
        "-XX:TieredStopAtLevel=1", // it starts, waits and ends
        "-Xmx128m",
        "-Djava.io.tmpdir=" + tmp,
        "-cp",
        classPath,
        AgentRunner.class.getName());
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException broken) {
      throw new IllegalStateException(broken);
    }
  }
}
