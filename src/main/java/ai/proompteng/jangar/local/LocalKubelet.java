package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pods of the embedded API server as processes of this machine, a few at a time, each in a
 * folder of its own (decision 50). The image is not looked at.
 */
final class LocalKubelet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalKubelet.class);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(2);
  private static final int START_ERROR = 128;
  private static final long SHUTDOWN_SECONDS = 8;

  private final KubernetesClient client;
  private final RunFolders folders;
  private final Clock clock;
  private final ScheduledExecutorService slots;
  private final ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, ContainerRun> running = new ConcurrentHashMap<>();
  private final Set<String> live = ConcurrentHashMap.newKeySet(); // uids still to be run
  private SharedIndexInformer<Pod> pods;

  /**
   * @param atOnce how many pods run at the same time; the others stay Pending
   */
  LocalKubelet(KubernetesClient client, RunFolders folders, int atOnce, Clock clock) {
    this.client = client;
    this.folders = folders;
    this.clock = clock;
    this.slots = Executors.newScheduledThreadPool(atOnce);
  }

  /** Starts to look for pods. */
  void start() {
    pods =
        client
            .pods()
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    if (pending(pod) && live.add(uid(pod))) {
                      slots.execute(() -> run(pod));
                    }
                  }

                  @Override
                  public void onUpdate(Pod old, Pod pod) {}

                  @Override
                  public void onDelete(Pod pod, boolean unknown) {
                    live.remove(uid(pod));
                    killer.execute(() -> kill(pod));
                  }
                });
  }

  private void run(Pod pod) {
    if (!live.contains(uid(pod))) {
      return;
    }
    var startedAt = clock.instant();
    try {
      var folder = folders.of(pod);
      var container =
          ContainerRun.start(folder, pod, new Objects(pod.getMetadata().getNamespace()));
      running.put(uid(pod), container);
      if (!live.contains(uid(pod))) { // it was deleted meanwhile
        container.stop();
      }
      report(pod, PodStatuses.running(pod, startedAt));
      int code = container.process().waitFor();
      collect(container, pod);
      var ending =
          new PodStatuses.Ending(code, null, container.message(), startedAt, clock.instant());
      running.remove(uid(pod));
      live.remove(uid(pod));
      report(pod, PodStatuses.ended(pod, ending));
    } catch (NotStartable waits) {
      report(pod, PodStatuses.waiting(pod, waits.reason(), waits.getMessage()));
      slots.schedule(() -> run(pod), ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException cannotStart) {
      var ending =
          new PodStatuses.Ending(
              START_ERROR, "StartError", cannotStart.getMessage(), startedAt, clock.instant());
      report(pod, PodStatuses.ended(pod, ending));
    } catch (InterruptedException closing) {
      kill(pod);
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.atError()
          .addKeyValue("pod", pod.getMetadata().getName())
          .setCause(bug)
          .log("A pod could not be run");
    } finally {
      running.remove(uid(pod));
    }
  }

  /** What cannot be copied does not alter how the process ended. */
  private static void collect(ContainerRun container, Pod pod) {
    try {
      container.collect();
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("pod", pod.getMetadata().getName())
          .setCause(e)
          .log("A run's files cannot be copied");
    }
  }

  private void kill(Pod pod) {
    var container = running.get(uid(pod));
    if (container != null) {
      container.stop();
    }
  }

  private void report(Pod pod, PodStatus status) {
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .editStatus(
              current -> {
                current.setStatus(status);
                return current;
              });
    } catch (KubernetesClientException deleted) {
      LOG.atDebug().addKeyValue("pod", pod.getMetadata().getName()).log("The pod is gone");
    }
  }

  /** The end of a pod's log, for the API server. */
  byte[] log(String namespace, String pod, ApiRequests.LogQuery query) throws IOException {
    var folder = folders.find(namespace, pod);
    if (folder == null || !Files.exists(ContainerRun.log(folder))) {
      return null;
    }
    return PodLog.tail(ContainerRun.log(folder), query);
  }

  private static boolean pending(Pod pod) {
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return phase == null || phase.equals("Pending");
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  /** Kills every process, each in its own thread, and takes no more pods. */
  @Override
  public void close() {
    if (pods != null) {
      pods.stop();
    }
    slots.shutdownNow();
    killer.shutdown();
    try {
      slots.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** ConfigMaps and Secrets of a namespace, asked for when a pod starts. */
  private final class Objects implements Sandbox.Sources {
    private final String namespace;

    Objects(String namespace) {
      this.namespace = namespace;
    }

    @Override
    public Map<String, byte[]> configMap(String name) {
      var found = client.configMaps().inNamespace(namespace).withName(name).get();
      if (found == null) {
        return null;
      }
      var entries = decoded(found.getBinaryData());
      if (found.getData() != null) {
        found
            .getData()
            .forEach(
                (key, value) ->
                    entries.put(key, value.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      }
      return entries;
    }

    @Override
    public Map<String, byte[]> secret(String name) {
      var found = client.secrets().inNamespace(namespace).withName(name).get();
      return found == null ? null : decoded(found.getData());
    }

    private static Map<String, byte[]> decoded(Map<String, String> data) {
      var entries = new HashMap<String, byte[]>();
      if (data != null) {
        data.forEach((key, value) -> entries.put(key, Base64.getDecoder().decode(value)));
      }
      return entries;
    }
  }
}
