package org.atelier.common.metrics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.util.Set;

import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** How meters are made, for the architecture tests of both processes: the page of the documents lists every one of them. */
public final class MeterRules {
    private static final String LIBRARY = "io.micrometer";
    /** Of builders, and of registries in short. */
    private static final Set<String> MAKING = Set.of("builder", "counter", "gauge", "timer", "summary", "more");

    private MeterRules() {}

    /** Nobody else makes a meter, and nobody else can. */
    public static ArchRule onlyMetricsPackagesKnowTheLibrary() {
        return noClasses().that().resideOutsideOfPackage("..metrics..").should().dependOnClassesThat().resideInAPackage(
                LIBRARY + "..");
    }

    /** What makes a meter takes its name from the table. */
    public static ArchRule everyMeterStandsInTheTable() {
        return codeUnits().should(new ArchCondition<JavaCodeUnit>("take the names of meters from " + Meter.class
                .getSimpleName()) {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                var calls = unit.getMethodCallsFromSelf();
                if (calls.stream().anyMatch(MeterRules::makesAMeter) && calls.stream().noneMatch(
                        MeterRules::namesAMeter)) {
                    events.add(SimpleConditionEvent.violated(unit, unit.getFullName()
                            + " makes a meter whose name does not come from " + Meter.class.getName()));
                }
            }
        });
    }

    private static boolean makesAMeter(JavaMethodCall call) {
        return call.getTargetOwner().getPackageName().startsWith(LIBRARY) && MAKING.contains(call.getName());
    }

    private static boolean namesAMeter(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(Meter.class) && call.getName().equals("meterName");
    }
}
