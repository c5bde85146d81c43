package ai.proompteng.jangar.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an operator may choose for local mode: an environment variable or a system property, which
 * wins.
 *
 * @param cluster the kubeconfig context to use instead of the embedded API server
 */
record LocalOptions(int port, Path folder, Optional<String> cluster) {
  private static final int LAST_PORT = 65_535;

  /**
   * Reads them.
   *
   * @throws Refused naming the option that is wrong
   */
  static LocalOptions of(Map<String, String> env, Function<String, String> property) {
    var port = choice(env.get("PORT"), property.apply("jangar.port"), "8080");
    var folder = choice(env.get("JANGAR_LOCAL_DIR"), property.apply("jangar.dir"), ".jangar");
    var cluster = choice(env.get("JANGAR_LOCAL_CLUSTER"), property.apply("jangar.cluster"), "");
    return new LocalOptions(
        number(port),
        Path.of(folder).toAbsolutePath().normalize(),
        Optional.of(cluster).filter(name -> !name.isEmpty()));
  }

  private static String choice(String variable, String property, String fallback) {
    if (property != null && !property.isBlank()) {
      return property.strip();
    }
    return variable == null || variable.isBlank() ? fallback : variable.strip();
  }

  private static int number(String port) {
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= LAST_PORT) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      throw new Refused("PORT (-Djangar.port) must be a port, not \"" + port + "\"");
    }
    throw new Refused("PORT (-Djangar.port) must be from 0 to " + LAST_PORT);
  }
}
