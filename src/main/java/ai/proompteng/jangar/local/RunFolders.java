package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Which folder below {@code runs/} is which pod's: {@code runs/<run>}. */
final class RunFolders {
  private static final String RUN = "agents.proompteng.ai/agent-run";
  private static final String JOB = "job-name";

  private final Path runs;
  private final Map<String, Path> byPod = new HashMap<>();
  private final Map<Path, String> owners = new HashMap<>();

  RunFolders(Path runs) {
    this.runs = runs;
  }

  /** A new folder for the pod, named after its run; a second pod of that name gets a longer one. */
  synchronized Path of(Pod pod) throws IOException {
    var uid = pod.getMetadata().getUid();
    var name = name(pod);
    var folder = runs.resolve(name);
    if (owners.containsKey(folder) && !owners.get(folder).equals(uid)) {
      folder = runs.resolve(name + "-" + uid.substring(0, 8));
    }
    owners.put(folder, uid);
    byPod.put(pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName(), folder);
    return Files.createDirectories(folder);
  }

  /** The pod's folder; null when it never had one. */
  synchronized Path find(String namespace, String pod) {
    return byPod.get(namespace + "/" + pod);
  }

  private static String name(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    var name = pod.getMetadata().getName();
    if (labels != null) {
      name = labels.getOrDefault(RUN, labels.getOrDefault(JOB, name));
    }
    // names of objects and label values have no slash; a name of dots alone is not a folder's
    return name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^\\.+", "");
  }
}
