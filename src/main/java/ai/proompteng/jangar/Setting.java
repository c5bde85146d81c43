package ai.proompteng.jangar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One setting: its environment variable, how a value is read, and what holds without one
 * (integrations-and-helm.md 6).
 *
 * @param form what a value must look like, for the operator
 * @param fallback the value of an absent or empty variable, as one would write it; null: absent
 *     stays absent
 * @param secret never shown
 */
record Setting<T>(
    String name,
    String form,
    String fallback,
    boolean secret,
    String meaning,
    Function<String, T> reader) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> YES = Set.of("1", "true", "yes", "on");
  private static final Set<String> NO = Set.of("0", "false", "no", "off");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-]{1,64}){1,4}");
  private static final Set<String> SKIPPED = Set.of("skip", "disabled", "false", "0", "off");
  private static final Pattern ROUTE_ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  static Setting<String> text(String name, String fallback, String meaning) {
    return new Setting<>(name, "text", fallback, false, meaning, Function.identity());
  }

  /**
   * @param check throws {@link IllegalArgumentException} for a value of another form
   */
  static Setting<String> secret(String name, String form, String meaning, Consumer<String> check) {
    return new Setting<>(
        name,
        form,
        null,
        true,
        meaning,
        value -> {
          check.accept(value);
          return value;
        });
  }

  static Setting<String> oneOf(String name, String fallback, List<String> words, String meaning) {
    return new Setting<>(
        name,
        "one of " + String.join(", ", words),
        fallback,
        false,
        meaning,
        value ->
            words.stream()
                .filter(value::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
  }

  /** A path of ours over HTTP, which must not be one that has another use. */
  static Setting<String> path(String name, String fallback, List<String> taken, String meaning) {
    return new Setting<>(
        name,
        "a path such as " + fallback + ", not below " + String.join(", ", taken),
        fallback,
        false,
        meaning,
        value -> {
          require(PATH.matcher(value).matches());
          require(taken.stream().noneMatch(t -> value.equals(t) || value.startsWith(t + "/")));
          return value;
        });
  }

  /** An address of http or https, without a slash at its end. */
  static Setting<URI> address(String name, String fallback, String meaning) {
    return new Setting<>(
        name,
        "an address such as " + fallback + ", without user, query or slash at its end",
        fallback,
        false,
        meaning,
        value -> {
          var uri = URI.create(value);
          require("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
          require(uri.getHost() != null && uri.getUserInfo() == null);
          require(uri.getQuery() == null && uri.getFragment() == null && !value.endsWith("/"));
          return uri;
        });
  }

  /** Ids of routes, as a comma list or a JSON array. */
  static Setting<List<String>> routes(String name, String meaning) {
    return new Setting<>(
        name,
        "ids of routes, as a comma list or a JSON array",
        null,
        false,
        meaning,
        value -> {
          var ids = list(value);
          require(ids.stream().allMatch(id -> ROUTE_ID.matcher(id).matches()));
          return ids;
        });
  }

  /** A file of PEM certificates that is there and can be read. */
  static Setting<Path> certificates(String name, String meaning) {
    return new Setting<>(
        name,
        "a file of PEM certificates that can be read",
        null,
        false,
        meaning,
        value -> {
          try (var file = Files.newInputStream(Path.of(value))) {
            require(!CertificateFactory.getInstance("X.509").generateCertificates(file).isEmpty());
            return Path.of(value);
          } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  /** A file that is there and can be read. */
  static Setting<Path> file(String name, String meaning) {
    return new Setting<>(
        name,
        "a file that can be read",
        null,
        false,
        meaning,
        value -> {
          require(Files.isReadable(Path.of(value)));
          return Path.of(value);
        });
  }

  /** {@code auto}, or any word of no. */
  static Setting<Boolean> migrations(String name, String meaning) {
    return new Setting<>(
        name,
        "auto, or one of skip, disabled, false, 0, off",
        "auto",
        false,
        meaning,
        value -> {
          var word = value.toLowerCase(Locale.ROOT);
          require(word.equals("auto") || SKIPPED.contains(word));
          return word.equals("auto");
        });
  }

  static Setting<Boolean> flag(String name, boolean fallback, String meaning) {
    return new Setting<>(
        name,
        "1, true, yes, on or 0, false, no, off",
        String.valueOf(fallback),
        false,
        meaning,
        value -> {
          var word = value.toLowerCase(Locale.ROOT);
          require(YES.contains(word) || NO.contains(word));
          return YES.contains(word);
        });
  }

  static Setting<Integer> integer(String name, int fallback, int least, int most, String meaning) {
    return new Setting<>(
        name,
        "a whole number from " + least + " to " + most,
        String.valueOf(fallback),
        false,
        meaning,
        value -> {
          var number = Integer.parseInt(value);
          require(number >= least && number <= most);
          return number;
        });
  }

  static Setting<Duration> seconds(String name, int fallback, int least, int most, String meaning) {
    var number = integer(name, fallback, least, most, meaning);
    return new Setting<>(
        name,
        number.form + ", in seconds",
        number.fallback,
        false,
        meaning,
        value -> Duration.ofSeconds(number.reader.apply(value)));
  }

  static Setting<Duration> millis(String name, int fallback, int least, int most, String meaning) {
    var number = integer(name, fallback, least, most, meaning);
    return new Setting<>(
        name,
        number.form + ", in milliseconds",
        number.fallback,
        false,
        meaning,
        value -> Duration.ofMillis(number.reader.apply(value)));
  }

  /** A JSON object or array, as Jackson's maps and lists. */
  static Setting<Object> json(String name, Class<?> shape, String meaning) {
    var form = shape == List.class ? "a JSON array" : "a JSON object";
    return new Setting<>(
        name,
        form,
        null,
        false,
        meaning,
        value -> {
          try {
            return JSON.readValue(value, shape);
          } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  /** Names of namespaces: a JSON array or a comma list of DNS labels, one at least. */
  static Setting<List<String>> namespaces(String name, String fallback, String meaning) {
    return new Setting<>(
        name,
        "DNS labels, as a comma list or a JSON array (NotSupportedYet: *, every namespace)",
        fallback,
        false,
        meaning,
        value -> {
          var names = list(value);
          require(
              !names.isEmpty()
                  && names.stream().allMatch(each -> DNS_LABEL.matcher(each).matches()));
          return names;
        });
  }

  /**
   * The value, read.
   *
   * @param raw what the environment has; null or blank means the fallback
   * @throws BadSetting when it has another form
   */
  Optional<T> read(String raw) {
    var said = said(raw);
    if (said.isEmpty()) {
      return Optional.empty();
    }
    var value = said.get();
    try {
      return Optional.of(reader.apply(value));
    } catch (IllegalArgumentException e) {
      throw new BadSetting(name + " must be " + form + (secret ? "" : ", not \"" + value + "\""));
    }
  }

  /** The value as it is written; null or blank means the fallback. */
  Optional<String> said(String raw) {
    return Optional.ofNullable(raw == null || raw.isBlank() ? fallback : raw.trim());
  }

  private static List<String> list(String value) {
    try {
      var items = value.startsWith("[") ? JSON.readValue(value, String[].class) : value.split(",");
      return Arrays.stream(items)
          .map(String::trim)
          .filter(item -> !item.isEmpty())
          .distinct()
          .toList();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }

  /** A value that stops the start: the message names the variable and the form it must have. */
  static final class BadSetting extends IllegalArgumentException {
    BadSetting(String message) {
      super(message);
    }
  }
}
