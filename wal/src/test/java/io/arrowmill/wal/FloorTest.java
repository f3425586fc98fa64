package io.arrowmill.wal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module must know nothing of; ARCHITECTURE.md says why. */
final class FloorTest {

  @Test
  void knowsNothingOfArrowAndPlans() {
    noClasses()
        .that()
        .resideInAPackage("io.arrowmill.wal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.arrow..",
            "io.arrowmill",
            "io.arrowmill.types..",
            "io.arrowmill.plan..",
            "io.arrowmill.codegen..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.arrowmill.wal"));
  }
}
