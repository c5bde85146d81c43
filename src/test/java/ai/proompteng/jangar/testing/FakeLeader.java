package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.kube.Leader;
import java.util.ArrayList;
import java.util.List;

/** Leads when a test says so. */
public final class FakeLeader implements Leader {
  private final List<Listener> listeners = new ArrayList<>();
  private volatile boolean leads;

  /** Begins or ends a term; returns when every listener knows. */
  public void set(boolean now) {
    leads = now;
    listeners.forEach(listener -> listener.leads(now));
  }

  /** Loses the lead before anybody is told, as a process that stood still does. */
  public void loseUnnoticed() {
    leads = false;
  }

  @Override
  public boolean leads() {
    return leads;
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void start() {}

  @Override
  public Facts facts() {
    return Leader.appointed(true).facts();
  }

  @Override
  public boolean beats() {
    return true;
  }

  @Override
  public void close() {}
}
