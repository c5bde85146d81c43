import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes a GitHub {@code issues} event, signs it and posts it, as GitHub would. A single file, with
 * the JDK alone: {@code java docs/try/Deliver.java --number 2 --title "Say hello"}.
 *
 * <p>Prints {@code <status> <body>} a line; exits 0 if all answers were 200, 1 if not, 2 when asked
 * wrongly.
 */
public final class Deliver {
  private static final String USAGE =
      """
      java docs/try/Deliver.java [options]
        --action A      what happened to the issue (labeled)
        --repo O/R      its repository (octo/hello)
        --number N      its number (1)
        --label L       its label; an empty one is none (jangar)
        --title T       its title
        --body T        its text
        --delivery ID   id of the delivery (a new one each time)
        --secret S      what it is signed with (the local folder's webhook-secret)
        --url U         where it goes (the local server)
        --form          sends it as a form, GitHub's default, instead of JSON
        --times N       how often (1)
      The local folder is .jangar, or what JANGAR_LOCAL_DIR says.\
      """;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "action", "labeled",
          "repo", "octo/hello",
          "number", "1",
          "label", "jangar",
          "title", "Greet the reader by name",
          "body", "The greeting should name whoever reads it.",
          "times", "1");
  private static final Set<String> OTHERS = Set.of("delivery", "secret", "url");
  private static final String PATH = "/v1/implementation-sources/webhooks/github";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, String> options;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1) // as GitHub does
          .connectTimeout(PATIENCE)
          .build();

  private Deliver(Map<String, String> options) {
    this.options = options;
  }

  /** Delivers as the options say. */
  public static void main(String[] args) throws InterruptedException {
    try {
      var deliver = new Deliver(parse(args));
      System.exit(deliver.all() ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("No answer: " + (e.getMessage() == null ? e : e.getMessage()));
      System.exit(1);
    }
  }

  private static Map<String, String> parse(String[] args) {
    var options = new HashMap<>(DEFAULTS);
    for (int i = 0; i < args.length; i++) {
      var name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (name.equals("form")) {
        options.put("form", "true");
      } else if ((DEFAULTS.containsKey(name) || OTHERS.contains(name)) && i + 1 < args.length) {
        options.put(name, args[++i]);
      } else {
        throw new IllegalArgumentException(USAGE);
      }
    }
    positive(options, "number");
    positive(options, "times");
    return options;
  }

  private static void positive(Map<String, String> options, String name) {
    if (!options.get(name).matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException("--" + name + " is a number from 1");
    }
  }

  private boolean all() throws IOException, InterruptedException {
    var secret = option("secret", () -> local("webhook-secret"));
    var url = url(option("url", () -> "http://127.0.0.1:" + local("port") + PATH));
    boolean good = true;
    for (int i = 0; i < Integer.parseInt(options.get("times")); i++) {
      good &= one(url, secret, i);
    }
    return good;
  }

  private boolean one(URI url, String secret, int round) throws IOException, InterruptedException {
    boolean form = options.containsKey("form");
    var event = event(Instant.now().truncatedTo(ChronoUnit.SECONDS), round);
    var text = form ? "payload=" + URLEncoder.encode(event, StandardCharsets.UTF_8) : event;
    var body = text.getBytes(StandardCharsets.UTF_8);
    var request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("Content-Type", form ? "application/x-www-form-urlencoded" : "application/json")
            .header("User-Agent", "GitHub-Hookshot/try")
            .header("X-GitHub-Event", "issues")
            .header("X-GitHub-Delivery", option("delivery", () -> UUID.randomUUID().toString()))
            .header("X-Hub-Signature-256", "sha256=" + hmac(secret, body))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    System.out.println(answer.statusCode() + " " + answer.body().strip());
    return answer.statusCode() == 200;
  }

  /**
   * The payload, as far as anybody reads it.
   *
   * @param round makes the bodies of one second differ, as comments would
   */
  private String event(Instant now, int round) {
    var repo = options.get("repo");
    var number = options.get("number");
    var action = options.get("action");
    var owner = repo.split("/", 2)[0];
    var name = repo.contains("/") ? repo.split("/", 2)[1] : repo;
    var item = repo + "#" + number;
    boolean closed = action.equals("closed");
    var label = options.get("label").isEmpty() ? "" : label(options.get("label"));
    var labels = action.equals("unlabeled") ? "" : label;
    var changed = action.endsWith("labeled") && !label.isEmpty() ? ",\"label\":" + label : "";
    return """
    {"action":%s,"issue":{"id":%d,"node_id":%s,"number":%s,"title":%s,"body":%s,"state":%s,\
    "user":{"login":"octocat","id":1,"type":"User"},"labels":[%s],"assignees":[],\
    "comments":%d,"author_association":"OWNER",\
    "created_at":"2026-01-01T00:00:00Z","updated_at":"%s","closed_at":%s,\
    "html_url":%s,"url":%s}%s,\
    "repository":{"id":%d,"node_id":%s,"name":%s,"full_name":%s,"private":false,\
    "owner":{"login":%s,"id":1,"type":"User"},"html_url":%s,"default_branch":"main"},\
    "sender":{"login":"octocat","id":1,"type":"User"}}\
    """
        .formatted(
            json(action),
            id(item),
            json("I_" + base64(item)),
            number,
            json(options.get("title")),
            json(options.get("body")),
            json(closed ? "closed" : "open"),
            labels,
            round,
            now,
            closed ? "\"" + now + "\"" : "null",
            json("https://github.com/" + repo + "/issues/" + number),
            json("https://api.github.com/repos/" + repo + "/issues/" + number),
            changed,
            id(repo),
            json("R_" + base64(repo)),
            json(name),
            json(repo),
            json(owner),
            json("https://github.com/" + repo));
  }

  private static String label(String name) {
    return "{\"id\":%d,\"name\":%s,\"color\":\"ededed\",\"default\":false}"
        .formatted(id(name), json(name));
  }

  private static String json(String text) {
    var out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /** The same number for the same name, as a tracker's id would be. */
  private static long id(String name) {
    var sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    return sum.getValue() + 1;
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hmac(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("--secret is no secret: " + e.getMessage(), e);
    }
  }

  private static URI url(String given) {
    var url = URI.create(given);
    var path = url.getPath();
    return path == null || path.isEmpty() || path.equals("/") ? url.resolve(PATH) : url;
  }

  private static String local(String file) {
    var named = System.getenv("JANGAR_LOCAL_DIR");
    var folder = Path.of(named == null || named.isBlank() ? ".jangar" : named);
    try {
      return Files.readString(folder.resolve(file)).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          folder.resolve(file) + " is not there: start ./mvnw first, or give --url and --secret",
          e);
    }
  }

  private String option(String name, Supplier<String> otherwise) {
    return options.containsKey(name) ? options.get(name) : otherwise.get();
  }
}
