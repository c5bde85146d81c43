package ai.proompteng.jangar.kube;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Leads from its start to its end, or never. */
final class AppointedLeader implements Leader {
  private final boolean appointed;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean leads;

  AppointedLeader(boolean appointed) {
    this.appointed = appointed;
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
  public synchronized void start() {
    tell(appointed);
  }

  @Override
  public Facts facts() {
    return new Facts(
        false,
        appointed,
        leads,
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public boolean beats() {
    return true;
  }

  @Override
  public synchronized void close() {
    tell(false);
  }

  private void tell(boolean now) {
    if (leads != now) {
      leads = now;
      listeners.forEach(listener -> listener.leads(now));
    }
  }
}
