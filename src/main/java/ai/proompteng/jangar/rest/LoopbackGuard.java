package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/**
 * Local mode's door (decision 11): a page in the operator's browser must not be able to start a
 * process. A foreign Host or Origin is refused, and what changes state needs the start's token; a
 * webhook has its signature instead.
 */
public final class LoopbackGuard {
  private static final Set<String> SAFE = Set.of("GET", "HEAD");
  private static final String BEARER = "Bearer ";

  private final String token;

  /**
   * @param token random, of this start
   */
  public LoopbackGuard(String token) {
    this.token = token;
  }

  /**
   * Why the request is turned away; empty when it is not.
   *
   * @param port the one that we listen on
   * @param host the Host header, null when missing
   * @param origin the Origin header, null when missing
   * @param authorization the Authorization header, null when missing
   */
  Optional<Refused> refusal(
      int port, String method, boolean webhook, String host, String origin, String authorization) {
    if (!ours(host, port)) {
      return Optional.of(new Refused(403, "foreign_host", "this host is not served"));
    }
    if (origin != null && !ours(origin.replaceFirst("^http://", ""), port)) {
      return Optional.of(new Refused(403, "foreign_origin", "this origin is not served"));
    }
    if (!webhook && !SAFE.contains(method) && !hasToken(authorization)) {
      return Optional.of(new Refused(401, "unauthorized", "the token of this start is needed"));
    }
    return Optional.empty();
  }

  private static boolean ours(String authority, int port) {
    return Set.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port)
        .contains(authority == null ? "" : authority);
  }

  private boolean hasToken(String authorization) {
    if (authorization == null || !authorization.startsWith(BEARER)) {
      return false;
    }
    return MessageDigest.isEqual(
        authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
        token.getBytes(StandardCharsets.UTF_8));
  }
}
