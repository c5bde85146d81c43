package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Secrets by name, one GET each, remembered for a short while. What was read last serves while the
 * API server is away, until it answers again: with the Secret, that there is none, or that we may
 * not.
 */
public final class CachedSecrets implements SecretReader {
  /** How long an answer serves before it is asked for again. */
  public static final Duration FRESH = Duration.ofSeconds(30);

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private static final int REMEMBERED = 200;

  private final Cluster cluster;
  private final Clock clock;
  private final RecentlyUsed<Key, Answer> answers = new RecentlyUsed<>(REMEMBERED);

  public CachedSecrets(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /** Data by key, null where there is no Secret; kept out of every log by having no text form. */
  private static final class Answer {
    private final Map<String, String> values;
    private final Instant at;

    Answer(Map<String, String> values, Instant at) {
      this.values = values;
      this.at = at;
    }
  }

  @Override
  public Lookup read(String namespace, String name, String key) {
    if (!NAME.matcher(name).matches()) {
      return new Lookup.NoSecret(); // no object can have that name
    }
    var values = values(new Key(namespace, name));
    if (values == null) {
      return new Lookup.NoSecret();
    }
    var value = values.get(key);
    return value == null || value.isBlank() ? new Lookup.NoKey() : new Lookup.Found(value);
  }

  private Map<String, String> values(Key secret) {
    var known = answers.get(secret);
    if (known != null && clock.instant().isBefore(known.at.plus(FRESH))) {
      return known.values;
    }
    try {
      var values =
          cluster.read(ResourceType.SECRET, secret).map(CachedSecrets::decoded).orElse(null);
      answers.put(secret, new Answer(values, clock.instant()));
      return values;
    } catch (Unreachable e) {
      if (known == null || known.values == null) {
        throw e;
      }
      answers.put(secret, new Answer(known.values, clock.instant())); // not asked at each request
      return known.values;
    } catch (Rejected e) {
      answers.put(secret, new Answer(null, clock.instant())); // what we may not read is none to us
      return null;
    }
  }

  private static Map<String, String> decoded(GenericKubernetesResource secret) {
    var values = new HashMap<String, String>();
    if (secret.getAdditionalProperties().get("data") instanceof Map<?, ?> data) {
      data.forEach((key, value) -> values.put(String.valueOf(key), decoded(String.valueOf(value))));
    }
    return values;
  }

  private static String decoded(String base64) {
    var text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
