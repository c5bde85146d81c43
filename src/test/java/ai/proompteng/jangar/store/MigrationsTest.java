package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The version before works on the schema of the next (docs/operations/upgrade.md): a migration only
 * adds, and one that is released stays as it is.
 */
class MigrationsTest {
  private static final Path FOLDER = Path.of("src/main/resources/db/migration");

  private static final Map<String, String> RELEASED =
      Map.of(
          "V1__seed_tables.sql", "0ac4eb2a5af35068",
          "V2__who_and_when.sql", "9737ec6cfbb29d16",
          "V3__intake_ledger.sql", "738ac60b75fa800f",
          "V4__event_outbox.sql", "e87e163cf38fa611",
          "V5__work_item_runs.sql", "107f8ae207deb960",
          "V6__runs_keys_logs_messages.sql", "e5b89dd75c66ec2e",
          "V7__endings.sql", "fe1bb32d0928ce59",
          "V8__audit_retention.sql", "6be4b00618a7fc75",
          "V9__trace_ids.sql", "61b17a0896f1fbd5");

  private static final Pattern CREATED =
      Pattern.compile("(?i)CREATE TABLE (IF NOT EXISTS )?(\\w+)");
  private static final Pattern UNIQUE = Pattern.compile("(?i)^CREATE UNIQUE INDEX .* ON (\\w+).*");

  @Test
  void a_migration_that_is_released_stays_as_it_is() throws IOException {
    for (var released : RELEASED.entrySet()) {
      assertThat(sha256(Files.readString(FOLDER.resolve(released.getKey()))))
          .as(released.getKey())
          .startsWith(released.getValue());
    }
  }

  @Test
  void a_newer_migration_only_adds() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (var file : files.sorted().toList()) {
        if (!RELEASED.containsKey(file.getFileName().toString())) {
          assertThat(takesAway(Files.readString(file))).as(file.toString()).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE a (id uuid PRIMARY KEY, b text NOT NULL UNIQUE); CREATE UNIQUE INDEX i ON a (b);",
        "ALTER TABLE a ADD COLUMN b text;",
        "ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT '', ADD COLUMN c int;",
        "CREATE INDEX CONCURRENTLY i ON a (b);",
        "-- DROP TABLE a;\nALTER TABLE a ALTER COLUMN b DROP NOT NULL;",
      })
  void what_adds_is_welcome(String sql) {
    assertThat(takesAway(sql)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE a",
        "drop index i",
        "TRUNCATE a",
        "ALTER TABLE a DROP COLUMN b",
        "ALTER TABLE a RENAME COLUMN b TO c",
        "ALTER TABLE a RENAME TO b",
        "ALTER TABLE a ALTER COLUMN b TYPE int",
        "ALTER TABLE a ALTER COLUMN b SET NOT NULL",
        "ALTER TABLE a ADD COLUMN b text NOT NULL",
        "ALTER TABLE a ADD COLUMN b text DEFAULT '', ADD COLUMN c text NOT NULL",
        "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0)",
        "CREATE UNIQUE INDEX i ON a (b)",
      })
  void what_takes_away_or_narrows_is_refused(String sql) {
    assertThat(takesAway("CREATE TABLE x (id int);\n" + sql + ";")).containsExactly(sql);
  }

  /** The statements that an older version may not survive. */
  private static List<String> takesAway(String sql) {
    var plain = sql.replaceAll("--[^\\n]*", "").replaceAll("\\s+", " ");
    var created = CREATED.matcher(plain).results().map(found -> found.group(2)).toList();
    return Arrays.stream(plain.split(";"))
        .map(String::strip)
        .filter(statement -> narrows(statement, created))
        .toList();
  }

  private static boolean narrows(String statement, List<String> created) {
    var words = statement.toUpperCase(java.util.Locale.ROOT);
    var unique = UNIQUE.matcher(statement);
    return words.startsWith("DROP ")
        || words.startsWith("TRUNCATE ")
        || unique.matches() && !created.contains(unique.group(1))
        || words.startsWith("ALTER TABLE ")
            && (words.contains(" RENAME ")
                || words.contains(" TYPE ")
                || words.contains(" SET NOT NULL")
                || words.contains(" ADD CONSTRAINT ")
                || words.matches(".* DROP (COLUMN|CONSTRAINT) .*")
                || Arrays.stream(words.split(" ADD COLUMN "))
                    .skip(1)
                    .anyMatch(each -> each.contains(" NOT NULL") && !each.contains(" DEFAULT ")));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
