package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Job controller of local mode: one pod at a time for a Job, again until its backoff limit, and
 * a status when it ends. One thread; a Job is looked at when it or a pod of it changes.
 */
final class LocalJobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalJobs.class);
  private static final int CONFLICT = 409;
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final Clock clock;
  private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
  private SharedIndexInformer<Job> jobs;
  private SharedIndexInformer<Pod> pods;

  LocalJobs(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Starts to look for Jobs. */
  void start() {
    pods = client.pods().inAnyNamespace().inform(ringing(this::ringOwner));
    jobs = client.batch().v1().jobs().inAnyNamespace().inform(ringing(this::ring));
  }

  private void ring(Job job) {
    var namespace = job.getMetadata().getNamespace();
    var name = job.getMetadata().getName();
    worker.execute(() -> reconcile(namespace, name));
  }

  private void ringOwner(Pod pod) {
    for (var owner : pod.getMetadata().getOwnerReferences()) {
      if (owner.getKind().equals("Job")) {
        worker.execute(() -> reconcile(pod.getMetadata().getNamespace(), owner.getName()));
      }
    }
  }

  private void reconcile(String namespace, String name) {
    try {
      var job = client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
      if (job != null
          && !JobStatuses.finished(job)
          && job.getMetadata().getDeletionTimestamp() == null) {
        advance(job);
      }
    } catch (KubernetesClientException failed) {
      LOG.atDebug().addKeyValue("job", name).setCause(failed).log("A Job is looked at again");
      again(namespace, name, ASK_AGAIN);
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("job", name).setCause(bug).log("A Job could not be run");
    }
  }

  private void advance(Job job) {
    var owned = podsOf(job);
    var status = JobStatuses.of(job, owned, clock.instant());
    boolean ended = !status.getConditions().isEmpty();
    if (ended) {
      owned.stream().filter(LocalJobs::active).forEach(pod -> client.resource(pod).delete());
    } else if (owned.stream().noneMatch(LocalJobs::active)) {
      create(job, owned.size());
      status.setActive(1);
    }
    write(job, status);
    JobStatuses.deadline(job)
        .filter(deadline -> !ended)
        .ifPresent(
            deadline ->
                again(
                    job.getMetadata().getNamespace(),
                    job.getMetadata().getName(),
                    Duration.between(clock.instant(), deadline)));
  }

  private List<Pod> podsOf(Job job) {
    return client
        .pods()
        .inNamespace(job.getMetadata().getNamespace())
        .withLabel("job-name", job.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .filter(
            pod ->
                pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid())))
        .toList();
  }

  private static boolean active(Pod pod) {
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return !"Succeeded".equals(phase) && !"Failed".equals(phase);
  }

  /** The pod's name says which attempt it is, so that one is never started twice. */
  private void create(Job job, int attempt) {
    var template = job.getSpec().getTemplate();
    var labels = new HashMap<String, String>();
    if (template.getMetadata() != null && template.getMetadata().getLabels() != null) {
      labels.putAll(template.getMetadata().getLabels());
    }
    labels.put("job-name", job.getMetadata().getName());
    labels.put("batch.kubernetes.io/job-name", job.getMetadata().getName());
    labels.put("batch.kubernetes.io/controller-uid", job.getMetadata().getUid());
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(job.getMetadata().getNamespace())
            .withName(job.getMetadata().getName() + "-" + attempt)
            .withLabels(labels)
            .withAnnotations(annotations(job))
            .addNewOwnerReference()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withName(job.getMetadata().getName())
            .withUid(job.getMetadata().getUid())
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .withSpec(template.getSpec())
            .withNewStatus()
            .withPhase("Pending")
            .endStatus()
            .build();
    try {
      client.resource(pod).create();
    } catch (KubernetesClientException failed) {
      if (failed.getCode() != CONFLICT) {
        throw failed;
      }
    }
  }

  private static Map<String, String> annotations(Job job) {
    var template = job.getSpec().getTemplate().getMetadata();
    return template == null || template.getAnnotations() == null
        ? Map.of()
        : template.getAnnotations();
  }

  private void write(Job job, JobStatus status) {
    if (!status.equals(job.getStatus())) {
      job.setStatus(status);
      client.resource(job).updateStatus();
    }
  }

  private void again(String namespace, String name, Duration in) {
    if (!worker.isShutdown()) {
      worker.schedule(
          () -> reconcile(namespace, name), Math.max(1, in.toMillis()), TimeUnit.MILLISECONDS);
    }
  }

  private static <T extends HasMetadata> ResourceEventHandler<T> ringing(Consumer<T> bell) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        bell.accept(object);
      }

      @Override
      public void onUpdate(T old, T object) {
        bell.accept(object);
      }

      @Override
      public void onDelete(T object, boolean unknown) {
        bell.accept(object);
      }
    };
  }

  @Override
  public void close() {
    if (jobs != null) {
      jobs.stop();
      pods.stop();
    }
    worker.shutdownNow();
  }
}
