package ai.proompteng.jangar.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The program inside a run's pod (agentrun.md 8): reads its spec, runs the agent, and leaves a
 * status behind. Exits with 0, 1 (the runner failed), 2 (the spec is of no use), 130 (cancelled) or
 * the agent's own code.
 */
public final class AgentRunner {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final int SIGNALLED = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.of(1, "SIGHUP", 2, "SIGINT", 6, "SIGABRT", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private final ObjectMapper json = new ObjectMapper();
  private final StatusFiles statusFiles = new StatusFiles(json);
  private final AtomicBoolean decided = new AtomicBoolean();
  private final Clock clock;
  private final Instant startedAt;

  // seen by the shutdown hook
  private volatile RunnerSpec spec;
  private volatile ExecAdapter adapter;
  private volatile Child child;

  private AgentRunner(Clock clock) {
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** Runs one agent; does not return. */
  public static void main(String[] args) {
    var runner = new AgentRunner(Clock.systemUTC());
    // a JVM gets SIGTERM and SIGINT as a shutdown, as PID 1 too
    Runtime.getRuntime().addShutdownHook(new Thread(runner::cancelled, "cancel"));
    int code = runner.run(List.of(args), System.getenv());
    System.exit(code);
  }

  private int run(List<String> args, Map<String, String> env) {
    SpecSource.Found found = null;
    try {
      found = new SpecSource(json, Path.of("/etc/agent-providers")).find(args, env);
      refuseWhatIsNotBuilt(env);
      spec = RunnerSpec.of(found.document(), found.workspace());
      adapter = new ExecAdapter(json, spec);
      return execute(env);
    } catch (InvalidSpec invalid) {
      return refused(invalid, found);
    } catch (IOException | RuntimeException broken) {
      // a bug included: whoever waits for the run gets to know that it is over
      return finish(failed(Outcome.RUNNER_ERROR, broken.toString(), null, null));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Outcome.RUNNER_ERROR;
    }
  }

  private int execute(Map<String, String> env) throws IOException, InterruptedException {
    var binary = adapter.binary();
    if (Child.onPath(binary, env.get("PATH")).isEmpty()) {
      var error = "adapter.exec.binary " + binary + " is not there";
      return finish(failed(Outcome.RUNNER_ERROR, error, "RunnerDependencyMissing", null));
    }
    if (spec.logRetentionSeconds() > 0) {
      RunLog.dropOld(spec.logPath(), startedAt.minusSeconds(spec.logRetentionSeconds()));
    }
    try (var log = RunLog.open(spec.logPath())) {
      if (!start()) {
        return Outcome.CANCELLED;
      }
      int code = adapter.follow(child, log, System.out, System.err);
      if (code == Outcome.OK) {
        return finish(outcome("succeeded", Outcome.OK, null, null, null));
      }
      var signal = code > SIGNALLED ? SIGNALS.get(code - SIGNALLED) : null;
      var how = signal == null ? "exited with code " + code : "was ended by " + signal;
      return finish(failed(code, binary + " " + how, null, signal));
    }
  }

  /** Never after the run was cancelled: that child would outlive its runner. */
  private synchronized boolean start() throws IOException {
    if (decided.get()) {
      return false;
    }
    child = adapter.start();
    return true;
  }

  private synchronized boolean decide() {
    return decided.compareAndSet(false, true);
  }

  /** In the shutdown hook: unless the run is over, it ends here, as cancelled. */
  private void cancelled() {
    if (!decide()) {
      return;
    }
    try {
      if (child != null) {
        child.stop(GRACE);
      }
      write(outcome("cancelled", Outcome.CANCELLED, "the run was told to stop", null, null));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(Outcome.CANCELLED);
    }
  }

  private int finish(Outcome outcome) {
    if (decide()) {
      return write(outcome) ? outcome.exitCode() : Outcome.RUNNER_ERROR;
    }
    return Outcome.CANCELLED; // the hook has the word, and halts
  }

  private int refused(InvalidSpec invalid, SpecSource.Found found) {
    System.err.println("agent-runner: " + invalid.reason() + ": " + invalid.getMessage());
    var outcome = failed(Outcome.INVALID_SPEC, invalid.getMessage(), invalid.reason(), null);
    if (!decide()) {
      return Outcome.CANCELLED;
    }
    if (found != null) {
      var statusPath = RunnerSpec.statusPath(found.document(), found.workspace());
      write(provider(found.document()), statusPath, null, outcome);
    }
    return Outcome.INVALID_SPEC;
  }

  private static void refuseWhatIsNotBuilt(Map<String, String> env) {
    if (env.containsKey("VCS_TOKEN")) {
      throw InvalidSpec.notSupportedYet("git authentication (VCS_TOKEN)");
    }
    if ("true".equals(env.get("CODEX_SYSTEM_PROMPT_REQUIRED"))) {
      throw InvalidSpec.notSupportedYet("a system prompt");
    }
  }

  private Outcome failed(int code, String error, String reason, String signal) {
    return outcome("failed", code, error, reason, signal);
  }

  private Outcome outcome(String status, int code, String error, String reason, String signal) {
    return new Outcome(
        status,
        code,
        startedAt,
        clock.instant(),
        adapter == null ? null : adapter.binary(),
        adapter == null ? List.of() : adapter.args(),
        signal,
        error,
        reason,
        adapter == null ? List.of() : adapter.outputs(System.err));
  }

  private boolean write(Outcome outcome) {
    return spec == null || write(spec.provider(), spec.statusPath(), spec.logPath(), outcome);
  }

  private boolean write(String provider, Path statusPath, Path logPath, Outcome outcome) {
    try {
      statusFiles.write(provider, statusPath, logPath, outcome);
      return true;
    } catch (IOException readOnly) {
      System.err.println("agent-runner: cannot write " + statusPath + ": " + readOnly);
      return false;
    }
  }

  private static String provider(JsonNode document) {
    return document.path("provider").isTextual() ? document.path("provider").textValue() : null;
  }
}
