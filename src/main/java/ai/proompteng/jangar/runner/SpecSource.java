package ai.proompteng.jangar.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where the runner's spec is looked for, in order (agentrun.md 8.1). */
final class SpecSource {
  private static final Path WORKSPACE = Path.of("/workspace");
  private static final Pattern PROVIDER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final ObjectMapper json;
  private final Path providers;

  /**
   * @param providers the folder of the provider files, {@code /etc/agent-providers}
   */
  SpecSource(ObjectMapper json, Path providers) {
    this.json = json;
    this.providers = providers;
  }

  /**
   * A document and the folder it belongs to, below which status and log stand if it does not say.
   */
  record Found(JsonNode document, Path workspace) {}

  /**
   * The first spec there is.
   *
   * @throws InvalidSpec when there is none, or it is not JSON
   */
  Found find(List<String> args, Map<String, String> env) {
    var path = pathArgument(args);
    if (path != null) {
      return file(path);
    }
    var variable = option(args, "--spec-env");
    if (variable != null) {
      var text = env.get(variable);
      if (text == null) {
        throw new InvalidSpec("InvalidSpec", "--spec-env names " + variable + ", which is not set");
      }
      return new Found(parse(text, variable), WORKSPACE);
    }
    for (String name : List.of("AGENT_RUNNER_SPEC_PATH", "AGENT_SPEC_PATH")) {
      if (present(env, name)) {
        return file(env.get(name));
      }
    }
    for (String name : List.of("AGENT_RUNNER_SPEC", "AGENT_SPEC")) {
      if (present(env, name)) {
        return new Found(parse(env.get(name), name), WORKSPACE);
      }
    }
    if (present(env, "AGENT_RUN_SPEC") && present(env, "AGENT_PROVIDER")) {
      return built(Path.of(env.get("AGENT_RUN_SPEC")), env.get("AGENT_PROVIDER"));
    }
    throw new InvalidSpec("InvalidSpec", "there is no runner spec: set AGENT_RUNNER_SPEC_PATH");
  }

  private static String pathArgument(List<String> args) {
    if (!args.isEmpty() && !args.get(0).startsWith("--")) {
      return args.get(0);
    }
    return option(args, "--spec");
  }

  private static String option(List<String> args, String name) {
    int at = args.indexOf(name);
    if (at >= 0 && at + 1 == args.size()) {
      throw new InvalidSpec("InvalidSpec", name + " wants a value");
    }
    return at < 0 ? null : args.get(at + 1);
  }

  private Found built(Path run, String provider) {
    if (!PROVIDER_NAME.matcher(provider).matches()) {
      throw new InvalidSpec("InvalidSpec", "AGENT_PROVIDER is not a provider's name");
    }
    var of = parse(read(providers.resolve(provider + ".json")), provider + ".json");
    var spec = json.createObjectNode();
    spec.put("provider", provider);
    spec.set("inputs", parse(read(run), run.toString()).path("parameters"));
    spec.putObject("payloads").put("eventFilePath", run.toString());
    spec.set("adapter", of.has("adapter") ? of.get("adapter") : execOf(of));
    if (of.has("outputArtifacts")) {
      spec.putObject("providerSpec").set("outputArtifacts", of.get("outputArtifacts"));
    }
    return new Found(spec, workspaceOf(run));
  }

  private ObjectNode execOf(JsonNode provider) {
    var adapter = json.createObjectNode().put("type", "exec");
    var exec = adapter.putObject("exec");
    for (String field : List.of("binary", "argsTemplate", "envTemplate", "inputFiles")) {
      if (provider.has(field)) {
        exec.set(field, provider.get(field));
      }
    }
    return adapter;
  }

  private Found file(String path) {
    var file = Path.of(path);
    return new Found(parse(read(file), path), workspaceOf(file));
  }

  private static Path workspaceOf(Path file) {
    var folder = file.toAbsolutePath().getParent();
    return folder == null ? WORKSPACE : folder;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new InvalidSpec("InvalidSpec", "cannot read " + file + ": " + unreadable.getMessage());
    }
  }

  private JsonNode parse(String text, String where) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException broken) {
      // its own message would quote the document
      throw new InvalidSpec("InvalidSpec", where + " is not JSON");
    }
  }

  private static boolean present(Map<String, String> env, String name) {
    return env.get(name) != null && !env.get(name).isBlank();
  }
}
