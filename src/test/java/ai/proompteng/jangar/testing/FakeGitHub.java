package ai.proompteng.jangar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * GitHub's REST API, as far as Jangar calls it: comments and labels of issues, their limits, and
 * troubles on request. Over HTTP troubles are asked for by {@code POST /_faults}. An issue is there
 * once somebody speaks of it.
 */
public final class FakeGitHub implements AutoCloseable {
  /** The only token that is let in. */
  public static final String TOKEN = "ghp_of-the-stand-in";

  private static final String LOGIN = "jangar-bot";
  private static final int MOST_PER_PAGE = 100;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern COMMENTS =
      Pattern.compile("/repos/([^/]+/[^/]+)/issues/([0-9]+)/comments");
  private static final Pattern COMMENT =
      Pattern.compile("/repos/([^/]+/[^/]+)/issues/comments/([0-9]+)");
  private static final Pattern LABELS =
      Pattern.compile("/repos/([^/]+/[^/]+)/issues/([0-9]+)/labels(?:/([^/]+))?");
  private static final Pattern ISSUE = Pattern.compile("/repos/([^/]+/[^/]+)/issues/([0-9]+)");

  /** A comment as it stands. */
  public record Comment(long id, String issue, String body) {}

  /**
   * A trouble: requests of that method whose path contains that get it, so many times.
   *
   * @param status what is answered; 0 for no answer at all
   * @param done the request is carried out all the same
   * @param hangs the connection stays open, and nothing comes
   */
  public record Fault(
      String method,
      String path,
      int times,
      int status,
      Map<String, String> headers,
      boolean done,
      boolean hangs) {

    /** That status, and nothing is done. */
    public static Fault answer(int status, Map<String, String> headers) {
      return new Fault("", "", Integer.MAX_VALUE, status, headers, false, false);
    }

    /** It is done, and the answer is lost. */
    public static Fault lostAnswer() {
      return new Fault("", "", Integer.MAX_VALUE, 0, Map.of(), true, false);
    }

    /** Nobody answers, and nobody hangs up. */
    public static Fault silence() {
      return new Fault("", "", Integer.MAX_VALUE, 0, Map.of(), false, true);
    }

    /** The same, that often. */
    public Fault times(int count) {
      return new Fault(method, path, count, status, headers, done, hangs);
    }

    /** The same, for those requests alone. */
    public Fault on(String onlyMethod, String pathPart) {
      return new Fault(onlyMethod, pathPart, times, status, headers, done, hangs);
    }

    private boolean meets(String itsMethod, String itsPath) {
      return (method.isEmpty() || method.equals(itsMethod)) && itsPath.contains(path);
    }
  }

