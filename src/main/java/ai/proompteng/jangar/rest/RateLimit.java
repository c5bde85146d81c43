package ai.proompteng.jangar.rest;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** A token bucket for each sender and one for all; as many senders as given are remembered. */
final class RateLimit {
  private static final double MILLIS = 1000;

  private static final class Bucket {
    private double tokens;
    private long at;
  }

  private final int perSecond;
  private final int burst;
  private final Clock clock;
  private final Bucket all;
  private final Map<String, Bucket> senders;

  RateLimit(int perSecond, int burst, int remembered, Clock clock) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.clock = clock;
    this.all = full();
    this.senders =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > remembered;
          }
        };
  }

  /** True when one more request of this sender may come in now. */
  synchronized boolean admits(String sender) {
    if (perSecond == 0) {
      return true;
    }
    var own = senders.computeIfAbsent(sender, any -> full());
    refill(own);
    refill(all);
    if (own.tokens < 1 || all.tokens < 1) {
      return false;
    }
    own.tokens--;
    all.tokens--;
    return true;
  }

  private Bucket full() {
    var bucket = new Bucket();
    bucket.tokens = burst;
    bucket.at = clock.millis();
    return bucket;
  }

  private void refill(Bucket bucket) {
    long now = clock.millis();
    long passed = Math.max(0, now - bucket.at); // a clock that was set back earns nothing
    bucket.tokens = Math.min(burst, bucket.tokens + passed * perSecond / MILLIS);
    bucket.at = now;
  }
}
