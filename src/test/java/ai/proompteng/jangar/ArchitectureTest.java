package ai.proompteng.jangar;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysFalse;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The arrows between packages: which may know which, and who may touch the world. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  static final String ROOT = "ai.proompteng.jangar";

  private static final String CORE = ROOT + ".core..";
  private static final String API = ROOT + ".api..";
  private static final String KUBE = ROOT + ".kube..";
  private static final String CAMEL = ROOT + ".camel..";
  private static final String STORE = ROOT + ".store..";
  private static final String REST = ROOT + ".rest..";
  private static final String LOCAL = ROOT + ".local..";
  private static final String RUNNER = ROOT + ".runner..";
  private static final String RUNTIME = ROOT + ".runtime";
  private static final String JACKSON = "com.fasterxml.jackson..";
  private static final String KUBERNETES_MODEL = "io.fabric8.kubernetes.api..";

  // --- what thinks ---

  @ArchTest
  static final ArchRule the_core_stands_on_the_jdk_alone =
      classes()
          .that(resideInAPackage(CORE))
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(CORE, "java.."));

  @ArchTest
  static final ArchRule the_api_knows_the_core_jackson_and_the_kubernetes_model =
      classes()
          .that(resideInAPackage(API))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(API, CORE, "java..", JACKSON, KUBERNETES_MODEL));

  @ArchTest
  static final ArchRule deciding_never_acts =
      classes()
          .that(
              describe(
                  "decide (*Reconciler, *Statuses, policy)",
                  type ->
                      outermost(type).getSimpleName().endsWith("Reconciler")
                          || outermost(type).getSimpleName().endsWith("Statuses")
                          || resideInAPackage(ROOT + ".policy..").test(type)))
          .should(onlyThink());

  // --- the doors ---

  @ArchTest
  static final ArchRule camel_is_spoken_only_by_routes_and_processors =
      noClasses()
          .that(
              are(
                  not(
                      resideInAnyPackage(ROOT, CAMEL, REST, LOCAL)
                          .or(named("Routes", "Processor", "Processors"))
                          .or(named("store.ProcessedMessages")))))
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.camel.."));

  @ArchTest
  static final ArchRule one_door_to_the_cluster =
      noClasses()
          .that(are(not(resideInAnyPackage(ROOT, KUBE, CAMEL, LOCAL, RUNTIME + ".job.."))))
          .should()
          .dependOnClassesThat(resideInAPackage("io.fabric8.kubernetes.client.."));

  @ArchTest
  static final ArchRule one_door_to_postgres =
      noClasses()
          .that(are(not(resideInAnyPackage(STORE, LOCAL))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "java.sql..",
                  "javax.sql..",
                  "org.postgresql..",
                  "com.zaxxer..",
                  "org.flywaydb.."));

  // --- strangers ---

  @ArchTest
  static final ArchRule runtimes_do_not_know_each_other =
      slices().matching(RUNTIME + ".(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule features_form_no_rings =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobody_imports_rest =
      noClasses()
          .that(are(not(resideInAnyPackage(ROOT, REST))))
          .should()
          .dependOnClassesThat(resideInAPackage(REST));

  @ArchTest
  static final ArchRule nobody_imports_the_root =
      noClasses()
          .that(are(not(resideInAnyPackage(ROOT, LOCAL))))
          .should()
          .dependOnClassesThat(resideInAPackage(ROOT));

  @ArchTest
  static final ArchRule only_the_wiring_knows_that_there_is_a_local_mode =
      noClasses()
          .that(are(not(resideInAPackage(LOCAL).or(named("jangar.Wiring")))))
          .should()
          .dependOnClassesThat(resideInAPackage(LOCAL));

  @ArchTest
  static final ArchRule the_runner_imports_nothing_of_ours =
      classes()
          .that(resideInAPackage(RUNNER))
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(RUNNER, "java..", JACKSON));

  @ArchTest
  static final ArchRule nobody_but_local_mode_imports_the_runner =
      noClasses()
          .that(are(not(resideInAnyPackage(RUNNER, LOCAL))))
          .should()
          .dependOnClassesThat(resideInAPackage(RUNNER));

  @ArchTest
  static final ArchRule embedded_servers_are_used_by_local_mode_alone =
      noClasses()
          .that(are(not(resideInAPackage(LOCAL))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.zonky..",
                  "io.fabric8.mockwebserver..",
                  "io.fabric8.kubernetes.client.server.mock..",
                  "okhttp3.."));

  // --- what is handed in ---

  @ArchTest
  static final ArchRule time_is_handed_in =
      noClasses()
          .that(are(not(resideInAnyPackage(ROOT, LOCAL, RUNNER))))
          .should()
          .accessTargetWhere(readsTheClock());

  @ArchTest
  static final ArchRule settings_are_read_once =
      noClasses()
          .that(are(not(resideInAnyPackage(LOCAL, RUNNER).or(named("jangar.Settings")))))
          .should()
          .accessTargetWhere(readsTheEnvironment());

  // --- habits ---

  @ArchTest
  static final ArchRule nobody_sleeps =
      noClasses().should().accessTargetWhere(calls(Thread.class, Set.of("sleep")));

  @ArchTest
  static final ArchRule logs_go_through_slf4j =
      noClasses().should().dependOnClassesThat(resideInAPackage("java.util.logging.."));

  @ArchTest
  static final ArchRule consoles_belong_to_the_runner_and_local_mode =
      classes()
          .that(are(not(resideInAnyPackage(LOCAL, RUNNER))))
          .should(
              ArchCondition.from(
                  describe(
                      "access no standard stream",
                      type ->
                          type.getFieldAccessesFromSelf().stream()
                              .noneMatch(
                                  access ->
                                      access.getTargetOwner().isEquivalentTo(System.class)))));

  @ArchTest
  static final ArchRule a_helper_lives_with_the_noun_it_helps =
      noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager)(\\$.*)?");

  private static ArchCondition<JavaClass> onlyThink() {
    return new ArchCondition<>("see values and nothing that acts") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var allowed =
            resideInAnyPackage(
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.util.regex",
                    "java.time..",
                    CORE,
                    API,
                    RUNTIME,
                    type.getPackageName())
                .or(resideInAPackage(ROOT + ".artifact"))
                .or(
                    // local mode's Job controller decides about Kubernetes' own objects
                    resideInAPackage(LOCAL).test(type)
                        ? resideInAPackage(KUBERNETES_MODEL)
                        : alwaysFalse());
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> !allowed.test(dependency.getTargetClass().getBaseComponentType()))
            .filter(dependency -> !dependency.getTargetClass().getBaseComponentType().isPrimitive())
            .forEach(
                dependency ->
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
      }
    };
  }

  private static DescribedPredicate<JavaClass> named(String... endings) {
    return describe(
        "whose name ends in " + String.join(", ", endings),
        type -> Stream.of(endings).anyMatch(outermost(type).getName()::endsWith));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  /** Calls and method references alike; what is given a Clock reads that one. */
  private static DescribedPredicate<JavaAccess<?>> readsTheClock() {
    return describe(
        "read the clock of the machine",
        access -> {
          var owner = access.getTargetOwner().getName();
          var name = access.getTarget().getName();
          var arguments =
              access.getTarget() instanceof CodeUnitAccessTarget target
                  ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                  : List.<String>of();
          return switch (owner) {
            case "java.lang.System" -> name.equals("currentTimeMillis");
            case "java.util.Date" -> name.equals("<init>") && arguments.isEmpty();
            case "java.time.Clock" -> name.startsWith("system");
            default ->
                owner.startsWith("java.time.")
                    && name.equals("now")
                    && !arguments.contains("java.time.Clock");
          };
        });
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheEnvironment() {
    return calls(System.class, Set.of("getenv", "getProperty", "getProperties"))
        .or(calls(Integer.class, Set.of("getInteger")))
        .or(calls(Long.class, Set.of("getLong")))
        .or(calls(Boolean.class, Set.of("getBoolean")));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, Set<String> methods) {
    return describe(
        "call " + owner.getSimpleName() + "." + methods,
        access ->
            access.getTargetOwner().isEquivalentTo(owner)
                && methods.contains(access.getTarget().getName()));
  }
}
