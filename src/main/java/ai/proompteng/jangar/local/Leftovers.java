package ai.proompteng.jangar.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processes that a start which was killed could not stop: its PostgreSQL and its runs. */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final long STOP_SECONDS = 3;

  private static final String PID_FILE = "pid";

  // the system's clock ticks and PostgreSQL's seconds
  private static final long SAME_START = 5_000;

  private Leftovers() {}

  /** Stops them, by the pid files in the folder; a process that took over such a pid is spared. */
  static void stop(Path folder) throws IOException {
    postgres(folder.resolve("postgres/postmaster.pid")).ifPresent(Leftovers::end);
    var runs = folder.resolve("runs");
    if (Files.isDirectory(runs)) {
      try (Stream<Path> pids = Files.find(runs, 2, (path, a) -> path.endsWith(PID_FILE))) {
        for (Path pid : pids.toList()) {
          run(pid).ifPresent(Leftovers::end);
        }
      }
    }
  }

  /** Writes down which process a run is, for {@link #stop}. */
  static void remember(Path runFolder, ProcessHandle process) throws IOException {
    Files.writeString(
        runFolder.resolve(PID_FILE), process.pid() + "\n" + started(process).toEpochMilli() + "\n");
  }

  private static Optional<ProcessHandle> postgres(Path file) throws IOException {
    // the third line is when the postmaster started, in whole seconds
    return remembered(file, 0, 2, 1000);
  }

  private static Optional<ProcessHandle> run(Path file) throws IOException {
    return remembered(file, 0, 1, 1);
  }

  private static Optional<ProcessHandle> remembered(Path file, int pid, int start, long millis)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    var lines = Files.readAllLines(file);
    if (lines.size() <= start || !number(lines.get(pid)) || !number(lines.get(start))) {
      return Optional.empty();
    }
    long startedAt = Long.parseLong(lines.get(start).strip()) * millis;
    return ProcessHandle.of(Long.parseLong(lines.get(pid).strip()))
        .filter(process -> Math.abs(started(process).toEpochMilli() - startedAt) < SAME_START);
  }

  private static boolean number(String line) {
    return line.strip().matches("\\d{1,18}");
  }

  private static Instant started(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  /** Asks a process to end, waits for it, and kills what is left of it and what it started. */
  static void end(ProcessHandle process) {
    var tree = Stream.concat(process.descendants(), Stream.of(process)).toList();
    process.destroy();
    ended(List.of(process));
    tree.forEach(ProcessHandle::destroyForcibly);
    ended(tree);
  }

  private static void ended(List<ProcessHandle> processes) {
    var exits = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(exits).get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException stillThere) {
      // the next step is harsher, and there is none after SIGKILL
      LOG.atDebug().addKeyValue("processes", processes.size()).log("Not ended yet");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
