package ai.proompteng.jangar.kube;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The last bytes of a stream. */
final class Tail {
  private final byte[] ring;
  private long written;

  Tail(int maxBytes) {
    this.ring = new byte[maxBytes];
  }

  synchronized void add(ByteBuffer bytes) {
    var source = bytes.duplicate();
    if (source.remaining() > ring.length) {
      written += source.remaining() - ring.length;
      source.position(source.limit() - ring.length);
    }
    while (source.hasRemaining()) {
      int at = (int) (written % ring.length);
      int count = Math.min(source.remaining(), ring.length - at);
      source.get(ring, at, count);
      written += count;
    }
  }

  /** What was kept, as UTF-8; a character that was cut in two at its start is left out. */
  synchronized String text() {
    int length = (int) Math.min(written, ring.length);
    var bytes = new byte[length];
    int start = written > ring.length ? (int) (written % ring.length) : 0;
    int first = Math.min(length, ring.length - start);
    System.arraycopy(ring, start, bytes, 0, first);
    System.arraycopy(ring, 0, bytes, first, length - first);
    int from = 0;
    while (written > ring.length && from < Math.min(3, length) && (bytes[from] & 0xC0) == 0x80) {
      from++;
    }
    return new String(bytes, from, length - from, StandardCharsets.UTF_8);
  }
}
