package ai.proompteng.jangar.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests in lower-case hex. */
public final class Hashes {
  private Hashes() {}

  /** SHA-256 of the text's UTF-8 bytes: 64 hex digits. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 of the bytes: 64 hex digits. */
  public static String sha256(byte[] bytes) {
    return digest("SHA-256", bytes);
  }

  /** SHA-1 of the text's UTF-8 bytes: 40 hex digits. For names alone, never for trust. */
  public static String sha1(String text) {
    return digest("SHA-1", text.getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(algorithm + " is part of every JDK", e);
    }
  }
}
