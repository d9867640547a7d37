package org.atelier.worker.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.time.Instant;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** What may know what within the job machinery. */
class ArchitectureTest {
    private static final String JOB = "org.atelier.worker.job";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(JOB);

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices().matching(JOB + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyOnePackageKnowsKafka() {
        noClasses().that().resideOutsideOfPackage(JOB + ".kafka..")
                .should().dependOnClassesThat().resideInAPackage("org.apache.kafka..")
                .check(classes);
    }

    @Test
    void runnersKnowNothingOfDeliveryAndEnds() {
        noClasses().that().resideInAnyPackage(JOB + ".runner..", JOB + ".edit..")
                .should().dependOnClassesThat().resideInAnyPackage(JOB + ".slot..", JOB + ".attempt..", JOB
                        + ".kafka..")
                .check(classes);
    }

    /** Only the process itself puts them together. */
    @Test
    void nothingBelowKnowsTheProcess() {
        noClasses().that().resideInAPackage(JOB + ".(*)..")
                .should().dependOnClassesThat().resideInAPackage(JOB)
                .check(classes);
    }

    /** A simulation decides who waits for what: nobody may wait or look at the clock behind its back. */
    @Test
    void decisionsWaitAndMeasureThroughTimingOnly() {
        noClasses().that().resideInAnyPackage(JOB + ".attempt..", JOB + ".slot..", JOB + ".health..")
                .should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Thread.class, "sleep", long.class)
                .orShould().callMethod(Instant.class, "now")
                .check(classes);
    }
}
