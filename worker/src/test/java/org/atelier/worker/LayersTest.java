package org.atelier.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.atelier.common.metrics.MeterRules;
import org.junit.jupiter.api.Test;

/** Dependencies of the worker point one way: job to edit to nn to tensor, and checkpoint to nn. Tools (models) may use all. */
class LayersTest {
    private static final String ROOT = "org.atelier.worker.";
    private static final JavaClasses PRODUCT = new ClassFileImporter().withImportOption(
            ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("org.atelier.worker");

    private static void notUsedBy(String used, String... users) {
        var packages = new String[users.length];
        for (int i = 0; i < users.length; i++) {
            packages[i] = ROOT + users[i] + "..";
        }
        noClasses().that()
                .resideInAnyPackage(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + used + "..")
                .check(PRODUCT);
    }

    @Test
    void jobsAreOnTop() {
        notUsedBy("job", "edit", "nn", "tensor", "checkpoint", "bench", "face");
    }

    @Test
    void editsAreAboveNetworks() {
        notUsedBy("edit", "nn", "tensor", "checkpoint", "face");
    }

    @Test
    void checkpointsAreAboveNetworks() {
        notUsedBy("checkpoint", "nn", "tensor", "face");
    }

    @Test
    void networksAreAboveTensors() {
        notUsedBy("nn", "tensor");
    }

    @Test
    void metersAreMadeInOnePackageAndStandInTheTable() {
        MeterRules.onlyMetricsPackagesKnowTheLibrary().check(PRODUCT);
        MeterRules.everyMeterStandsInTheTable().check(PRODUCT);
    }

    @Test
    void spansAreMadeInOnePackage() {
        noClasses().that()
                .resideOutsideOfPackage(ROOT + "job.trace..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.opentelemetry.api.trace..", "io.opentelemetry.sdk..")
                .check(PRODUCT);
    }

    @Test
    void nothingThatComputesKnowsOfQueuesAndStores() {
        noClasses().that()
                .resideInAnyPackage(ROOT + "edit..", ROOT + "nn..", ROOT + "tensor..", ROOT + "checkpoint..", ROOT
                        + "face..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.atelier.common.kafka..", "org.atelier.common.store..",
                        "org.atelier.common.ledger..", "org.atelier.common.event..")
                .check(PRODUCT);
    }
}
