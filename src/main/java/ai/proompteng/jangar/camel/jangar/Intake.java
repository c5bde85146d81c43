package ai.proompteng.jangar.camel.jangar;

/** What {@code jangar:intake} says. */
public final class Intake {
  private Intake() {}

  /**
   * The body after {@code jangar:intake}; the rows it speaks of are committed.
   *
   * @param queued rows that are new, or failed and taken up again
   * @param deduped items that were known
   * @param ignored true when there was nothing to store: an empty body or list
   * @param deliveryId of the first item; null when ignored
   */
  public record Answer(int queued, int deduped, boolean ignored, String deliveryId) {}
}
