package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.store.RunRecord;
import ai.proompteng.jangar.store.RunRecords;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An empty table of runs. */
final class NoRuns implements RunRecords {
  @Override
  public Optional<RunRecord> find(UUID id) {
    return Optional.empty();
  }

  @Override
  public Optional<RunRecord> find(String namespace, String name) {
    return Optional.empty();
  }

  @Override
  public List<RunRecord> list(Wanted wanted, int limit, Instant createdBefore, UUID idBefore) {
    return List.of();
  }

  @Override
  public Optional<String> log(String resourceUid) {
    return Optional.empty();
  }
}