  private record Answer(int status, Object body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final TreeMap<Long, Comment> comments = new TreeMap<>();
  private final Map<String, List<String>> labels = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Instant> updated = new LinkedHashMap<>();
  private long lastId = 1000;
  private int remaining = 5000;
  private Instant reset = Instant.now().plusSeconds(3600);

  private FakeGitHub(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** One on a free port of loopback. */
  public static FakeGitHub start() {
    return start(0);
  }

  /** One on that port of loopback. */
  public static FakeGitHub start(int port) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      return new FakeGitHub(HttpServer.create(address, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code --port 8090}: runs until it is killed. */
  public static void main(String[] arguments) throws InterruptedException {
    var words = List.of(arguments);
    int at = words.indexOf("--port");
    try (var fake = start(at < 0 ? 0 : Integer.parseInt(words.get(at + 1)))) {
      System.out.println("GitHub's stand-in: JANGAR_GITHUB_API_BASE_URL=" + fake.base());
      fake.closed.await();
    }
  }

  /** What {@code JANGAR_GITHUB_API_BASE_URL} must be. */
  public URI base() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** From now on, until it has been had as often as it says. */
  public synchronized FakeGitHub fault(Fault fault) {
    faults.add(fault);
    return this;
  }

  /** All is well again. */
  public synchronized void mend() {
    faults.clear();
    remaining = 5000;
  }

  /** So many requests are let through until then. */
  public synchronized void limit(int requestsLeft, Instant until) {
    remaining = requestsLeft;
    reset = until;
  }

  /** The comments of {@code octo/hello#1}, oldest first. */
  public synchronized List<Comment> comments(String issue) {
    return comments.values().stream().filter(comment -> comment.issue().equals(issue)).toList();
  }

  /** Somebody comments. */
  public synchronized Comment comment(String issue, String body) {
    var comment = new Comment(++lastId, issue, body);
    comments.put(comment.id(), comment);
    return comment;
  }

  /** The labels of {@code octo/hello#1}. */
  public synchronized List<String> labels(String issue) {
    return List.copyOf(labels.getOrDefault(issue, List.of()));
  }

  /** What was asked, in order: {@code POST /repos/octo/hello/issues/1/comments}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var method = exchange.getRequestMethod();
      var path = exchange.getRequestURI().getRawPath();
      var body = exchange.getRequestBody().readAllBytes();
      if (path.equals("/_faults")) {
        fault(JSON.readValue(body, Fault.class));
        send(exchange, new Answer(200, Map.of()), Map.of());
        return;
      }
      requests.add(method + " " + path);
      var fault = takeFault(method, path);
      if (fault == null) {
        send(exchange, answer(exchange, method, path, body), Map.of());
        return;
      }
      if (fault.done()) {
        answer(exchange, method, path, body);
      }
      if (fault.hangs()) {
        closed.await(5, TimeUnit.MINUTES);
      } else if (fault.status() > 0) {
        send(exchange, said(fault.status(), "as asked"), fault.headers());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Fault takeFault(String method, String path) {
    for (int i = 0; i < faults.size(); i++) {
      var fault = faults.get(i);
      if (fault.meets(method, path)) {
        if (fault.times() <= 1) {
          faults.remove(i);
        } else if (fault.times() < Integer.MAX_VALUE) {
          faults.set(i, fault.times(fault.times() - 1));
        }
        return fault;
      }
    }
    return null;
  }

  private synchronized Answer answer(HttpExchange exchange, String method, String path, byte[] body)
      throws IOException {
    if (exchange.getRequestHeaders().getFirst("User-Agent") == null) {
      return said(403, "Request forbidden by administrative rules: no User-Agent");
    }
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return said(401, "Bad credentials");
    }
    if (remaining <= 0 && Instant.now().isBefore(reset)) {
      return said(403, "API rate limit exceeded");
    }
    remaining--;
    var asked = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
    var list = COMMENTS.matcher(path);
    if (list.matches()) {
      return ofIssue(exchange, method, list, asked);
    }
    var one = COMMENT.matcher(path);
    if (one.matches()) {
      return ofComment(method, Long.parseLong(one.group(2)), asked);
    }
    var label = LABELS.matcher(path);
    if (label.matches()) {
      return ofLabels(method, label, asked);
    }
    var issue = ISSUE.matcher(path);
    return issue.matches() && method.equals("GET")
        ? new Answer(200, issue(issue.group(1) + "#" + issue.group(2)))
        : said(404, "Not Found");
  }

  private Answer ofIssue(HttpExchange exchange, String method, Matcher path, JsonNode asked) {
    var issue = path.group(1) + "#" + path.group(2);
    if (method.equals("POST")) {
      touch(issue);
      return new Answer(201, shown(comment(issue, asked.path("body").asText())));
    }
    var all = comments(issue);
    int perPage = Math.min(MOST_PER_PAGE, query(exchange, "per_page", 30));
    int page = query(exchange, "page", 1);
    int from = Math.min(all.size(), (page - 1) * perPage);
    int to = Math.min(all.size(), from + perPage);
    if (to < all.size()) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "<%s%s?per_page=%d&page=%d>; rel=\"next\""
                  .formatted(base(), exchange.getRequestURI().getPath(), perPage, page + 1));
    }
    return new Answer(200, all.subList(from, to).stream().map(this::shown).toList());
  }

  private Answer ofComment(String method, long id, JsonNode asked) {
    var there = comments.get(id);
    if (there == null) {
      return said(404, "Not Found");
    }
    touch(there.issue());
    if (method.equals("DELETE")) {
      comments.remove(id);
      return new Answer(204, null);
    }
    if (method.equals("PATCH")) {
      comments.put(id, new Comment(id, there.issue(), asked.path("body").asText()));
    }
    return new Answer(200, shown(comments.get(id)));
  }

  private Answer ofLabels(String method, Matcher path, JsonNode asked) {
    var issue = path.group(1) + "#" + path.group(2);
    var there = labels.computeIfAbsent(issue, any -> new ArrayList<>());
    if (method.equals("POST")) {
      for (var label : asked.path("labels")) {
        if (!there.contains(label.asText())) {
          there.add(label.asText());
          touch(issue);
        }
      }
    } else if (method.equals("DELETE") && there.remove(path.group(3))) {
      touch(issue);
    }
    return new Answer(200, there.stream().map(name -> Map.of("name", name)).toList());
  }

  private void touch(String issue) {
    updated.put(issue, Instant.now());
  }

  private ObjectNode issue(String issue) {
    var node = JSON.createObjectNode();
    node.put("number", Integer.parseInt(issue.substring(issue.indexOf('#') + 1)));
    node.put(
        "updated_at",
        updated
            .getOrDefault(issue, Instant.EPOCH)
            .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
            .toString());
    node.set(
        "labels", JSON.valueToTree(labels(issue).stream().map(n -> Map.of("name", n)).toList()));
    return node;
  }

  private Map<String, Object> shown(Comment comment) {
    return Map.of(
        "id", comment.id(), "body", comment.body(), "user", Map.of("login", LOGIN, "type", "Bot"));
  }

  private static Answer said(int status, String message) {
    return new Answer(status, Map.of("message", message));
  }

  private static int query(HttpExchange exchange, String name, int otherwise) {
    var query = exchange.getRequestURI().getQuery();
    var matcher =
        Pattern.compile("(?:^|&)" + name + "=([0-9]+)").matcher(query == null ? "" : query);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
  }

  private void send(HttpExchange exchange, Answer answer, Map<String, String> more)
      throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json; charset=utf-8");
    headers.set(
        "Date",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC)));
    synchronized (this) {
      headers.set("X-RateLimit-Remaining", String.valueOf(Math.max(0, remaining)));
      headers.set("X-RateLimit-Reset", String.valueOf(reset.getEpochSecond()));
    }
    more.forEach(headers::set);
    var bytes = answer.body() == null ? new byte[0] : JSON.writeValueAsBytes(answer.body());
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** So many comments of other people on that issue. */
  public void chatter(String issue, int count) {
    IntStream.range(0, count).forEach(i -> comment(issue, "comment " + i));
  }
}
