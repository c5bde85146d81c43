import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stand-in for a coding agent: reads the issue from run.json, commits a change made from it to a
 * scratch repository, and leaves the diff behind. Run by {@code java SampleAgent.java}; needs a JDK
 * and git.
 */
public class SampleAgent {
  private final Path workspace;
  private final Path repository;

  SampleAgent(Path workspace) {
    this.workspace = workspace;
    this.repository = workspace.resolve("repo");
  }

  public static void main(String[] args) throws Exception {
    var run = Path.of(System.getenv().getOrDefault("AGENT_RUN_SPEC", "/workspace/run.json"));
    var issue = new Json(Files.readString(run)).object();
    new SampleAgent(run.toAbsolutePath().getParent()).work(issue);
  }

  private void work(Map<String, Object> run) throws IOException, InterruptedException {
    var title = firstLine(text(run, "issueTitle", "prompt"));
    var body = text(run, "issueBody", "prompt");
    System.out.write(("sample agent: working on: " + title + "\n").getBytes(StandardCharsets.UTF_8));

    Files.createDirectories(repository);
    git("init", "--quiet");
    Files.writeString(repository.resolve("NOTES.md"), "# Notes\n");
    git("add", "--all");
    git("commit", "--quiet", "--message", "The repository as it was");

    // the issue goes in as the bytes of a file, never as words of a command
    Files.writeString(repository.resolve("NOTES.md"), "# Notes\n\n## " + title + "\n\n" + body + "\n");
    var message = Files.writeString(workspace.resolve("commit-message"), title + "\n");
    git("commit", "--quiet", "--all", "--cleanup=verbatim", "--file", message.toString());

    var diff = git("diff", "--text", "HEAD~1", "HEAD");
    Files.write(workspace.resolve("changes.diff"), diff);
    System.out.write(diff);
    System.out.flush();
  }

  private byte[] git(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of("git"));
    command.addAll(List.of("-c", "user.name=sample agent", "-c", "user.email=agent@localhost"));
    command.addAll(List.of("-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null"));
    command.addAll(List.of(words));
    var builder =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("HOME", workspace.toString()); // nobody else's configuration
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    var git = builder.start();
    var said = git.getInputStream().readAllBytes();
    if (git.waitFor() != 0) {
      throw new IOException("git " + words[0] + " failed");
    }
    return said;
  }

  private static String text(Map<String, Object> run, String... fields) {
    for (String field : fields) {
      if (run.get(field) instanceof String value && !value.isBlank()) {
        return value;
      }
    }
    return "(nothing)";
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("(nothing)");
  }

  /** As much JSON as run.json needs. */
  static final class Json {
    private final String text;
    private int at;

    Json(String text) {
      this.text = text;
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> object() {
      return (Map<String, Object>) value();
    }

    private Object value() {
      blanks();
      return switch (text.charAt(at)) {
        case '{' -> map();
        case '[' -> list();
        case '"' -> string();
        default -> word();
      };
    }

    private Map<String, Object> map() {
      var map = new HashMap<String, Object>();
      at++;
      while (next() != '}') {
        var name = string();
        next();
        at++; // the colon
        map.put(name, value());
        comma();
      }
      at++;
      return map;
    }

    private List<Object> list() {
      var list = new ArrayList<Object>();
      at++;
      while (next() != ']') {
        list.add(value());
        comma();
      }
      at++;
      return list;
    }

    private String string() {
      var string = new StringBuilder();
      at++;
      while (text.charAt(at) != '"') {
        char c = text.charAt(at++);
        string.append(c == '\\' ? escaped() : c);
      }
      at++;
      return string.toString();
    }

    private char escaped() {
      char c = text.charAt(at++);
      if (c == 'u') {
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      int known = "nrtbf".indexOf(c);
      return known < 0 ? c : "\n\r\t\b\f".charAt(known);
    }

    private Object word() {
      int from = at;
      while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      var word = text.substring(from, at);
      return word.equals("null") ? null : word;
    }

    private void comma() {
      if (next() == ',') {
        at++;
      }
    }

    private char next() {
      blanks();
      return text.charAt(at);
    }

    private void blanks() {
      while (at < text.length() && text.charAt(at) <= ' ') {
        at++;
      }
    }
  }
}
