package ai.proompteng.jangar.agentrun;

import java.util.List;
import java.util.Set;

/** Which paths of the container a run or a provider may use (agentrun.md 4.3, decision 28). */
final class MountPaths {
  private static final String WORKSPACE = "/workspace";
  private static final String STATUS = "/workspace/.agent";
  private static final Set<String> OURS =
      Set.of("/workspace/run.json", "/workspace/agent-runner.json");
  private static final List<String> SYSTEM =
      List.of(
          "/proc",
          "/sys",
          "/dev",
          "/etc",
          "/usr",
          "/bin",
          "/sbin",
          "/lib",
          "/lib64",
          "/boot",
          "/var/run/secrets",
          "/run/secrets");

  private MountPaths() {}

  /** May a volume be there. */
  static boolean volume(String path) {
    return plain(path) && !OURS.contains(path) && !system(path);
  }

  /** May an input file be there. */
  static boolean file(String path) {
    return plain(path)
        && !path.endsWith("/")
        && !OURS.contains(path)
        && !path.equals(WORKSPACE)
        && !within(path, STATUS)
        && !path.equals("/tmp")
        && !system(path);
  }

  private static boolean plain(String path) {
    return path != null
        && path.startsWith("/")
        && path.length() > 1
        && !path.contains("//")
        && path.indexOf(':') < 0
        && path.chars().noneMatch(Character::isISOControl)
        && List.of(path.split("/")).stream()
            .noneMatch(part -> part.equals("..") || part.equals("."));
  }

  private static boolean system(String path) {
    return SYSTEM.stream().anyMatch(directory -> within(path, directory));
  }

  private static boolean within(String path, String directory) {
    return path.equals(directory) || path.startsWith(directory + "/");
  }
}
