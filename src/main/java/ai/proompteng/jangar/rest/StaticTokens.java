package ai.proompteng.jangar.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Mode {@code token}: bearer tokens of a file, a line each, {@code sha256:<hex> <principal>
 * <namespace,…> <read or write>}. The file has hashes alone; who reads it cannot call.
 */
public final class StaticTokens implements Access {
  private static final int MAX_TOKENS = 1000;
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_HEADER = 4096;
  private static final String BEARER = "bearer ";
  private static final String ALL = "*";
  private static final Pattern HASH = Pattern.compile("sha256:([0-9a-fA-F]{64})");
  private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@:/-]{0,127}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private record Known(byte[] hash, Caller caller) {}

  private final List<Known> all;

  private StaticTokens(List<Known> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Reads the file, once.
   *
   * @throws IllegalArgumentException naming the line that is wrong, and never what it holds
   */
  public static StaticTokens read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("it is larger than " + MAX_BYTES + " bytes");
      }
      return of(Files.readAllLines(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("it cannot be read", e);
    }
  }

  /** The lines; empty ones and those that begin with {@code #} say nothing. */
  static StaticTokens of(List<String> lines) {
    var all = new ArrayList<Known>();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      var known = known(line, i + 1);
      if (all.stream().anyMatch(other -> Arrays.equals(other.hash(), known.hash()))) {
        throw bad(i + 1, "has a token that an earlier line has");
      }
      all.add(known);
    }
    if (all.isEmpty() || all.size() > MAX_TOKENS) {
      throw new IllegalArgumentException("it must have 1 to " + MAX_TOKENS + " tokens");
    }
    return new StaticTokens(all);
  }

  /** Compared with every hash in the same time, wherever the first difference is. */
  @Override
  public Optional<Caller> caller(String authorization) {
    if (authorization == null
        || authorization.length() > MAX_HEADER
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    var hash = sha256(authorization.substring(BEARER.length()).strip());
    Caller found = null;
    for (var known : all) {
      if (MessageDigest.isEqual(known.hash(), hash)) {
        found = known.caller();
      }
    }
    return Optional.ofNullable(found);
  }

  private static Known known(String line, int number) {
    var words = line.split("\\s+");
    if (words.length != 4) {
      throw bad(number, "must be: sha256:<hex> <principal> <namespace,...> <read or write>");
    }
    var hash = HASH.matcher(words[0]);
    if (!hash.matches()) {
      throw bad(number, "must begin with sha256: and 64 hex digits");
    }
    if (!PRINCIPAL.matcher(words[1]).matches()) {
      throw bad(number, "has no proper principal");
    }
    var namespaces = words[2].equals(ALL) ? Set.<String>of() : Set.of(words[2].split(",", -1));
    if (!namespaces.stream().allMatch(each -> NAMESPACE.matcher(each).matches())) {
      throw bad(number, "has a namespace that is no DNS label; * alone is all");
    }
    if (!words[3].equals("read") && !words[3].equals("write")) {
      throw bad(number, "must end with read or write");
    }
    return new Known(
        HexFormat.of().parseHex(hash.group(1).toLowerCase(java.util.Locale.ROOT)),
        Caller.of(words[1], namespaces, words[3].equals("write")));
  }

  private static IllegalArgumentException bad(int line, String why) {
    return new IllegalArgumentException("line " + line + " " + why);
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
