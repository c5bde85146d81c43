package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The four tables that others may read by their published form (orchestration-and-api.md 4.1). */
class SeedTablesIT {
  private static final Path FIRST = Path.of("src/main/resources/db/migration/V1__seed_tables.sql");
  private static final String COLUMNS =
      """
      SELECT table_name || '.' || column_name || ' ' || data_type
        || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
        || coalesce(' ' || column_default, '')
      FROM information_schema.columns WHERE table_schema = '%s' ORDER BY table_name, ordinal_position""";
  private static final List<String> SEED =
      List.of(
          "agent_runs.id uuid not null gen_random_uuid()",
          "agent_runs.agent_name text not null",
          "agent_runs.delivery_id text not null",
          "agent_runs.provider text not null",
          "agent_runs.status text not null",
          "agent_runs.external_run_id text",
          "agent_runs.payload jsonb not null",
          "agent_runs.created_at timestamp with time zone not null now()",
          "agent_runs.updated_at timestamp with time zone not null now()",
          "audit_events.id uuid not null gen_random_uuid()",
          "audit_events.entity_type text not null",
          "audit_events.entity_id uuid not null",
          "audit_events.event_type text not null",
          "audit_events.payload jsonb not null",
          "audit_events.created_at timestamp with time zone not null now()",
          "memory_resources.id uuid not null gen_random_uuid()",
          "memory_resources.memory_name text not null",
          "memory_resources.provider text not null",
          "memory_resources.status text not null",
          "memory_resources.connection_secret jsonb",
          "memory_resources.created_at timestamp with time zone not null now()",
          "memory_resources.updated_at timestamp with time zone not null now()",
          "orchestration_runs.id uuid not null gen_random_uuid()",
          "orchestration_runs.orchestration_name text not null",
          "orchestration_runs.delivery_id text not null",
          "orchestration_runs.provider text not null",
          "orchestration_runs.status text not null",
          "orchestration_runs.external_run_id text",
          "orchestration_runs.payload jsonb not null",
          "orchestration_runs.created_at timestamp with time zone not null now()",
          "orchestration_runs.updated_at timestamp with time zone not null now()");

  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void the_first_migration_makes_the_four_tables_and_nothing_else() throws IOException {
    database.change("CREATE SCHEMA seed; SET search_path TO seed; " + Files.readString(FIRST));

    assertThat(database.read(COLUMNS.formatted("seed"))).isEqualTo(SEED);
    assertThat(
            database.read("SELECT indexname FROM pg_indexes WHERE schemaname = 'seed' ORDER BY 1"))
        .containsExactly(
            "agent_runs_delivery_id_idx",
            "agent_runs_pkey",
            "audit_events_pkey",
            "memory_resources_pkey",
            "orchestration_runs_delivery_id_idx",
            "orchestration_runs_pkey");
  }

  @Test
  void what_comes_later_only_adds_to_them() {
    assertThat(database.read(COLUMNS.formatted("public"))).containsSubsequence(SEED);
  }
}
