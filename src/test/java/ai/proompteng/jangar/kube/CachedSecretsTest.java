package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.SecretReader.Lookup;
import ai.proompteng.jangar.testing.FakeCluster;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class CachedSecretsTest {
  private final FakeCluster cluster = new FakeCluster();
  private final HandClock clock = new HandClock();
  private final CachedSecrets secrets = new CachedSecrets(cluster, clock);

  @Test
  void a_value_loses_its_newline_and_is_asked_for_once_while_fresh() {
    given("s3cret\n");
    assertThat(look()).isEqualTo(new Lookup.Found("s3cret"));
    assertThat(look()).isEqualTo(new Lookup.Found("s3cret"));
    assertThat(cluster.requests()).containsExactly("get secrets agents/webhook");
  }

  @Test
  void a_changed_value_is_found_after_a_while() {
    given("old");
    look();
    given("new");
    assertThat(look()).isEqualTo(new Lookup.Found("old"));
    clock.pass(CachedSecrets.FRESH);
    assertThat(look()).isEqualTo(new Lookup.Found("new"));
  }

  @Test
  void a_blank_or_absent_key_and_an_absent_secret_are_told_apart() {
    assertThat(look()).isEqualTo(new Lookup.NoSecret());
    given(" \n");
    clock.pass(CachedSecrets.FRESH);
    assertThat(look()).isEqualTo(new Lookup.NoKey());
    assertThat(secrets.read("agents", "webhook", "other")).isEqualTo(new Lookup.NoKey());
  }

  @Test
  void what_was_read_last_serves_while_the_server_is_away_and_not_when_it_says_no() {
    given("s3cret");
    look();
    clock.pass(Duration.ofHours(1));
    cluster.fail(request -> true, new Unreachable("away"));
    assertThat(look()).isEqualTo(new Lookup.Found("s3cret"));
    clock.pass(Duration.ofHours(1));
    cluster.fail(request -> true, new Rejected(Reason.SubmitFailed, "403"));
    assertThat(look()).isEqualTo(new Lookup.NoSecret());
    clock.pass(Duration.ofHours(1));
    cluster.fail(request -> true, new Unreachable("away"));
    assertThatThrownBy(this::look).isInstanceOf(Unreachable.class);
  }

  @Test
  void a_name_that_no_object_can_have_is_no_secret_and_costs_no_request() {
    assertThat(secrets.read("agents", "..", "token")).isEqualTo(new Lookup.NoSecret());
    assertThat(cluster.requests()).isEmpty();
  }

  private Lookup look() {
    return secrets.read("agents", "webhook", "token");
  }

  private void given(String value) {
    cluster.given(
        """
        apiVersion: v1
        kind: Secret
        metadata: { name: webhook, namespace: agents }
        data: { token: %s }
        """
            .formatted(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
  }

  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
