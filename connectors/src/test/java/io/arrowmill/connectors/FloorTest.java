package io.arrowmill.connectors;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.arrowmill.plan.SourceSpec;
import org.junit.jupiter.api.Test;

/** What this module must know nothing of; ARCHITECTURE.md says why. */
final class FloorTest {

  @Test
  void knowsOnlyTheConnectorInterfacesOfTheEngine() {
    noClasses()
        .that()
        .resideInAPackage("io.arrowmill.connectors..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.arrowmill.plan..")
                .and(not(equivalentTo(SourceSpec.class)))
                .or(
                    resideInAnyPackage(
                        "io.arrowmill.analysis..",
                        "io.arrowmill.sql..",
                        "io.arrowmill.optimize..",
                        "io.arrowmill.kernel..",
                        "io.arrowmill.state..",
                        "io.arrowmill.operator..",
                        "io.arrowmill.runtime..",
                        "io.arrowmill.codegen..",
                        "io.arrowmill.wal..")))
        .allowEmptyShould(true)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.arrowmill.connectors"));
  }
}
