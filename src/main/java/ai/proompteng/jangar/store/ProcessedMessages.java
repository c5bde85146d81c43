package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Unreachable;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * What idempotent consumers have done, for all processes (decision 41); each route has its own
 * messages. Made for {@code eager: false}: a message counts as done once it is confirmed, after its
 * route, so a crash between loses nothing. An eager consumer that crashes does its message again.
 */
public final class ProcessedMessages extends ServiceSupport implements IdempotentRepository {
  private static final String NO_ROUTE = "";

  private final Database database;

  public ProcessedMessages(Database database) {
    this.database = database;
  }

  /** True when somebody has confirmed it. */
  @Override
  public boolean contains(Exchange exchange, String key) {
    return contains(route(exchange), key);
  }

  /** Notes the message; false when somebody has confirmed it. */
  @Override
  public boolean add(Exchange exchange, String key) {
    try {
      return add(route(exchange), key);
    } catch (Unreachable e) {
      return failed(exchange, e);
    }
  }

  /** The route is through: from now on it is known. */
  @Override
  public boolean confirm(Exchange exchange, String key) {
    try {
      return confirm(route(exchange), key);
    } catch (Unreachable e) {
      return failed(exchange, e);
    }
  }

  /** Forgets the message, unless somebody has confirmed it. */
  @Override
  public boolean remove(Exchange exchange, String key) {
    return remove(route(exchange), key);
  }

  @Override
  public boolean contains(String key) {
    return contains(NO_ROUTE, key);
  }

  @Override
  public boolean add(String key) {
    return add(NO_ROUTE, key);
  }

  @Override
  public boolean confirm(String key) {
    return confirm(NO_ROUTE, key);
  }

  @Override
  public boolean remove(String key) {
    return remove(NO_ROUTE, key);
  }

  /** Nothing: what is known here is known to others, and old rows go by retention. */
  @Override
  public void clear() {}

  private static String route(Exchange exchange) {
    return exchange.getFromRouteId() == null ? NO_ROUTE : exchange.getFromRouteId();
  }

  /**
   * Camel only logs what is thrown here, at the exchange's end; set on the exchange, its consumer
   * sees that the message is not known yet, and asks again.
   */
  private static boolean failed(Exchange exchange, Unreachable e) {
    exchange.setException(e);
    return false;
  }

  private boolean contains(String route, String key) {
    return database.inTransaction(
        connection ->
            Sql.first(
                    connection,
                    """
                    SELECT 1 FROM processed_messages
                    WHERE processor = ? AND message_id = ? AND confirmed_at IS NOT NULL""",
                    row -> true,
                    route,
                    key)
                .isPresent());
  }

  private boolean add(String route, String key) {
    return database.inTransaction(
        connection ->
            Sql.update(
                    connection,
                    """
                    INSERT INTO processed_messages (processor, message_id) VALUES (?, ?)
                    ON CONFLICT (processor, message_id) DO UPDATE SET created_at = now()
                    WHERE processed_messages.confirmed_at IS NULL""",
                    route,
                    key)
                == 1);
  }

  private boolean confirm(String route, String key) {
    return database.inTransaction(
        connection ->
            Sql.update(
                    connection,
                    """
                    UPDATE processed_messages SET confirmed_at = now()
                    WHERE processor = ? AND message_id = ? AND confirmed_at IS NULL""",
                    route,
                    key)
                == 1);
  }

  private boolean remove(String route, String key) {
    return database.inTransaction(
        connection ->
            Sql.update(
                    connection,
                    """
                    DELETE FROM processed_messages
                    WHERE processor = ? AND message_id = ? AND confirmed_at IS NULL""",
                    route,
                    key)
                == 1);
  }
}
