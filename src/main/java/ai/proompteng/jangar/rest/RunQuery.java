package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a request asks about runs, checked (orchestration-and-api.md 3.3). Junk is 400. */
record RunQuery(Map<String, List<String>> parameters) {
  private static final int MAX_PARAMETERS = 50;
  private static final int MAX_LIMIT = 500;
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_TAIL_LINES = 5000;
  private static final int MAX_STATUSES = 10;
  private static final int MAX_LABELS = 10;
  private static final int MAX_TOLD = 40;
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern STATUS = Pattern.compile("[A-Za-z]{1,32}");
  private static final Pattern LABEL_KEY =
      Pattern.compile("([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /**
   * @param raw the query as it was sent; null when there was none
   */
  static RunQuery of(String raw) {
    try {
      return new RunQuery(
          new QueryStringDecoder(
                  raw == null ? "" : raw, StandardCharsets.UTF_8, false, MAX_PARAMETERS, true)
              .parameters());
    } catch (IllegalArgumentException e) {
      throw bad("the query");
    }
  }

  /** Refuses a parameter that nobody reads: what was asked for would look like the answer. */
  RunQuery only(String... known) {
    var names = List.of(known);
    parameters.keySet().stream()
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new Refused(
                  400,
                  "unknown_parameter",
                  told(name) + " is no parameter here: " + String.join(", ", names));
            });
    return this;
  }

  /** Null when not given. */
  String namespace() {
    return checked("namespace", text("namespace"), NAMESPACE);
  }

  /** Null when not given. */
  String agent() {
    var id = text("agentId");
    return checked("agentId", id == null ? text("agentName") : id, NAME);
  }

  /** Null when not given. */
  String runtime() {
    return checked("runtime", text("runtime"), STATUS);
  }

  List<String> statuses() {
    var status = text("status");
    var given = status == null ? text("phase") : status;
    if (given == null || given.isBlank()) {
      return List.of();
    }
    var words = Arrays.stream(given.split(",")).map(String::strip).distinct().toList();
    if (words.size() > MAX_STATUSES) {
      throw bad("status");
    }
    words.forEach(word -> checked("status", word, STATUS));
    return words;
  }

  int limit() {
    return number("limit", DEFAULT_LIMIT, MAX_LIMIT);
  }

  /** 0 when not given: all there is. */
  int tailLines() {
    return number("tailLines", 0, MAX_TAIL_LINES);
  }

  /** Null when not given. */
  String container() {
    return checked("container", text("container"), NAMESPACE);
  }

  /** {@code dryRun=true}, or {@code All} as Kubernetes says it. */
  boolean dryRun() {
    return switch (text("dryRun") == null ? "false" : text("dryRun")) {
      case "true", "All" -> true;
      case "false" -> false;
      default -> throw bad("dryRun");
    };
  }

  /** {@code mode=apply}: what is there is changed. */
  boolean apply() {
    return switch (text("mode") == null ? "create" : text("mode")) {
      case "apply" -> true;
      case "create" -> false;
      default -> throw bad("mode");
    };
  }

  boolean full() {
    return "full".equals(text("view"));
  }

  /** Where the page before ended; null for the first page. */
  Cursor cursor() {
    var cursor = text("cursor");
    return cursor == null ? null : Cursor.read(cursor).orElseThrow(() -> bad("cursor"));
  }

  /** Null when not given. */
  Instant since() {
    try {
      var since = text("since");
      return since == null ? null : OffsetDateTime.parse(since).toInstant();
    } catch (DateTimeException e) {
      throw bad("since");
    }
  }

  /** Labels that must be there, each with its value. */
  Map<String, String> labels() {
    var selector = text("labelSelector");
    var labels = new LinkedHashMap<String, String>();
    for (var part : selector == null ? new String[0] : selector.split(",")) {
      var equation = part.split("==?", 2);
      checked("labelSelector", equation[0], LABEL_KEY);
      labels.put(
          equation[0],
          checked("labelSelector", equation.length < 2 ? " " : equation[1], LABEL_VALUE));
    }
    if (labels.size() > MAX_LABELS) {
      throw bad("labelSelector");
    }
    return labels;
  }

  static boolean isUuid(String id) {
    return UUID_FORM.matcher(id).matches();
  }

  /** The id as an object's name. */
  static String name(String id) {
    return checked("the id", id, NAME);
  }

  private int number(String parameter, int otherwise, int most) {
    var given = text(parameter);
    if (given == null) {
      return otherwise;
    }
    if (!given.matches("[0-9]{1,6}") || Integer.parseInt(given) < 1) {
      throw bad(parameter);
    }
    int value = Integer.parseInt(given);
    if (value > most) {
      throw bad(parameter);
    }
    return value;
  }

  private String text(String parameter) {
    return parameters.getOrDefault(parameter, List.of()).stream().findFirst().orElse(null);
  }

  private static String told(String name) {
    return name.substring(0, Math.min(name.length(), MAX_TOLD)).replaceAll("[^A-Za-z0-9._-]", "?");
  }

  private static String checked(String what, String value, Pattern form) {
    if (value != null && !form.matcher(value).matches()) {
      throw bad(what);
    }
    return value;
  }

  private static Refused bad(String what) {
    return new Refused(400, "bad_request", what + " is not valid");
  }
}
