package ai.proompteng.jangar.runner;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The agent's process and what it starts. Where the image has {@code setsid} and {@code kill} it
 * leads a process group of its own; elsewhere its descendants are signalled, as far as they can be
 * seen (decision 35).
 */
final class Child {
  private static final Duration KILL_WAIT = Duration.ofSeconds(2);

  private final Process process;
  private final String kill;

  private Child(Process process, String kill) {
    this.process = process;
    this.kill = kill;
  }

  /**
   * Starts it; its standard input is empty.
   *
   * @param env what is set beside the runner's own environment
   */
  static Child start(String binary, List<String> args, Map<String, String> env) throws IOException {
    var setsid = onPath("setsid", System.getenv("PATH"));
    var kill = onPath("kill", System.getenv("PATH"));
    boolean grouped = setsid.isPresent() && kill.isPresent();
    var command = new ArrayList<String>();
    if (grouped) {
      command.add(setsid.get());
    }
    command.add(binary);
    command.addAll(args);
    var builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
    builder.environment().putAll(env);
    return new Child(builder.start(), grouped ? kill.get() : null);
  }

  /** Where a program stands, if the path has it or it is a path itself. */
  static Optional<String> onPath(String program, String path) {
    if (program.contains("/")) {
      return Optional.of(program).filter(p -> Files.isExecutable(Path.of(p)));
    }
    return Stream.of((path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .map(Path::toString)
        .findFirst();
  }

  Process process() {
    return process;
  }

  /** Asks it and all it started to stop, waits, then kills what is left. */
  void stop(Duration grace) throws InterruptedException {
    var seen = seen();
    signal("TERM", seen);
    process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
    signal("KILL", Stream.concat(seen.stream(), seen().stream()).distinct().toList());
    process.waitFor(KILL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Kills what the child left behind in its group. */
  void sweep() throws InterruptedException {
    if (kill != null) {
      signal("KILL", List.of());
    }
  }

  private List<ProcessHandle> seen() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  private void signal(String name, List<ProcessHandle> seen) throws InterruptedException {
    if (kill != null) {
      signalGroup(name);
    }
    for (var handle : seen) {
      if (name.equals("KILL")) {
        handle.destroyForcibly();
      } else if (kill == null) {
        handle.destroy();
      }
    }
  }

  private void signalGroup(String name) throws InterruptedException {
    try {
      new ProcessBuilder(kill, "-" + name, "--", "-" + process.pid())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD) // a group that is gone is no trouble
          .start()
          .waitFor(KILL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException cannotStart) {
      process.destroy();
    }
  }
}
