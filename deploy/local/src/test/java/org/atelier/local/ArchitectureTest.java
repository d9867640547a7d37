package org.atelier.local;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses LOCAL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.atelier.local");

    @Test
    void whatRunsInsideEveryChildNeedsTheJdkAlone() {
        classes().that().resideInAPackage("..tether..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("..tether..", "java..", "org.jspecify..")
                .check(LOCAL);
    }

    @Test
    void childProcessesKnowNothingOfFleets() {
        classes().that().resideInAPackage("..process..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("..process..", "..tether..", "java..", "org.jspecify..")
                .check(LOCAL);
    }

    @Test
    void fleetsKnowNothingOfDemoAndCommands() {
        noClasses().that().resideInAPackage("..fleet..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.atelier.local", "..demo..", "picocli..", "org.atelier.dispatcher..")
                .check(LOCAL);
    }

    @Test
    void ofTheOtherPartsOnlyTheCommandLineIsUsed() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.atelier.worker..", "org.atelier.broker..",
                        "org.atelier.store..")
                        .or(resideInAPackage("org.atelier.dispatcher..").and(resideOutsideOfPackage(
                                "org.atelier.dispatcher.cli"))))
                .check(LOCAL);
    }
}
