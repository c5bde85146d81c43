package ai.proompteng.jangar.artifact;

import ai.proompteng.jangar.api.Artifact;
import ai.proompteng.jangar.core.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a run's artifacts, and what was not (agentrun.md 9). The caller decides what that
 * means.
 *
 * @param kept in the order they came, each name once
 * @param dropped entries left out because there were too many
 * @param stripped entries whose address was taken off
 * @param invalid entries without a name
 * @param reason the first of these; empty when all were kept whole
 */
public record ArtifactList(
    List<Artifact> kept, int dropped, int stripped, int invalid, Optional<Reason> reason) {

  /** The longest address, in code points. */
  public static final int MAX_URL = 2048;

  /** What the CRD takes, whatever the setting says. */
  public static final int CEILING = 50;

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "json", "application/json",
          "txt", "text/plain",
          "log", "text/plain",
          "md", "text/markdown",
          "diff", "text/x-diff",
          "patch", "text/x-diff",
          "html", "text/html",
          "xml", "application/xml",
          "zip", "application/zip",
          "gz", "application/gzip");

  /**
   * The entries as a status may carry them.
   *
   * @param max how many; above the CRD's ceiling it is the ceiling
   */
  public static ArtifactList of(List<Artifact> entries, int max) {
    var byName = new LinkedHashMap<String, Artifact>();
    var reasons = new ArrayList<Reason>();
    int stripped = 0;
    int invalid = 0;
    for (var entry : entries) {
      var name = trim(entry.name());
      if (name == null) {
        invalid++;
        reasons.add(Reason.MissingName);
        continue;
      }
      var address = first(trim(entry.url()), trim(entry.uri()));
      var fault = fault(address);
      if (fault.isPresent()) {
        stripped++;
        reasons.add(fault.get());
        address = null;
      }
      byName.merge(name, normal(name, entry, address), ArtifactList::over);
    }
    int limit = Math.max(0, Math.min(max, CEILING));
    int dropped = Math.max(0, byName.size() - limit);
    if (dropped > 0) {
      reasons.add(Reason.TooManyArtifacts);
    }
    var kept = byName.values().stream().skip(dropped).toList(); // the oldest go
    return new ArtifactList(kept, dropped, stripped, invalid, reasons.stream().findFirst());
  }

  /** True when too many came, or an address was taken off: a name that is missing is no excess. */
  public boolean exceeded() {
    return dropped > 0 || stripped > 0;
  }

  /** What a condition says of it. */
  public String message() {
    return "dropped %d, stripped %d, invalid %d".formatted(dropped, stripped, invalid);
  }

  private static Optional<Reason> fault(String address) {
    if (address == null) {
      return Optional.empty();
    }
    if (address.regionMatches(true, 0, "data:", 0, 5)) {
      return Optional.of(Reason.InlineUrlDisallowed);
    }
    return address.codePointCount(0, address.length()) > MAX_URL
        ? Optional.of(Reason.UrlTooLong)
        : Optional.empty();
  }

  private static Artifact normal(String name, Artifact entry, String address) {
    var file = first(trim(entry.path()), trim(entry.key()), address);
    var contentType = first(trim(entry.contentType()), address == null ? null : typeOf(file));
    var type = first(trim(entry.type()), address == null ? null : kindOf(file));
    return new Artifact(
        name,
        trim(entry.path()),
        trim(entry.key()),
        address,
        type,
        address,
        contentType,
        entry.sizeBytes(),
        trim(entry.sha256()));
  }

  private static Artifact over(Artifact old, Artifact now) {
    return new Artifact(
        now.name(),
        first(now.path(), old.path()),
        first(now.key(), old.key()),
        first(now.url(), old.url()),
        first(now.type(), old.type()),
        first(now.uri(), old.uri()),
        first(now.contentType(), old.contentType()),
        now.sizeBytes() == null ? old.sizeBytes() : now.sizeBytes(),
        first(now.sha256(), old.sha256()));
  }

  private static String typeOf(String file) {
    return CONTENT_TYPES.getOrDefault(extension(file), "application/octet-stream");
  }

  private static String kindOf(String file) {
    return switch (extension(file)) {
      case "log" -> "log";
      case "diff", "patch" -> "diff";
      case "md", "html" -> "report";
      default -> "file";
    };
  }

  private static String extension(String file) {
    var plain = file.split("[?#]", 2)[0];
    var name = plain.substring(plain.lastIndexOf('/') + 1);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String trim(String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static String first(String... candidates) {
    for (var candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return null;
  }
}
