package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource({
    "postgres://u:p@h:5433/db, jdbc:postgresql://h:5433/db, u, p",
    "postgresql://u:p@h/db?sslmode=require, jdbc:postgresql://h/db?sslmode=require, u, p",
    "postgres://us%40er:p%2Fa%3Ass+%25@h/db, jdbc:postgresql://h/db, us@er, p/a:ss+%",
    "postgres://u:p@ss#w@h/db, jdbc:postgresql://h/db, u, p@ss#w",
    "postgres://h/db, jdbc:postgresql://h/db, ,",
    "postgres://u@h/db, jdbc:postgresql://h/db, u,",
    "postgres://u:p@[::1]:5432/db, jdbc:postgresql://[::1]:5432/db, u, p",
    "postgres://u:p@h/db?application_name=a@b, jdbc:postgresql://h/db?application_name=a@b, u, p",
    "jdbc:postgresql://h/db?user=u&password=p, jdbc:postgresql://h/db?user=u&password=p, ,",
  })
  void each_form_is_read(String url, String jdbcUrl, String user, String password) {
    assertThat(DatabaseUrl.parse(url)).isEqualTo(new DatabaseUrl(jdbcUrl, user, password));
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://u:p@h/db, sslmode=verify-full&sslrootcert=%2Fca%2Fmy+ca.crt",
    "postgres://u:p@h/db?sslmode=require&a=b, a=b&sslmode=verify-full&sslrootcert=%2Fca%2Fmy+ca.crt",
    "postgres://u:p@h/db?sslmode=disable&ssl=false, sslmode=verify-full&sslrootcert=%2Fca%2Fmy+ca.crt",
    "jdbc:postgresql://h/db?sslmode=verify-ca&sslrootcert=x, sslmode=verify-ca&sslrootcert=%2Fca%2Fmy+ca.crt",
  })
  void with_an_authority_the_server_is_verified(String url, String parameters) {
    assertThat(DatabaseUrl.parse(url).verifiedBy(Path.of("/ca/my ca.crt")).jdbcUrl())
        .isEqualTo("jdbc:postgresql://h/db?" + parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mysql://u:secret@h/db", "postgres://", "h:5432/db"})
  void what_is_none_is_refused_without_being_repeated(String url) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void a_password_is_never_shown() {
    assertThat(DatabaseUrl.parse("postgres://u:secret@h/db").toString()).doesNotContain("secret");
    assertThat(DatabaseUrl.parse("jdbc:postgresql://h/db?password=secret").toString())
        .doesNotContain("secret");
  }
}
