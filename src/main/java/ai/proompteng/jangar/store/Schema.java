package ai.proompteng.jangar.store;

import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

/**
 * The tables, and how they come (docs/operations/upgrade.md). Flyway lets one process at a time
 * migrate; a schema that is newer than this version is taken as it is.
 */
final class Schema {
  private static final String NEWER_IS_FINE = "*:future";

  private final Flyway flyway;

  Schema(DatabaseUrl url) {
    flyway =
        Flyway.configure()
            .dataSource(url.jdbcUrl(), url.user(), url.password())
            .ignoreMigrationPatterns(NEWER_IS_FINE)
            .load();
  }

  /** Applies what this version knows and the schema lacks. */
  void bringUp() {
    flyway.migrate();
  }

  /** How many migrations this version needs that are not there yet. */
  int missing() {
    return flyway.info().pending().length;
  }

  /** The newest migration that is there. */
  Optional<String> version() {
    return Optional.ofNullable(flyway.info().current())
        .map(MigrationInfo::getVersion)
        .map(Object::toString);
  }
}
