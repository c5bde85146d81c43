package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** Who asks, and what they may see and change. Another's namespace looks like one that is empty. */
public final class Caller {
  private static final String PROPERTY = "JangarCaller";

  private final String principal;
  private final Set<String> namespaces;
  private final boolean writes;
  private final Consumer<String> denied;
  private final Consumer<String> entered;

  private Caller(
      String principal,
      Set<String> namespaces,
      boolean writes,
      Consumer<String> denied,
      Consumer<String> entered) {
    this.principal = principal;
    this.namespaces = Set.copyOf(namespaces);
    this.writes = writes;
    this.denied = denied;
    this.entered = entered;
  }

  /**
   * Somebody who is known.
   *
   * @param principal as audit rows name them
   * @param namespaces theirs; empty for all
   * @param writes whether they may change anything
   */
  static Caller of(String principal, Set<String> namespaces, boolean writes) {
    return new Caller(principal, namespaces, writes, namespace -> {}, namespace -> {});
  }

  /** Whoever sent the request of this exchange; only behind the step {@code callersOnly}. */
  public static Caller of(Exchange exchange) {
    var caller = exchange.getProperty(PROPERTY, Caller.class);
    if (caller == null) {
      throw new IllegalStateException("the route lacks the step callersOnly");
    }
    return caller;
  }

  /** The same, who is told of wherever they may not go. */
  Caller reporting(Consumer<String> denied) {
    return new Caller(principal, namespaces, writes, denied, entered);
  }

  /** The same, whose ways are noted. */
  Caller noting(Consumer<String> entered) {
    return new Caller(principal, namespaces, writes, denied, entered);
  }

  /** True when the exchange has its caller. */
  static boolean known(Exchange exchange) {
    return exchange.getProperty(PROPERTY) != null;
  }

  void attach(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  /** As audit rows name them. */
  public String principal() {
    return principal;
  }

  boolean writes() {
    return writes;
  }

  /**
   * The namespace, if it is theirs.
   *
   * @param missing what is answered if not: the same as where nothing is
   * @throws Refused as {@code missing} has it
   */
  public String enter(String namespace, Supplier<Refused> missing) {
    if (!sees(namespace)) {
      denied.accept(namespace);
      throw missing.get();
    }
    entered.accept(namespace);
    return namespace;
  }

  boolean sees(String namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }

  /**
   * Which namespaces a list is of.
   *
   * @param asked null for all of theirs
   * @return empty for all that there are
   */
  public Set<String> narrow(String asked, Supplier<Refused> missing) {
    return asked == null ? namespaces : Set.of(enter(asked, missing));
  }

  /** Where a name without a namespace is looked for: their only one, or that one. */
  public String home(String otherwise) {
    return namespaces.size() == 1 ? namespaces.iterator().next() : otherwise;
  }
}
