package ai.proompteng.jangar.local;

/** Why a container waits, as the kubelet would say it; tried again until the pod goes. */
final class NotStartable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  NotStartable(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
