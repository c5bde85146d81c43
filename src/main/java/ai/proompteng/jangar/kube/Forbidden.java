package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;

/**
 * The API server forbids it (403). A quota that is full looks like a permission that is missing:
 * both may pass, and of both a human must know.
 */
public final class Forbidden extends Rejected {
  public Forbidden(Reason reason, String message) {
    super(reason, message);
  }
}
