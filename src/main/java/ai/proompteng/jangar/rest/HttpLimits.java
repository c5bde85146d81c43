package ai.proompteng.jangar.rest;

import java.time.Duration;

/**
 * What one process takes in over HTTP, at the most.
 *
 * @param webhookBodyBytes largest body of a webhook
 * @param otherBodyBytes largest body of any other request
 * @param bodyTimeout until a body must be complete
 * @param bodyBytesInFlight all bodies that are held at once
 * @param requestsInFlight requests that are worked on at once
 * @param webhooksPerSecond by address, and altogether; 0 is off
 * @param webhookBurst webhooks that may come at once
 * @param addresses how many senders' rates are remembered
 * @param connections that may be open
 * @param idle after which a connection is closed
 * @param workers threads that run exchanges
 */
public record HttpLimits(
    int webhookBodyBytes,
    int otherBodyBytes,
    Duration bodyTimeout,
    long bodyBytesInFlight,
    int requestsInFlight,
    int webhooksPerSecond,
    int webhookBurst,
    int addresses,
    int connections,
    Duration idle,
    int workers) {

  /** The limits where nobody says otherwise. */
  public static HttpLimits defaults() {
    return new HttpLimits(
        5 << 20,
        1 << 20,
        Duration.ofSeconds(4),
        128L << 20,
        512,
        50,
        200,
        10_000,
        5_000,
        Duration.ofSeconds(60),
        20);
  }

  /** These, with what an operator may set of webhooks. */
  public HttpLimits withWebhooks(int bodyBytes, int perSecond, int burst) {
    return new HttpLimits(
        bodyBytes,
        otherBodyBytes,
        bodyTimeout,
        Math.max(bodyBytesInFlight, 4L * bodyBytes),
        requestsInFlight,
        perSecond,
        burst,
        addresses,
        connections,
        idle,
        workers);
  }
}
