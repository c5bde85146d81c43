package ai.proompteng.jangar.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the database is, as {@code DATABASE_URL} says it.
 *
 * @param jdbcUrl what the driver takes, without user and password unless they stood in a {@code
 *     jdbc:} URL's parameters
 * @param user null when the URL names none
 * @param password null when the URL names none
 */
public record DatabaseUrl(String jdbcUrl, String user, String password) {
  private static final Pattern SCHEME = Pattern.compile("postgres(ql)?://");

  /**
   * Reads {@code postgres://user:password@host:port/db?parameters}, the same with {@code
   * postgresql://}, and {@code jdbc:postgresql://}. User, password and database may be
   * percent-encoded.
   *
   * @throws IllegalArgumentException when it is none of these; the message does not repeat it,
   *     since a password stands in it
   */
  public static DatabaseUrl parse(String url) {
    if (url.startsWith("jdbc:postgresql:")) {
      return new DatabaseUrl(url, null, null);
    }
    var scheme = SCHEME.matcher(url);
    if (!scheme.lookingAt()) {
      throw new IllegalArgumentException(
          "a database URL starts with postgres://, postgresql:// or jdbc:postgresql://");
    }
    return fromUri(url.substring(scheme.end()));
  }

  /**
   * The same database, taken for it only with a certificate of this authority
   * (integrations-and-helm.md 5.7): {@code sslmode} becomes {@code verify-full}, or stays {@code
   * verify-ca} where the URL says so. The driver itself does not read {@code PGSSLROOTCERT}.
   *
   * @param authority a PEM file, read anew for each connection
   */
  public DatabaseUrl verifiedBy(Path authority) {
    int query = query(jdbcUrl);
    var parameters = jdbcUrl.substring(Math.min(query + 1, jdbcUrl.length())).split("&");
    var kept =
        Arrays.stream(parameters)
            .filter(each -> !each.isEmpty())
            .filter(each -> !each.matches("(sslmode|sslrootcert|ssl)(=.*)?"));
    var mode =
        Arrays.asList(parameters).contains("sslmode=verify-ca") ? "verify-ca" : "verify-full";
    var file = URLEncoder.encode(authority.toString(), StandardCharsets.UTF_8);
    var all = Stream.concat(kept, Stream.of("sslmode=" + mode, "sslrootcert=" + file));
    return new DatabaseUrl(
        jdbcUrl.substring(0, query) + "?" + all.collect(Collectors.joining("&")), user, password);
  }

  private static DatabaseUrl fromUri(String rest) {
    try {
      // the user part is cut off first: what people put into passwords is seldom a valid URI
      int path = rest.indexOf('/') < 0 ? rest.length() : rest.indexOf('/');
      int at = rest.lastIndexOf('@', path);
      at = at < 0 ? rest.lastIndexOf('@', query(rest)) : at;
      var uri = new URI("postgresql://" + rest.substring(at + 1));
      if (uri.getRawAuthority() == null || uri.getRawAuthority().isEmpty()) {
        throw new IllegalArgumentException("a database URL names a host");
      }
      var user = at < 0 ? new String[0] : rest.substring(0, at).split(":", 2);
      return new DatabaseUrl(
          "jdbc:" + uri,
          user.length > 0 ? decode(user[0]) : null,
          user.length > 1 ? decode(user[1]) : null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("the database URL is not a URL: " + e.getReason());
    }
  }

  private static int query(String rest) {
    return rest.indexOf('?') < 0 ? rest.length() : rest.indexOf('?');
  }

  private static String decode(String text) {
    // a plus is a plus here: this is no form
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without what must not be read in a log. */
  @Override
  public String toString() {
    int parameters = jdbcUrl.indexOf('?');
    return parameters < 0 ? jdbcUrl : jdbcUrl.substring(0, parameters);
  }
}
