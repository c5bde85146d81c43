package ai.proompteng.jangar.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Reads what {@code pods/log} asks for from a log's file. */
final class PodLog {
  private static final int MAX_BYTES = 8 << 20;

  private PodLog() {}

  /** The last lines, of which the first bytes; at most 8 MiB, of which the end. */
  static byte[] tail(Path file, ApiRequests.LogQuery query) throws IOException {
    try (var log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, log.length() - MAX_BYTES);
      if (query.tailLines() == null && query.limitBytes() != null) {
        from = 0;
      }
      var bytes = new byte[(int) Math.min(MAX_BYTES, log.length() - from)];
      log.seek(from);
      log.readFully(bytes);
      int start = query.tailLines() == null ? 0 : lineStart(bytes, query.tailLines());
      int length = bytes.length - start;
      if (query.limitBytes() != null) {
        length = Math.min(length, query.limitBytes());
      }
      return java.util.Arrays.copyOfRange(bytes, start, start + length);
    }
  }

  private static int lineStart(byte[] bytes, int lines) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
    }
    int left = lines;
    for (int i = end - 1; i >= 0; i--) {
      if (bytes[i] == '\n' && --left == 0) {
        return i + 1;
      }
    }
    return lines == 0 ? bytes.length : 0;
  }
}
