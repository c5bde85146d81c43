package ai.proompteng.jangar.source.github;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A label that an issue is to have; one that it has already stays. Pure. */
record IssueLabel(ApiCall call) implements ApiWork {

  static IssueLabel of(IssueAddress address, String label) {
    return new IssueLabel(
        ApiCall.post(address.path() + "/labels", Map.of("labels", List.of(label))));
  }

  @Override
  public Optional<ApiCall> next() {
    return Optional.ofNullable(call);
  }

  @Override
  public ApiWork after(ApiAnswer answer) {
    return new IssueLabel(null);
  }
}
