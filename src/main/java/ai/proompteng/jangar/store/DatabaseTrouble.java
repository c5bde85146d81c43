package ai.proompteng.jangar.store;

import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * Why the database is not ready, for whoever can mend it.
 *
 * @param code one word, as {@code /ready} names it
 * @param message what it said, or what to do
 */
public record DatabaseTrouble(String code, String message) {
  private static final int MOST_CAUSES = 20;

  static final DatabaseTrouble NOT_YET =
      new DatabaseTrouble("database_not_ready", "not connected yet");
  static final DatabaseTrouble NO_UUIDS =
      new DatabaseTrouble(
          "database_pgcrypto_missing",
          "the database lacks gen_random_uuid(): use PostgreSQL 13 or later, or let its owner say"
              + " CREATE EXTENSION pgcrypto");

  static DatabaseTrouble missing(int migrations) {
    return new DatabaseTrouble(
        "database_migrations_missing",
        migrations
            + " migrations are missing, and this process is told not to migrate"
            + " (JANGAR_MIGRATIONS): the control plane brings them");
  }

  /** Sorts by kinds and SQL states; what it does not know keeps its own words. */
  static DatabaseTrouble of(Throwable failure) {
    if (has(failure, CertificateException.class)) {
      return new DatabaseTrouble(
          "database_certificate_refused",
          "the database's certificate is none that PGSSLROOTCERT vouches for: " + root(failure));
    }
    if (has(failure, FlywayValidateException.class)) {
      return new DatabaseTrouble(
          "database_migrations_changed",
          "a migration that was applied is not the one this version has: restore the schema's"
              + " history, or repair it with Flyway; "
              + firstLine(failure));
    }
    var state = state(failure);
    if (state.equals("42883")) {
      return NO_UUIDS;
    }
    return new DatabaseTrouble(code(state), root(failure));
  }

  private static String code(String state) {
    return switch (state) {
      case "28000", "28P01" -> "database_login_refused";
      case "3D000" -> "database_missing";
      case "42501" -> "database_rights_missing";
      default -> state.startsWith("08") ? "database_unreachable" : "database_not_ready";
    };
  }

  private static String state(Throwable failure) {
    return causes(failure)
        .filter(SQLException.class::isInstance)
        .map(cause -> ((SQLException) cause).getSQLState())
        .filter(state -> state != null)
        .reduce("", (outer, inner) -> inner);
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return causes(failure).anyMatch(kind::isInstance);
  }

  /** The first cause's first line: what wraps it tells how long the pool has waited. */
  private static String root(Throwable failure) {
    return firstLine(causes(failure).reduce(failure, (outer, inner) -> inner));
  }

  private static String firstLine(Throwable failure) {
    var message = failure.getMessage() == null ? "" : failure.getMessage();
    return message.lines().findFirst().orElse(failure.getClass().getSimpleName());
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(MOST_CAUSES);
  }
}
