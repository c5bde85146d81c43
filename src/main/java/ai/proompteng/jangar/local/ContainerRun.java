package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A pod's container as a process of this machine, in the run's folder. */
final class ContainerRun {
  private static final int MESSAGE_BYTES = 4096;
  private static final String LOG = "runner.log";

  private final Path folder;
  private final Container container;
  private final Sandbox sandbox;
  private final Process process;

  private ContainerRun(Path folder, Container container, Sandbox sandbox, Process process) {
    this.folder = folder;
    this.container = container;
    this.sandbox = sandbox;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param folder the run's own
   * @throws NotStartable for what a pod would wait for
   * @throws IOException when the program cannot be started
   */
  static ContainerRun start(Path folder, Pod pod, Sandbox.Sources sources) throws IOException {
    var container = pod.getSpec().getContainers().get(0);
    var environment = Environment.of(pod, container, sources);
    var sandbox = Sandbox.make(folder, pod, container, sources);
    var command = command(container, environment, sandbox);
    var builder =
        new ProcessBuilder(command)
            .directory(directory(container, sandbox))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(LOG).toFile()));
    // a pod inherits nothing either; but its image has programs, and a home
    var path = System.getenv("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", RunnerCommand.java().getParent() + File.pathSeparator + path);
    builder.environment().put("LANG", System.getenv().getOrDefault("LANG", "C.UTF-8"));
    builder.environment().put("HOME", sandbox.workspace().toString());
    builder.environment().put("TMPDIR", sandbox.tmp().toString());
    environment
        .values()
        .forEach((name, value) -> builder.environment().put(name, sandbox.paths().text(value)));
    var process = builder.start();
    Leftovers.remember(folder, process.toHandle());
    return new ContainerRun(folder, container, sandbox, process);
  }

  private static List<String> command(
      Container container, Environment environment, Sandbox sandbox) {
    if (container.getCommand().isEmpty()) {
      throw new NotStartable(
          "RunContainerError", "local mode has no images: the container must name a command");
    }
    var words = new ArrayList<String>();
    Stream.concat(container.getCommand().stream(), container.getArgs().stream())
        .map(environment::expand)
        .map(sandbox.paths()::text)
        .forEach(words::add);
    if (words.get(0).equals(RunnerCommand.IN_POD)) {
      words.remove(0);
      words.addAll(0, RunnerCommand.words(sandbox.tmp()));
    }
    return words;
  }

  private static File directory(Container container, Sandbox sandbox) throws IOException {
    if (container.getWorkingDir() == null) {
      return sandbox.workspace().toFile();
    }
    return Files.createDirectories(sandbox.inside(container.getWorkingDir())).toFile();
  }

  Process process() {
    return process;
  }

  /** Stops it and what it started. */
  void stop() {
    Leftovers.end(process.toHandle());
  }

  /** Puts what people look for beside the log: the diff and the whole status. */
  void collect() throws IOException {
    Files.deleteIfExists(folder.resolve("pid"));
    copy(sandbox.workspace().resolve("changes.diff"), folder.resolve("changes.diff"));
    copy(sandbox.workspace().resolve(".agent/status.full.json"), folder.resolve("status.json"));
  }

  /** The termination message: at most the last 4096 bytes of its file, or of the log. */
  String message() throws IOException {
    var path = container.getTerminationMessagePath();
    var file = sandbox.inside(path == null ? "/tmp/termination-log" : path);
    var message = tail(file, MESSAGE_BYTES);
    boolean logs = "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy());
    if (message.isEmpty() && logs && process.exitValue() != 0) {
      message = tail(folder.resolve(LOG), MESSAGE_BYTES / 2);
    }
    return message;
  }

  /** The log's file in a run's folder. */
  static Path log(Path folder) {
    return folder.resolve(LOG);
  }

  private static void copy(Path from, Path to) throws IOException {
    // a link might lead out of the folder
    if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static String tail(Path file, int bytes) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return "";
    }
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, in.length() - bytes);
      var end = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(end);
      return new String(end, StandardCharsets.UTF_8);
    }
  }
}
