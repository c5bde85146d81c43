package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** One line on the console as each run ends: its phase, its diff and its log. */
final class RunReports implements AutoCloseable {
  private static final Set<String> FINAL = Set.of("Succeeded", "Failed", "Cancelled");
  private static final ResourceDefinitionContext RUNS =
      new ResourceDefinitionContext.Builder()
          .withGroup("agents.proompteng.ai")
          .withVersion("v1alpha1")
          .withKind("AgentRun")
          .withPlural("agentruns")
          .withNamespaced(true)
          .build();

  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private final Path runs;
  private final PrintStream console;

  /**
   * Starts to report.
   *
   * @param runs the folder of the runs' folders
   */
  RunReports(KubernetesClient client, Path runs, PrintStream console) {
    this.runs = runs;
    this.console = console;
    this.informer =
        client
            .genericKubernetesResources(RUNS)
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(GenericKubernetesResource run) {}

                  @Override
                  public void onUpdate(
                      GenericKubernetesResource old, GenericKubernetesResource run) {
                    if (ended(run) && !ended(old)) {
                      report(run);
                    }
                  }

                  @Override
                  public void onDelete(GenericKubernetesResource run, boolean unknown) {}
                });
  }

  private void report(GenericKubernetesResource run) {
    var line = new StringBuilder();
    line.append(run.getMetadata().getName()).append(": ").append(phase(run));
    String why = run.get("status", "reason");
    if (why != null && !why.isBlank()) {
      line.append(" (").append(why).append(')');
    }
    var folder = runs.resolve(run.getMetadata().getName());
    for (String file : new String[] {"changes.diff", "runner.log"}) {
      if (Files.exists(folder.resolve(file))) {
        line.append("\n  ").append(folder.resolve(file));
      }
    }
    console.println(line);
  }

  private static boolean ended(GenericKubernetesResource run) {
    var phase = phase(run);
    return phase != null && FINAL.contains(phase);
  }

  private static String phase(GenericKubernetesResource run) {
    return run.get("status", "phase");
  }

  @Override
  public void close() {
    informer.stop();
  }
}
