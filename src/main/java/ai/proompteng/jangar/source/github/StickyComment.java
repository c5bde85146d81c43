package ai.proompteng.jangar.source.github;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One comment that is edited in place: it is looked for by its first line, which nobody sees, then
 * written or changed. Where a lost answer has left two, the first stays. Pure.
 *
 * @param address where
 * @param marker its first line
 * @param text what it is to say, the marker included
 * @param found the ids of those that are there, as far as was looked
 * @param call the request to make; null when all is done
 * @param pages how many were read
 */
record StickyComment(
    IssueAddress address, String marker, String text, List<Long> found, ApiCall call, int pages)
    implements ApiWork {
  /** GitHub lets an issue have 2500. */
  static final int MAX_PAGES = 25;

  /** GitHub takes 65536 characters. */
  static final int MAX_TEXT = 60_000;

  private static final String CUT = "\n\n…";

  /**
   * @param key what there is one comment for: a run's uid
   */
  static StickyComment of(IssueAddress address, String key, String text) {
    var marker = "<!-- jangar:" + key.replaceAll("[^A-Za-z0-9._/-]", "") + " -->";
    var whole = marker + "\n" + text.strip();
    var fitting =
        whole.length() <= MAX_TEXT ? whole : whole.substring(0, MAX_TEXT - CUT.length()) + CUT;
    var first = ApiCall.get(address.path() + "/comments?per_page=100");
    return new StickyComment(address, marker, fitting, List.of(), first, 0);
  }

  @Override
  public Optional<ApiCall> next() {
    return Optional.ofNullable(call);
  }

  @Override
  public ApiWork after(ApiAnswer answer) {
    return switch (call.method()) {
      case "GET" -> looked(answer);
      case "PATCH", "DELETE" -> withoutOthers(found.subList(1, found.size()));
      default -> with(found, null); // it is written
    };
  }

  /** Somebody has deleted it meanwhile: as if it had never been. */
  @Override
  public Optional<ApiWork> missing() {
    return switch (call.method()) {
      case "PATCH" -> Optional.of(written(found.subList(1, found.size())));
      case "DELETE" -> Optional.of(withoutOthers(found.subList(1, found.size())));
      default -> Optional.empty();
    };
  }

  private ApiWork looked(ApiAnswer answer) {
    var all = new ArrayList<>(found);
    for (var comment : answer.json()) {
      if (comment.path("body").asText("").startsWith(marker)) {
        all.add(comment.path("id").asLong());
      }
    }
    var page = answer.nextPage().filter(any -> pages + 1 < MAX_PAGES);
    return page.isPresent()
        ? new StickyComment(
            address, marker, text, List.copyOf(all), ApiCall.get(page.get()), pages + 1)
        : written(List.copyOf(all));
  }

  private StickyComment written(List<Long> ids) {
    Map<String, Object> body = Map.of("body", text);
    return with(
        ids,
        ids.isEmpty()
            ? ApiCall.post(address.path() + "/comments", body)
            : ApiCall.patch(address.comment(ids.get(0)), body));
  }

  private StickyComment withoutOthers(List<Long> others) {
    return with(others, others.isEmpty() ? null : ApiCall.delete(address.comment(others.get(0))));
  }

  private StickyComment with(List<Long> ids, ApiCall then) {
    return new StickyComment(address, marker, text, List.copyOf(ids), then, pages);
  }
}
