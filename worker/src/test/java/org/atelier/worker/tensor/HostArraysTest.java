package org.atelier.worker.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.atelier.worker.TestEngine;
import org.junit.jupiter.api.Test;

class HostArraysTest {
    private static final int SIZE = 1 << 16;
    private static final int ROUNDS = 20;

    /** Views outlive the array they came from, whatever the garbage collector does meanwhile. */
    @Test
    void viewsKeepTheirNumbers() {
        try (var manager = TestEngine.get().newManager()) {
            var values = new float[SIZE];
            Arrays.fill(values, 7);
            var views = IntStream.range(0, ROUNDS).mapToObj(round -> view(manager, values)).toList();

            System.gc();
            for (int round = 0; round < ROUNDS; round++) {
                HostArrays.of(manager, new float[SIZE], new Shape(SIZE)).close();
            }

            assertThat(views).allSatisfy(view -> assertThat(view.toFloatArray()).isEqualTo(values));
        }
    }

    private static NDArray view(NDManager manager, float[] values) {
        try (var array = HostArrays.of(manager, values, new Shape(SIZE))) {
            return array.reshape(1, SIZE);
        }
    }

    @Test
    void nothingElseBringsNumbersIntoTheEngine() {
        var classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.atelier.worker");
        ArchRuleDefinition.noClasses()
                .that()
                .doNotHaveFullyQualifiedName(HostArrays.class.getName())
                // It copies from the file that it maps.
                .and()
                .haveSimpleNameNotStartingWith("Safetensors")
                .should()
                .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates
                        .name("create")).and(JavaCall.Predicates.target(
                                HasOwner.Predicates.With.owner(
                                        JavaClass.Predicates.assignableTo(
                                                NDManager.class)))))
                .check(classes);
    }
}
