package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.store.Repetitions;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Requests by their key, in memory. Nothing is taken over but what was left. */
public final class FakeRepetitions implements Repetitions {
  private record Entry(Request request, UUID owner, boolean left, Answered answer) {}

  private final Map<String, Entry> entries = new HashMap<>();

  @Override
  public synchronized Standing take(Request request, UUID owner) {
    var there = entries.get(at(request));
    if (there == null) {
      entries.put(at(request), new Entry(request, owner, false, null));
      return new Standing.Mine();
    }
    if (!there.request().namespace().equals(request.namespace())) {
      return new Standing.Elsewhere();
    }
    if (!there.request().fingerprint().equals(request.fingerprint())) {
      return new Standing.Reused();
    }
    if (there.answer() != null) {
      return new Standing.Done(there.answer());
    }
    if (!there.left()) {
      return new Standing.InProgress();
    }
    entries.put(at(request), new Entry(request, owner, false, null));
    return new Standing.Mine();
  }

  @Override
  public synchronized boolean finish(Request request, UUID owner, Answered answer) {
    if (!owns(request, owner)) {
      return false;
    }
    entries.put(at(request), new Entry(request, owner, false, answer));
    return true;
  }

  @Override
  public synchronized void release(Request request, UUID owner) {
    if (owns(request, owner)) {
      entries.remove(at(request));
    }
  }

  @Override
  public synchronized void leave(Request request, UUID owner) {
    if (owns(request, owner)) {
      entries.put(at(request), new Entry(request, owner, true, null));
    }
  }

  private boolean owns(Request request, UUID owner) {
    var there = entries.get(at(request));
    return there != null && there.owner().equals(owner) && there.answer() == null;
  }

  private static String at(Request request) {
    return request.route() + " " + request.key();
  }
}
