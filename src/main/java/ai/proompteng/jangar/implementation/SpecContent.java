package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.core.Hashes;
import ai.proompteng.jangar.core.WorkItem;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a spec that come from an item, normalised and within their limits
 * (integrations-and-helm.md 1.13). Pure.
 *
 * @param summary null when the item has none
 * @param labels null when unknown
 * @param url null unless it is https and short enough
 * @param truncatedFrom bytes of the text before it was cut; null when it was not
 */
record SpecContent(
    String provider,
    String externalId,
    String url,
    String summary,
    String text,
    List<String> labels,
    List<String> acceptanceCriteria,
    Integer truncatedFrom) {
  static final int MAX_URL = 2048;
  static final int MAX_LABELS = 100;
  static final int MAX_LABEL = 256;

  static SpecContent of(WorkItem item) {
    var summary = SpecText.summary(item.summary());
    var prepared = SpecText.prepare(item.text());
    var text = SpecText.fit(prepared);
    var criteria =
        item.acceptanceCriteria() == null
            ? AcceptanceCriteria.under(AcceptanceCriteria.HEADING, prepared)
            : item.acceptanceCriteria();
    return new SpecContent(
        item.provider(),
        item.externalId(),
        url(item.url()),
        summary.isEmpty() ? null : summary,
        firstOf(text, summary, item.externalId()),
        item.labels() == null ? null : labels(item.labels()),
        AcceptanceCriteria.fit(criteria),
        text.length() < prepared.length() ? SpecText.bytes(prepared) : null);
  }

  /** The fields as the spec holds them; null for those that are to be taken away. */
  Map<String, Object> spec() {
    var source = new LinkedHashMap<String, Object>();
    source.put("provider", provider);
    source.put("externalId", externalId);
    source.put("url", url);
    var spec = new LinkedHashMap<String, Object>();
    spec.put("source", source);
    spec.put("summary", summary);
    spec.put("text", text);
    if (labels != null) {
      spec.put("labels", labels);
    }
    spec.put("acceptanceCriteria", acceptanceCriteria);
    return spec;
  }

  /**
   * SHA-256 of the fields in their canonical order.
   *
   * @param stored the labels that stand while the item's are unknown
   */
  String hash(List<String> stored) {
    var canonical = spec();
    canonical.put("labels", labels == null ? stored : labels);
    try {
      return Hashes.sha256(Decoder.mapper().writeValueAsString(canonical));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings are always JSON", e);
    }
  }

  private static List<String> labels(List<String> names) {
    return names.stream()
        .filter(name -> name != null)
        .map(name -> SpecText.clean(name).replace('\n', ' ').replace('\t', ' ').strip())
        .map(name -> SpecText.cut(name, MAX_LABEL).strip())
        .filter(name -> !name.isEmpty())
        .distinct()
        .limit(MAX_LABELS)
        .toList();
  }

  private static String url(String url) {
    if (url == null || url.length() > MAX_URL) {
      return null;
    }
    try {
      var uri = new URI(url);
      return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null ? url : null;
    } catch (URISyntaxException e) {
      return null; // not an address that anybody could follow
    }
  }

  private static String firstOf(String... texts) {
    for (var text : texts) {
      if (!text.isBlank()) {
        return text;
      }
    }
    return "";
  }
}
