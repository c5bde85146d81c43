package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecStatusesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  @Test
  void what_breaks_a_rule_is_invalid_by_its_reason_and_not_ready() {
    var cases =
        Map.<String, Map<String, Object>>of(
            "MissingText", Map.of("text", " \n"),
            "TextTooLarge", Map.of("text", "é".repeat(65_537)),
            "SummaryTooLong", Map.of("summary", "😀".repeat(257)),
            "DescriptionTooLarge", Map.of("description", "é".repeat(65_537)),
            "AcceptanceCriteriaTooLong", Map.of("acceptanceCriteria", Collections.nCopies(51, "a")),
            "InvalidContract", Map.of("contract", Map.of("requiredKeys", List.of(" "))));
    cases.forEach(
        (reason, fields) -> {
          var view = view(fields, Map.of());
          var status = SpecStatuses.of(view);
          assertThat(find(status.conditions(), "InvalidSpec")).isEqualTo("True/" + reason);
          assertThat(find(status.conditions(), "Ready")).isEqualTo("False/" + reason);
          assertThat(find(status.conditions(), "Degraded")).isEqualTo("True/" + reason);
          assertThat(status.syncedAt()).isNull();
          assertThat(new SpecReconciler().news(view)).isEmpty();
        });
    assertThat(
            SpecStatuses.isReady(
                view(
                    Map.of(
                        "text", "é".repeat(65_536),
                        "summary", "😀".repeat(256),
                        "contract", Map.of("mappings", List.of(Map.of("from", "a", "to", "b")))),
                    Map.of())))
        .isTrue();
    assertThat(
            SpecStatuses.isReady(
                view(
                    Map.of("contract", Map.of("mappings", List.of(Map.of("from", "a")))),
                    Map.of())))
        .isFalse();
  }

  @Test
  void a_cached_spec_is_judged_by_what_the_cache_says_of_its_text() {
    var prefix = "cache.jangar.proompteng.ai/text-";
    var none = new HashMap<String, Object>();
    none.put("text", null);
    assertThat(
            SpecStatuses.isReady(
                view(none, Map.of(prefix + "blank", "false", prefix + "bytes", "131072"))))
        .isTrue();
    assertThat(
            SpecStatuses.isReady(
                view(none, Map.of(prefix + "blank", "false", prefix + "bytes", "131073"))))
        .isFalse();
    assertThat(
            SpecStatuses.isReady(
                view(none, Map.of(prefix + "blank", "true", prefix + "bytes", "3"))))
        .isFalse();
  }

  @Test
  void a_source_must_look_like_its_provider() {
    assertThat(inconsistent("github", "octo/hello#1", "https://ghe.example/octo/hello/issues/1"))
        .isFalse();
    assertThat(inconsistent("github", "ENG-1", null)).isTrue();
    assertThat(inconsistent("github", "octo/hello#1", "https://github.com/octo/other/issues/1"))
        .isTrue();
    assertThat(inconsistent("linear", "ENG-1", "https://linear.app/x/issue/ENG-1/title")).isFalse();
    assertThat(inconsistent("linear", "octo/hello#1", null)).isTrue();
    assertThat(inconsistent("custom", "anything at all", "https://x.example/")).isFalse();
  }

  @Test
  void a_repaired_spec_loses_its_old_error_and_a_standing_condition_keeps_its_time() {
    var broken = SpecStatuses.of(view(Map.of("text", ""), Map.of()));
    var object = object(Map.of("text", "fine"), Map.of());
    object.put("status", Decoder.mapper().convertValue(broken, Map.class));
    var later = NOW.plusSeconds(60);
    var view =
        new SpecView(Decoder.decode(Kind.IMPLEMENTATION_SPEC, object), Optional.empty(), later);
    var repaired = SpecStatuses.of(view).conditions();
    assertThat(find(repaired, "InvalidSpec")).isEqualTo("False/ValidSpec");
    assertThat(find(repaired, "Ready")).isEqualTo("True/ValidSpec");
    assertThat(Conditions.find(repaired, "Ready").orElseThrow().lastTransitionTime())
        .isEqualTo(later);
    assertThat(Conditions.find(repaired, "Stale").orElseThrow().lastTransitionTime())
        .isEqualTo(NOW);
  }

  private static boolean inconsistent(String provider, String externalId, String url) {
    var source =
        new HashMap<String, Object>(Map.of("provider", provider, "externalId", externalId));
    source.put("url", url);
    return SpecStatuses.inconsistency(view(Map.of("source", source), Map.of())).isPresent();
  }

  private static SpecView view(Map<String, Object> fields, Map<String, String> annotations) {
    var object = Decoder.decode(Kind.IMPLEMENTATION_SPEC, object(fields, annotations));
    return new SpecView(object, Optional.empty(), NOW);
  }

  private static Map<String, Object> object(
      Map<String, Object> fields, Map<String, String> annotations) {
    var spec = new HashMap<String, Object>(Map.of("text", "text"));
    spec.putAll(fields);
    var meta =
        Map.of(
            "namespace",
            "agents",
            "name",
            "x",
            "uid",
            "u",
            "generation",
            1,
            "annotations",
            annotations);
    return new HashMap<>(Map.of("metadata", meta, "spec", spec));
  }

  private static String find(List<Condition> conditions, String type) {
    return Conditions.find(conditions, type).map(c -> c.status() + "/" + c.reason()).orElse("");
  }
}
