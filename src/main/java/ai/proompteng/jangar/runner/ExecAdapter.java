package ai.proompteng.jangar.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Adapter {@code exec}: renders what is to be started, starts it, and copies what it says. */
final class ExecAdapter {
  private static final long PIPES_WAIT_SECONDS = 5;

  private final ObjectMapper json;
  private final RunnerSpec spec;
  private final Template template;
  private final String binary;
  private final List<String> args;

  /**
   * @throws InvalidSpec when the run's file is named but is not a JSON object
   */
  ExecAdapter(ObjectMapper json, RunnerSpec spec) {
    this.json = json;
    this.spec = spec;
    this.template = new Template(context());
    this.binary = template.render(spec.exec().binary());
    this.args = spec.exec().args().stream().map(template::render).toList();
  }

  String binary() {
    return binary;
  }

  List<String> args() {
    return args;
  }

  /**
   * Starts the agent.
   *
   * @throws IOException when it cannot be started, or an input file cannot be written
   */
  Child start() throws IOException {
    for (var file : spec.exec().inputFiles()) {
      write(template.render(file.path()), template.render(file.content()));
    }
    var env = new LinkedHashMap<String, String>();
    spec.exec().env().forEach((name, value) -> env.put(name, template.render(value)));
    return Child.start(binary, args, env);
  }

  /**
   * Copies the child's output until it ends.
   *
   * @return its exit code
   */
  int follow(Child child, RunLog log, PrintStream out, PrintStream err)
      throws InterruptedException {
    var pipes =
        List.of(
            pipe("stdout", child.process().getInputStream(), log, out),
            pipe("stderr", child.process().getErrorStream(), log, err));
    int code = child.process().waitFor();
    child.sweep();
    for (var pipe : pipes) {
      // a stray descendant may hold the pipe open: what it says then is not waited for
      pipe.join(TimeUnit.SECONDS.toMillis(PIPES_WAIT_SECONDS));
    }
    return code;
  }

  /** The declared outputs that exist; each one that does not is a line on {@code err}. */
  List<Map<String, String>> outputs(PrintStream err) {
    var outputs = new ArrayList<Map<String, String>>();
    for (var artifact : spec.declared()) {
      var fields = new LinkedHashMap<String, String>(artifact.fields());
      if (artifact.fromExec()) {
        fields.replaceAll((field, value) -> template.render(value));
      }
      if (there(fields.get("path"))) {
        outputs.add(fields);
      } else {
        err.println(
            "agent-runner: artifact " + fields.get("name") + " dropped: no " + fields.get("path"));
      }
    }
    return outputs;
  }

  /** An output that is only a URL has no path to look at. */
  private static boolean there(String path) {
    try {
      return path == null || Files.exists(Path.of(path));
    } catch (InvalidPathException neverThere) {
      return false;
    }
  }

  private JsonNode context() {
    var context = json.createObjectNode();
    for (String root : List.of("inputs", "payloads", "observability", "artifacts", "goal")) {
      context.set(root, spec.root().path(root));
    }
    if (spec.eventFile() != null) {
      context.set("run", run(spec.eventFile()));
    }
    return context;
  }

  private JsonNode run(Path file) {
    try {
      var run = json.readTree(Files.readAllBytes(file));
      if (!run.isObject()) {
        throw new InvalidSpec("InvalidSpec", file + " is not a JSON object");
      }
      return run;
    } catch (JsonProcessingException broken) {
      throw new InvalidSpec("InvalidSpec", file + " is not JSON");
    } catch (IOException unreadable) {
      throw new InvalidSpec("InvalidSpec", "cannot read " + file);
    }
  }

  private static void write(String name, String content) throws IOException {
    var path = Path.of(name);
    if (!path.isAbsolute() || !path.normalize().equals(path)) {
      throw new InvalidSpec("InvalidInputFilePath", "input file " + name);
    }
    if (!Files.exists(path)) { // the pod may have it mounted already
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
    }
  }

  private static Thread pipe(String name, InputStream from, RunLog log, OutputStream to) {
    var thread =
        new Thread(
            () -> {
              try (from) {
                log.copy(from, to);
              } catch (IOException closed) {
                System.err.println("agent-runner: " + name + ": " + closed.getMessage());
              }
            },
            "agent-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
