package ai.proompteng.jangar.source.github;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * GitHub's {@code X-Hub-Signature-256: sha256=<64 hex>}, over the raw bytes of the body. SHA-1 is
 * never accepted (decision 18).
 */
public final class GitHubSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern HEADER = Pattern.compile("sha256=([0-9a-fA-F]{64})");

  private GitHubSignature() {}

  /** The digest that the header names; empty when it is missing or malformed. */
  public static Optional<byte[]> digest(String header) {
    var match = HEADER.matcher(header == null ? "" : header);
    return match.matches()
        ? Optional.of(HexFormat.of().parseHex(match.group(1)))
        : Optional.empty();
  }

  /** True when this secret gives this digest of the body; in constant time. */
  public static boolean verifies(String secret, byte[] body, byte[] digest) {
    return MessageDigest.isEqual(hmac(secret, body), digest);
  }

  private static byte[] hmac(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every JDK", e);
    }
  }
}
