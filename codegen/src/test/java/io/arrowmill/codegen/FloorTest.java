package io.arrowmill.codegen;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module must know nothing of; ARCHITECTURE.md says why. */
final class FloorTest {

  @Test
  void knowsNothingOfArrowAndQueries() {
    noClasses()
        .that()
        .resideInAPackage("io.arrowmill.codegen..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.arrow..",
            "io.arrowmill",
            "io.arrowmill.types..",
            "io.arrowmill.plan..",
            "io.arrowmill.wal..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.arrowmill.codegen"));
  }
}
