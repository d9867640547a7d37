package org.atelier.dispatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.atelier.common.metrics.MeterRules;
import org.atelier.dispatcher.webhook.Courier;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "org.atelier.dispatcher";
    private static final String CLI = ROOT + ".cli..";

    private static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(
            new ImportOption.DoNotIncludeTests()).importPackages(ROOT);

    @Test
    void knowsNothingOfWorkers() {
        noClasses().should().dependOnClassesThat().resideInAPackage("org.atelier.worker..").check(CLASSES);
    }

    @Test
    void everyKafkaCallIsInOnePackage() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".kafka..").should().dependOnClassesThat().resideInAPackage(
                "org.apache.kafka..").check(CLASSES);
    }

    @Test
    void everyStatementIsInOnePackage() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".projection..").should().dependOnClassesThat()
                .resideInAnyPackage("org.jdbi..", "java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..")
                .check(CLASSES);
    }

    @Test
    void httpIsServedInOnePackageAndSentByOneClass() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".http..").should().dependOnClassesThat().resideInAnyPackage(
                "io.javalin..", "jakarta.servlet..", "org.eclipse.jetty.server..").check(CLASSES);
        noClasses().that().resideOutsideOfPackage(ROOT + ".http..").and().doNotBelongToAnyOf(Courier.class).should()
                .dependOnClassesThat().resideInAnyPackage("org.eclipse.jetty..", "java.net.http..").check(CLASSES
                        .that(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(CLI))));
    }

    @Test
    void metersAreMadeInOnePackageAndStandInTheTable() {
        MeterRules.onlyMetricsPackagesKnowTheLibrary().check(CLASSES);
        MeterRules.everyMeterStandsInTheTable().check(CLASSES);
    }

    /** What the rules are there for. */
    private static final class Stray {
        static void count(MeterRegistry registry) {
            Counter.builder("stray").register(registry);
        }
    }

    @Test
    void aStrayMeterIsFound() {
        var stray = new ClassFileImporter().importClasses(Stray.class);

        assertThatThrownBy(() -> MeterRules.onlyMetricsPackagesKnowTheLibrary().check(stray)).hasMessageContaining(
                "Stray");
        assertThatThrownBy(() -> MeterRules.everyMeterStandsInTheTable().check(stray)).hasMessageContaining(
                "Stray.count");
    }

    @Test
    void spansAreMadeInOnePackage() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".trace..").should().dependOnClassesThat().resideInAnyPackage(
                "io.opentelemetry.api.trace..", "io.opentelemetry.sdk..").check(CLASSES);
    }

    @Test
    void theCommandLineSpeaksToTheApiOnly() {
        noClasses().that().resideInAPackage(CLI).should().dependOnClassesThat().resideInAnyPackage(ROOT, ROOT
                + ".access..", ROOT + ".fault..", ROOT + ".http..", ROOT + ".ingest..", ROOT + ".intake..", ROOT
                        + ".kafka..", ROOT + ".metrics..", ROOT + ".projection..", ROOT + ".schedule..", ROOT
                                + ".topic..", ROOT + ".watch..", ROOT + ".webhook..").allowEmptyShould(true).check(
                                        CLASSES);
        noClasses().that().resideOutsideOfPackage(CLI).should().dependOnClassesThat().resideInAPackage(CLI).check(
                CLASSES);
    }

    @Test
    void decisionsAreToldTheTime() {
        noClasses().that().resideInAnyPackage(ROOT + ".schedule..", ROOT + ".intake..", ROOT + ".ingest..", ROOT
                + ".projection..", ROOT + ".webhook..").should().callMethod(System.class, "nanoTime").orShould()
                .callMethod(System.class,
                        "currentTimeMillis").orShould().callMethod(Instant.class, "now").orShould()
                .callMethod(Clock.class, "systemUTC").orShould().callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
