package org.atelier.worker.tensor;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.core.domain.properties.HasParameterTypes.Predicates.rawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.atelier.worker.TestEngine;
import org.junit.jupiter.api.Test;

class HostArraysTest {
    private static final int SIZE = 1 << 16;
    private static final int ROUNDS = 20;
    private static final JavaClasses PRODUCT = new ClassFileImporter().withImportOption(
            ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("org.atelier.worker");

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
        noClasses().that()
                .doNotHaveFullyQualifiedName(HostArrays.class.getName())
                .should()
                .callMethodWhere(target(name("create")).and(target(owner(assignableTo(NDManager.class)))))
                .check(PRODUCT);
    }

    /** See {@link Scalars}. What optimisers do is not recorded. */
    @Test
    void recordedOperationsDoNotReferToNumbersOfJava() {
        noClasses().that()
                .resideOutsideOfPackage("org.atelier.worker.tensor.optim")
                .should()
                .callMethodWhere(target(name("mul").or(name("div")).or(name("pow")).or(name("mod")).or(name("maximum"))
                        .or(name("minimum"))).and(target(owner(assignableTo(NDArray.class)))).and(target(
                                rawParameterTypes(Number.class))))
                .check(PRODUCT);
    }

    /** A recorded product keeps its factor, whatever the garbage collector does before the backward pass. */
    @Test
    void gradientsOfScaledArraysAreTheFactor() {
        try (var manager = TestEngine.get().newManager(); var tape = TestEngine.get().record()) {
            var leaf = tape.leaf(manager.ones(new Shape(SIZE)));
            NDArray sum = Scalars.mul(leaf, 3).sum();
            for (int round = 0; round < ROUNDS; round++) {
                sum = sum.add(Scalars.div(leaf, 2).sum());
            }
            System.gc();
            for (int round = 0; round < ROUNDS; round++) {
                HostArrays.of(manager, new float[1], new Shape()).close();
            }
            tape.backward(sum);

            var expected = new float[SIZE];
            Arrays.fill(expected, 3 + ROUNDS / 2f);
            assertThat(leaf.getGradient().toFloatArray()).isEqualTo(expected);
        }
    }
}
