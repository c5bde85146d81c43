package ai.proompteng.jangar;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** Tests are found by their names, read as sentences, and await what they want to see. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.OnlyIncludeTests.class)
class TestHabitsTest {
  private static final Set<String> TESTS =
      Set.of(
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.TestFactory",
          "org.junit.jupiter.params.ParameterizedTest",
          "org.junit.jupiter.api.RepeatedTest");

  @ArchTest
  static final ArchRule a_test_that_no_build_runs_proves_nothing =
      classes().that(holdTests()).should().haveNameMatching(".*(Test|IT|E2E)(\\$.*)?");

  @ArchTest
  static final ArchRule tests_are_sentences =
      methods()
          .that(describe("are tests", TestHabitsTest::isTest))
          .should()
          .haveNameMatching("[a-z0-9]+(_[a-z0-9]+)+");

  @ArchTest
  static final ArchRule tests_await_and_never_sleep =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  private static DescribedPredicate<JavaClass> holdTests() {
    return describe(
        "hold tests",
        type ->
            !type.getModifiers().contains(JavaModifier.ABSTRACT)
                && type.getMethods().stream().anyMatch(TestHabitsTest::isTest));
  }

  private static boolean isTest(JavaMethod method) {
    return method.getAnnotations().stream()
        .anyMatch(annotation -> TESTS.contains(annotation.getRawType().getName()));
  }
}
