package ai.proompteng.jangar.runtime.job;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.runtime.RunSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run's container sees mounted (agentrun.md 4.3). */
final class JobVolumes {
  private static final String FILES = "jangar-run";

  private JobVolumes() {}

  /** The ConfigMap's key of the input file at that place. */
  static String inputKey(int index) {
    return "input-" + index;
  }

  static List<Volume> volumes(RunSpec run) {
    var volumes = new ArrayList<Volume>();
    scratch(run)
        .keySet()
        .forEach(
            name ->
                volumes.add(
                    new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build()));
    volumes.add(
        new VolumeBuilder()
            .withName(FILES)
            .withNewConfigMap()
            .withName(JobManifests.name(run.run().name(), run.run().uid()))
            .endConfigMap()
            .build());
    run.container().volumes().stream().map(JobVolumes::volume).forEach(volumes::add);
    return volumes;
  }

  static List<VolumeMount> mounts(RunSpec run) {
    var mounts = new ArrayList<VolumeMount>();
    scratch(run).forEach((name, path) -> mounts.add(mount(name, path)));
    mounts.add(file("run.json", "/workspace/run.json"));
    mounts.add(file("agent-runner.json", "/workspace/agent-runner.json"));
    var files = run.documents().files();
    for (int i = 0; i < files.size(); i++) {
      mounts.add(file(inputKey(i), files.get(i).path()));
    }
    for (var volume : run.container().volumes()) {
      var mount = mount(volume.name(), volume.mountPath());
      mount.setReadOnly(Boolean.TRUE.equals(volume.readOnly()) ? true : null);
      mounts.add(mount);
    }
    return mounts;
  }

  /** The writable places that an uid without a home needs, but those the run brings itself. */
  private static Map<String, String> scratch(RunSpec run) {
    var places = new LinkedHashMap<String, String>();
    places.put("jangar-workspace", "/workspace");
    places.put("jangar-status", "/workspace/.agent");
    places.put("jangar-tmp", "/tmp");
    run.container().volumes().forEach(volume -> places.values().remove(volume.mountPath()));
    return places;
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
  }

  private static VolumeMount file(String key, String path) {
    return new VolumeMountBuilder()
        .withName(FILES)
        .withMountPath(path)
        .withSubPath(key)
        .withReadOnly(true)
        .build();
  }

  private static Volume volume(AgentRunSpec.Volume volume) {
    var named = new VolumeBuilder().withName(volume.name());
    if ("pvc".equals(volume.type())) {
      return named.withNewPersistentVolumeClaim(volume.claimName(), volume.readOnly()).build();
    }
    var size = volume.sizeLimit() == null ? null : Quantity.parse(volume.sizeLimit());
    return named
        .withNewEmptyDir()
        .withMedium(volume.medium())
        .withSizeLimit(size)
        .endEmptyDir()
        .build();
  }
}
