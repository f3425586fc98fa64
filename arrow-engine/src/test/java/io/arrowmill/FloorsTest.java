package io.arrowmill;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.plan.Suggestions;
import io.arrowmill.streaming.GroupState;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StreamingQueryException;
import io.arrowmill.streaming.Trigger;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A package imports only what stands below it; ARCHITECTURE.md says why. */
final class FloorsTest {
  private static final String ROOT = "io.arrowmill";

  /** Lowest first. The public API, {@code io.arrowmill} and {@code streaming}, stands on top. */
  private static final List<String> FLOORS =
      List.of(
          "types",
          "plan",
          "analysis",
          "sql",
          "optimize",
          "batch",
          "connector",
          "kernel",
          "state",
          "operator",
          "runtime");

  private static final List<String> NEUTRAL =
      List.of("types", "plan", "analysis", "sql", "optimize");

  private static final List<Class<?>> STATE_VOCABULARY =
      List.of(GroupState.class, GroupStateTimeout.class);

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  static Stream<String> floors() {
    return FLOORS.stream();
  }

  static Stream<String> neutralFloors() {
    return NEUTRAL.stream();
  }

  @ParameterizedTest
  @MethodSource("floors")
  void importsOnlyWhatStandsBelow(String floor) {
    Set<String> below = Set.copyOf(FLOORS.subList(0, FLOORS.indexOf(floor) + 1));
    check(floor, "stand above it", type -> isEngine(type) && !below.contains(floorOf(type)));
  }

  @ParameterizedTest
  @MethodSource("neutralFloors")
  void plansAreNeutralData(String floor) {
    check(
        floor,
        "execute anything",
        type ->
            type.getPackageName().startsWith("org.apache.arrow")
                || isModule(type, "codegen")
                || isModule(type, "wal"));
  }

  @Test
  void batchesKnowOnlyTypes() {
    Set<String> allowed = Set.of("types", "batch");
    check("batch", "are not types", type -> isEngine(type) && !allowed.contains(floorOf(type)));
  }

  @Test
  void connectorsKnowOnlyTypesBatchesAndTheNameOfASource() {
    Set<String> allowed = Set.of("types", "batch", "connector");
    check(
        "connector",
        "a connector must not know",
        type ->
            isEngine(type)
                && !allowed.contains(floorOf(type))
                && !type.isEquivalentTo(SourceSpec.class)
                && !type.isEquivalentTo(Suggestions.class));
  }

  private static void check(String floor, String what, Predicate<JavaClass> forbidden) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + floor + "..")
        .should()
        .dependOnClassesThat(describe(what, forbidden))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** Whether the class is of this module, and not of the vocabulary that every floor may use. */
  private static boolean isEngine(JavaClass type) {
    boolean exception =
        type.getPackageName().equals(ROOT) && type.getSimpleName().endsWith("Exception");
    boolean vocabulary =
        exception
            || type.isEquivalentTo(Row.class)
            || type.isEquivalentTo(OutputMode.class)
            || isStreamingData(type)
            || isStateVocabulary(type);
    boolean below = isModule(type, "codegen") || isModule(type, "wal");
    return (type.getPackageName() + ".").startsWith(ROOT + ".") && !vocabulary && !below;
  }

  /** Progress, status and triggers: records that the runtime fills in or reads. */
  private static boolean isStreamingData(JavaClass type) {
    boolean data =
        type.isRecord()
            || type.isEquivalentTo(Trigger.class)
            || type.isEquivalentTo(StreamingQueryException.class);
    return data && type.getPackageName().equals(ROOT + ".streaming");
  }

  /** What a state function is given: interfaces, and enums that say what it wants. */
  private static boolean isStateVocabulary(JavaClass type) {
    return STATE_VOCABULARY.stream().anyMatch(type::isEquivalentTo);
  }

  /** The first part of the package after the root: "" for the root itself. */
  private static String floorOf(JavaClass type) {
    String name = type.getPackageName() + ".";
    String rest = name.substring(ROOT.length() + 1);
    return rest.isEmpty() ? "" : rest.substring(0, rest.indexOf('.'));
  }

  private static boolean isModule(JavaClass type, String module) {
    return (type.getPackageName() + ".").startsWith(ROOT + "." + module + ".");
  }
}
