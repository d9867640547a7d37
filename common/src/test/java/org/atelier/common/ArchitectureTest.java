package org.atelier.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.atelier.common");

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices().matching("org.atelier.common.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyOnePackageKnowsKafka() {
        noClasses().that().resideOutsideOfPackage("org.atelier.common.kafka")
                .should().dependOnClassesThat().resideInAPackage("org.apache.kafka..")
                .check(classes);
    }

    @Test
    void onlyOneClassCallsTheStore() {
        noClasses().that().haveNameNotMatching(".*\\.S3ObjectStore(\\$.*)?")
                .should().dependOnClassesThat().resideInAnyPackage("io.minio..", "okhttp3..")
                .check(classes);
    }

    @Test
    void whoUsesTheRestNeedsNoTracingLibrary() {
        noClasses().that().resideOutsideOfPackage("org.atelier.common.trace.otel")
                .should().dependOnClassesThat().resideInAnyPackage("io.opentelemetry..",
                        "org.atelier.common.trace.otel")
                .check(classes);
    }

    @Test
    void commonKnowsNeitherProcess() {
        noClasses().should().dependOnClassesThat()
                .resideInAnyPackage("org.atelier.dispatcher..", "org.atelier.worker..", "org.atelier.local..")
                .check(classes);
    }
}
