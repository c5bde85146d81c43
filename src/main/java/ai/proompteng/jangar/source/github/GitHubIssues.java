package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.core.Hashes;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.source.SourceMatch;
import ai.proompteng.jangar.source.SourceMatch.Place;
import ai.proompteng.jangar.source.WebhookSource;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * GitHub's issue events in our words (integrations-and-helm.md 2.1, 2.2). It only thinks: a
 * verified event in, one WorkItem for each source that it belongs to out; an empty list when it is
 * nobody's or changes nothing that we keep.
 */
public final class GitHubIssues {
  private static final String PROVIDER = "github";
  private static final int MAX_URL = 2048;
  private static final Pattern FULL_NAME = Pattern.compile("[^/\\s]{1,100}/[^/\\s]{1,200}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Set<String> KNOWN_UPSERTS =
      Set.of(
          "opened",
          "edited",
          "reopened",
          "labeled",
          "unlabeled",
          "assigned",
          "unassigned",
          "milestoned",
          "demilestoned",
          "typed",
          "untyped");
  private static final Set<String> TERMINAL = Set.of("closed", "deleted", "transferred");

  /** What may be the last that we hear of an issue, wherever its labels are by then. */
  private static final Set<String> MAY_END =
      Set.of("unlabeled", "closed", "deleted", "transferred");

  private static final String OUT_OF_SCOPE = "out-of-scope";
  private static final Set<String> NOTHING_WE_KEEP =
      Set.of("pinned", "unpinned", "locked", "unlocked");

  /**
   * The work items of the event, one for each verified source whose scope it is in, or may just
   * have left. One that does not say which issue it is about has no external id.
   *
   * @throws Refused 400 when the body is not a JSON object
   */
  public List<WorkItem> workItems(SignedEvent signed) {
    var payload = GitHubPayload.read(signed.body(), signed.form());
    if (!"issues".equals(lower(signed.event()))) {
      return List.of();
    }
    var action = lower(text(payload, "action"));
    var issue = payload.path("issue");
    if (!handled(action, issue)) {
      return List.of();
    }
    var place = place(payload, issue);
    return signed.sources().stream()
        .filter(source -> concerns(source, action, place))
        .map(source -> item(signed, source, payload, action, place))
        .toList();
  }

  private static boolean concerns(WebhookSource source, String action, Place place) {
    return place.repository() == null
        || SourceMatch.ofGitHub(source.spec(), place)
        || MAY_END.contains(action) && SourceMatch.ofGitHubButLabels(source.spec(), place);
  }

  private static boolean handled(String action, JsonNode issue) {
    if (action == null || NOTHING_WE_KEEP.contains(action) || issue.hasNonNull("pull_request")) {
      return false;
    }
    // GitHub keeps adding actions; one that carries a whole issue is as good as an edit
    return KNOWN_UPSERTS.contains(action)
        || TERMINAL.contains(action)
        || issue.hasNonNull("title") && issue.hasNonNull("updated_at");
  }

  private static WorkItem item(
      SignedEvent signed, WebhookSource source, JsonNode payload, String action, Place place) {
    var issue = payload.path("issue");
    var externalId = externalId(place, issue);
    var version = version(issue, action);
    var hash = Hashes.sha256(signed.body());
    return new WorkItem(
        source.metadata().name(),
        source.metadata().namespace(),
        source.metadata().uid(),
        PROVIDER,
        externalId,
        sourceId(issue),
        deliveryId(signed, externalId == null ? hash : externalId, version),
        version,
        "issues",
        action,
        state(source, issue, action, place),
        text(issue, "title"),
        text(issue, "body"),
        place.labels(),
        null,
        url(issue),
        movedTo(payload, action),
        hash);
  }

  private static Place place(JsonNode payload, JsonNode issue) {
    var repository = payload.path("repository");
    var fullName = text(repository, "full_name");
    var organization = text(payload.path("organization"), "login");
    var owner = text(repository.path("owner"), "login");
    return new Place(
        fullName != null && FULL_NAME.matcher(fullName).matches() ? fullName : null,
        organization == null ? owner : organization,
        labels(issue));
  }

  /** Null when anything is missing that tells the issue from others. */
  private static String externalId(Place place, JsonNode issue) {
    var number = number(issue);
    return place.repository() == null || number == null || sourceId(issue) == null
        ? null
        : place.repository() + "#" + number;
  }

  private static String number(JsonNode issue) {
    var number = issue.path("number");
    var digits = number.isIntegralNumber() || number.isTextual() ? number.asText() : "";
    return NUMBER.matcher(digits).matches() && Long.parseLong(digits) > 0
        ? String.valueOf(Long.parseLong(digits))
        : null;
  }

  private static String sourceId(JsonNode issue) {
    var nodeId = text(issue, "node_id");
    if (nodeId != null && !nodeId.isBlank()) {
      return nodeId;
    }
    var id = issue.path("id");
    return id.isIntegralNumber() || id.isTextual() && !id.asText().isBlank() ? id.asText() : null;
  }

  private static String deliveryId(SignedEvent signed, String otherwise, Instant version) {
    if (signed.deliveryId() != null) {
      return signed.deliveryId();
    }
    return version == null ? otherwise : otherwise + ":" + version;
  }

  /** The issue's last change; when it ends, that end if it is later. */
  private static Instant version(JsonNode issue, String action) {
    var updated = instant(issue, "updated_at");
    var ended = TERMINAL.contains(action) ? instant(issue, "closed_at") : null;
    return Stream.of(updated, ended).filter(Objects::nonNull).max(Instant::compareTo).orElse(null);
  }

  private static String state(WebhookSource source, JsonNode issue, String action, Place place) {
    if (TERMINAL.contains(action)) {
      return action;
    }
    if (place.repository() != null && !SourceMatch.ofGitHub(source.spec(), place)) {
      return OUT_OF_SCOPE;
    }
    if ("reopened".equals(action)) {
      return "open";
    }
    var state = lower(text(issue, "state"));
    return "open".equals(state) || "closed".equals(state) ? state : null;
  }

  private static List<String> labels(JsonNode issue) {
    var labels = issue.path("labels");
    if (!labels.isArray()) {
      return null; // unknown, which is not the same as none
    }
    var names = new ArrayList<String>();
    for (var label : labels) {
      var name = label.isTextual() ? label.asText() : text(label, "name");
      if (name != null) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  private static String url(JsonNode issue) {
    var url = text(issue, "html_url");
    return url != null && url.startsWith("https://") && url.length() <= MAX_URL ? url : null;
  }

  private static String movedTo(JsonNode payload, String action) {
    if (!"transferred".equals(action)) {
      return null;
    }
    var repository = text(payload.path("changes").path("new_repository"), "full_name");
    var number = payload.path("changes").path("new_issue").path("number");
    return repository == null || !number.isIntegralNumber()
        ? null
        : repository + "#" + number.asText();
  }

  private static Instant instant(JsonNode node, String field) {
    try {
      var text = text(node, field);
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null; // arrival order then
    }
  }

  private static String text(JsonNode node, String field) {
    var value = node.path(field);
    return value.isTextual() ? value.asText() : null;
  }

  private static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
