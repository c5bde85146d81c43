package ai.proompteng.jangar.rest;

/**
 * The body of what is said to a part of the control plane.
 *
 * @param namespace null for all
 * @param agent null for all
 */
record Scope(String namespace, String agent, String reason) {
  private static final int MAX_REASON = 1024;

  /** This, once somebody can read why. */
  Scope checked() {
    if (reason == null || reason.isBlank()) {
      throw ErrorCode.MISSING_FIELD.at("reason", "reason is missing");
    }
    if (reason.length() > MAX_REASON) {
      throw ErrorCode.INVALID_FIELD.at("reason", "reason is longer than " + MAX_REASON);
    }
    return new Scope(namespace, agent, reason.strip());
  }
}
