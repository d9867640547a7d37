package org.atelier.dispatcher.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class CliArchitectureTest {
    @Test
    void commandLineKnowsTheHttpApiAndNothingElseOfTheDispatcher() {
        classes().that().resideInAPackage("org.atelier.dispatcher.cli")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.atelier.dispatcher.cli", "org.atelier.common..", "java..", "picocli..",
                        "javax.imageio..", "me.tongfei.progressbar..", "org.jline..", "dev.failsafe..",
                        "com.fasterxml.jackson..", "org.jspecify..")
                .check(new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.atelier.dispatcher.cli"));
    }
}
