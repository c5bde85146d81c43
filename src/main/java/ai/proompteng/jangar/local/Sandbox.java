package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod's file system as a folder: {@code /workspace} and {@code /tmp} are folders in it, each
 * other mount is below {@code mounts}. Nothing is ever written outside it.
 */
final class Sandbox {
  private final Path folder;
  private final PathRewrite paths;

  private Sandbox(Path folder, PathRewrite paths) {
    this.folder = folder;
    this.paths = paths;
  }

  /** What ConfigMaps and Secrets hold, by name. */
  interface Sources {
    /** The entries of a ConfigMap; null when it does not exist. */
    Map<String, byte[]> configMap(String name);

    /** The entries of a Secret; null when it does not exist. */
    Map<String, byte[]> secret(String name);
  }

  /**
   * Lays out the files of a pod's container.
   *
   * @param folder the run's own, new
   * @throws NotStartable when a volume's source is missing or of a sort that is not built
   */
  static Sandbox make(Path folder, Pod pod, Container container, Sources sources)
      throws IOException {
    var places = new LinkedHashMap<String, Path>();
    places.put("/workspace", folder.resolve("workspace"));
    places.put("/tmp", folder.resolve("tmp"));
    for (var mount : container.getVolumeMounts()) {
      var path = mount.getMountPath();
      if (!under(path, "/workspace") && !under(path, "/tmp")) {
        places.put(path, folder.resolve("mounts" + path));
      }
    }
    var sandbox = new Sandbox(folder, new PathRewrite(places));
    for (Path place : places.values()) {
      if (!place.startsWith(folder.resolve("mounts"))) {
        Files.createDirectories(place);
      }
    }
    var mounts = new ArrayList<>(container.getVolumeMounts());
    mounts.sort(Comparator.comparing(mount -> mount.getMountPath().length()));
    for (var mount : mounts) {
      sandbox.mount(mount, volume(pod, mount.getName()), sources);
    }
    return sandbox;
  }

  PathRewrite paths() {
    return paths;
  }

  Path workspace() {
    return folder.resolve("workspace");
  }

  Path tmp() {
    return folder.resolve("tmp");
  }

  /** Where a path of the pod is; refused outside the folder. */
  Path inside(String path) {
    var here = paths.path(path);
    if (!here.startsWith(folder)) {
      throw new NotStartable("InvalidVolume", path + " leaves the run's folder");
    }
    return here;
  }

  private void mount(VolumeMount mount, Volume volume, Sources sources) throws IOException {
    var target = inside(mount.getMountPath());
    if (volume.getEmptyDir() != null) {
      Files.createDirectories(target);
      return;
    }
    var files = files(volume, sources);
    if (mount.getSubPath() != null && !mount.getSubPath().isEmpty()) {
      var content = files.get(mount.getSubPath());
      if (content == null) {
        throw new NotStartable(
            "CreateContainerConfigError",
            "volume " + volume.getName() + " has no " + mount.getSubPath());
      }
      write(target, content);
    } else {
      Files.createDirectories(target);
      for (var file : files.entrySet()) {
        write(inside(mount.getMountPath() + "/" + file.getKey()), file.getValue());
      }
    }
  }

  private void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file); // an earlier attempt made it read-only
    var name = file.getFileName().toString();
    // the runner's orders name paths of the pod; run.json is data and stays as it is
    Files.write(
        file,
        name.equals("agent-runner.json") ? paths.json(new String(content)).getBytes() : content);
    file.toFile().setReadOnly();
  }

  private static Map<String, byte[]> files(Volume volume, Sources sources) {
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      return items(
          "configmap " + source.getName(),
          sources.configMap(source.getName()),
          source.getOptional(),
          source.getItems());
    }
    if (volume.getSecret() != null) {
      var source = volume.getSecret();
      return items(
          "secret " + source.getSecretName(),
          sources.secret(source.getSecretName()),
          source.getOptional(),
          source.getItems());
    }
    throw new NotStartable(
        "NotSupportedYet", "volume " + volume.getName() + " is of a sort that local mode lacks");
  }

  private static Map<String, byte[]> items(
      String what, Map<String, byte[]> entries, Boolean optional, List<KeyToPath> items) {
    if (entries == null) {
      if (Boolean.TRUE.equals(optional)) {
        return Map.of();
      }
      throw new NotStartable("CreateContainerConfigError", what + " not found");
    }
    if (items == null || items.isEmpty()) {
      return entries;
    }
    var chosen = new LinkedHashMap<String, byte[]>();
    for (var item : items) {
      if (entries.get(item.getKey()) == null) {
        throw new NotStartable("CreateContainerConfigError", what + " has no key " + item.getKey());
      }
      chosen.put(item.getPath(), entries.get(item.getKey()));
    }
    return chosen;
  }

  private static Volume volume(Pod pod, String name) {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new NotStartable("InvalidVolume", "there is no volume " + name));
  }

  private static boolean under(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }
}
