package ai.proompteng.jangar.runtime.job;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.kube.Forbidden;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.runtime.RunSpec;
import ai.proompteng.jangar.runtime.RuntimeAdapter;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run as one Kubernetes Job (agentrun.md 4). */
public final class JobAdapter implements RuntimeAdapter {

  private final Cluster cluster;
  private final Clock clock;
  private final Duration startDeadline;

  /**
   * @param startDeadline how long a pod may fail to start before its run fails
   */
  public JobAdapter(Cluster cluster, Clock clock, Duration startDeadline) {
    this.cluster = cluster;
    this.clock = clock;
    this.startDeadline = startDeadline;
  }

  @Override
  public String type() {
    return "job";
  }

  @Override
  public RuntimeRef submit(RunSpec run) {
    var job = JobManifests.job(run);
    createOrAdopt(ResourceType.CONFIG_MAP, JobManifests.configMap(run), run);
    return reference(createOrAdopt(ResourceType.JOB, job, run));
  }

  @Override
  public RuntimeState observe(RuntimeRef ref) {
    var job = job(ref);
    if (job.isPresent()) {
      var pods = pods(ref.namespace(), job.get().getMetadata().getUid());
      return new JobObservation(job.get(), pods, clock.instant(), startDeadline).state();
    }
    return ref.observedAt() == null || ref.uid() == null
        ? new RuntimeState.Absent()
        : JobObservation.vanished(pods(ref.namespace(), ref.uid()));
  }

  @Override
  public Optional<String> log(RuntimeRef ref, int maxBytes) {
    if (ref.uid() == null) {
      return Optional.empty();
    }
    return pods(ref.namespace(), ref.uid()).stream()
        .findFirst()
        .flatMap(
            pod ->
                cluster.log(
                    new Key(ref.namespace(), pod.getMetadata().getName()),
                    JobManifests.CONTAINER,
                    maxBytes));
  }

  @Override
  public void cancel(RuntimeRef ref) {
    cluster.delete(ResourceType.JOB, key(ref), ref.uid());
  }

  @Override
  public RuntimeState stopping(RuntimeRef ref, Instant askedAt) {
    var job = cluster.cached(ResourceType.JOB, key(ref)).filter(found -> same(found, ref));
    var uid = job.map(found -> found.getMetadata().getUid()).orElse(ref.uid());
    var pods = uid == null ? List.<Pod>of() : pods(ref.namespace(), uid);
    return new JobStopping(job.isPresent(), pods, askedAt, clock.instant()).state();
  }

  @Override
  public RuntimeRef place(String namespace, String runName, String runUid) {
    return new RuntimeRef("job", JobManifests.name(runName, runUid), namespace, null, null);
  }

  @Override
  public void discard(RuntimeRef ref) {
    cancel(ref);
    cluster.delete(ResourceType.CONFIG_MAP, key(ref), null); // its name is the run's uid
  }

  @Override
  public Optional<RuntimeRef> find(String namespace, String runName, String runUid) {
    return cluster.owned(ResourceType.JOB, namespace, runUid).stream()
        .findFirst()
        .map(JobAdapter::reference);
  }

  private GenericKubernetesResource createOrAdopt(
      ResourceType type, HasMetadata wanted, RunSpec run) {
    var key = new Key(run.run().namespace(), wanted.getMetadata().getName());
    try {
      return cluster.create(Decoder.mapper().convertValue(wanted, GenericKubernetesResource.class));
    } catch (AlreadyExists e) {
      return adopt(type, key, run);
    } catch (Conflict e) {
      throw new Unreachable("The API server asked to come back: " + e.getMessage(), e);
    } catch (Forbidden e) {
      // a quota that is full says no more than this (agentrun.md 2.4): it may have room later
      throw new Unreachable(e.getMessage(), e);
    } catch (Rejected e) {
      throw new Rejected(Reason.SubmitFailed, type.kind() + " " + key + ": " + e.getMessage(), e);
    }
  }

  private GenericKubernetesResource adopt(ResourceType type, Key key, RunSpec run) {
    // asked live: ConfigMaps are not watched, and our watch may not know of another process's Job
    // yet
    var there =
        cluster
            .read(type, key)
            .orElseThrow(() -> new Unreachable(type.kind() + " " + key + " came and went"));
    var meta = there.getMetadata();
    var labels = Optional.ofNullable(meta.getLabels()).orElse(Map.of());
    var ours =
        run.run().name().equals(labels.get(WellKnown.AGENT_RUN))
            && meta.getOwnerReferences().stream()
                .anyMatch(owner -> run.run().uid().equals(owner.getUid()));
    if (!ours) {
      throw new Rejected(
          Reason.SubmitFailed, type.kind() + " " + key + " exists and belongs to somebody else");
    }
    return there;
  }

  private Optional<Job> job(RuntimeRef ref) {
    var cached = cluster.cached(ResourceType.JOB, key(ref)).filter(job -> same(job, ref));
    // another process may have made it, and our watch not know yet
    return cached
        .or(() -> cluster.read(ResourceType.JOB, key(ref)).filter(job -> same(job, ref)))
        .map(JobAdapter::decode);
  }

  private static boolean same(GenericKubernetesResource job, RuntimeRef ref) {
    return ref.uid() == null || ref.uid().equals(job.getMetadata().getUid());
  }

  private static Job decode(GenericKubernetesResource object) {
    var job = Decoder.mapper().convertValue(object, Job.class);
    if (job.getStatus() == null) {
      job.setStatus(new JobStatus());
    }
    return job;
  }

  /** Newest first. */
  private List<Pod> pods(String namespace, String jobUid) {
    return cluster.owned(ResourceType.POD, namespace, jobUid).stream()
        .map(object -> Decoder.mapper().convertValue(object, Pod.class))
        .sorted(
            Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp()).reversed())
        .toList();
  }

  private static RuntimeRef reference(GenericKubernetesResource job) {
    var meta = job.getMetadata();
    return new RuntimeRef(
        "job",
        meta.getName(),
        meta.getNamespace(),
        meta.getUid(),
        Instant.parse(meta.getCreationTimestamp()));
  }

  private static Key key(RuntimeRef ref) {
    return new Key(ref.namespace(), ref.name());
  }
}
