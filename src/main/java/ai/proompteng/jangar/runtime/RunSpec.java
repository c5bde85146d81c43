package ai.proompteng.jangar.runtime;

import ai.proompteng.jangar.api.AgentRunSpec.Resources;
import ai.proompteng.jangar.api.AgentRunSpec.Volume;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything a runtime needs to do a run's work, resolved and rendered: what is edited afterwards
 * has no effect on it (agentrun.md 2.5).
 *
 * @param run whose work it is
 * @param documents what the work reads
 * @param container the process
 * @param pod where it runs
 * @param limits how long and how often
 */
public record RunSpec(Owner run, Documents documents, Container container, Pod pod, Limits limits) {

  /**
   * The run, and what its children are labelled with; {@code implementation} is null for a task
   * given inline, {@code traceId} is what the work is followed by.
   */
  public record Owner(
      String namespace,
      String name,
      String uid,
      String agent,
      String provider,
      String implementation,
      String traceId) {}

  /**
   * What the work reads.
   *
   * @param runJson {@code run.json} (agentrun.md 4.9)
   * @param runnerJson {@code agent-runner.json} (4.10)
   * @param files in the order of their keys, {@code input-0} and on
   */
  public record Documents(String runJson, String runnerJson, List<File> files) {

    /** How much all of it takes, in UTF-8. */
    public long bytes() {
      return Stream.concat(Stream.of(runJson, runnerJson), files.stream().map(File::content))
          .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
          .sum();
    }
  }

  /** A file at an absolute path. */
  public record File(String path, String content) {}

  /**
   * The process.
   *
   * @param env in order, each name once
   * @param secrets all of whose keys become environment, below {@code env}
   * @param securityContext fields laid over the hardened default; may be empty
   */
  public record Container(
      String image,
      String binary,
      List<String> args,
      Map<String, String> env,
      List<String> secrets,
      List<Volume> volumes,
      Resources resources,
      Map<String, Object> securityContext) {}

  /**
   * Where it runs. Each value may be null or empty: then it is left out.
   *
   * @param serviceAccount never null
   */
  public record Pod(
      String serviceAccount,
      boolean automountServiceAccountToken,
      Map<String, Object> nodeSelector,
      List<Object> tolerations,
      List<Object> topologySpreadConstraints,
      Map<String, Object> affinity,
      Map<String, Object> securityContext,
      String priorityClassName,
      String schedulerName,
      List<String> imagePullSecrets) {}

  /**
   * How long and how often.
   *
   * @param timeoutSeconds null or 0 for no limit
   * @param ttlSeconds how long its remains are kept; null keeps them for ever
   */
  public record Limits(int backoffLimit, Integer timeoutSeconds, Integer ttlSeconds) {}
}
