package ai.proompteng.jangar.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** The child's output, on the console and appended to the log file (agentrun.md 8.2). */
final class RunLog implements AutoCloseable {
  private static final int CHUNK = 8192;

  private final OutputStream file;

  private RunLog(OutputStream file) {
    this.file = file;
  }

  /** Opens the log; the folder is made if it is not there. */
  static RunLog open(Path path) throws IOException {
    if (path.getParent() != null) {
      Files.createDirectories(path.getParent());
    }
    return new RunLog(
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Deletes the logs beside that one which are older than the limit: they survive on a volume. */
  static void dropOld(Path path, Instant before) throws IOException {
    var folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    try (var logs = Files.newDirectoryStream(folder, "*.log")) {
      for (Path log : logs) {
        if (!log.equals(path)
            && Files.isRegularFile(log)
            && Files.getLastModifiedTime(log).compareTo(FileTime.from(before)) < 0) {
          Files.delete(log);
        }
      }
    }
  }

  /** Copies until the stream ends. */
  void copy(InputStream from, OutputStream console) throws IOException {
    var buffer = new byte[CHUNK];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      console.write(buffer, 0, n);
      console.flush();
      synchronized (file) {
        file.write(buffer, 0, n);
        file.flush();
      }
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (file) {
      file.close();
    }
  }
}
