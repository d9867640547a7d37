package org.atelier.worker.goldens;

import java.util.HashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;

/** Gradients of sum(img * R) with respect to w+ and to those parameters for which a golden has one. */
final class GeneratorGradients {
    private GeneratorGradients() {}

    static void compare(Generator generator, Noise noise, Golden golden, Verdict verdict, NDManager manager) {
        Map<String, NDArray> trained = new HashMap<>();
        generator.parameters().forEach((name, parameter) -> {
            if (verdict.wants("grad." + name)) {
                parameter.setRequiresGradient(true);
                trained.put(name, parameter);
            }
        });
        try (var tape = TestEngine.get().record()) {
            var leaf = tape.leaf(golden.array("in.wplus", manager));
            var loss = generator.render(leaf, noise).mul(golden.array("in.R", manager)).sum();
            tape.backward(loss);
            verdict.compare("loss", loss);
            verdict.compare("grad.wplus", leaf.getGradient());
        }
        trained.forEach((name, parameter) -> {
            verdict.compare("grad." + name, parameter.getGradient());
            parameter.setRequiresGradient(false);
        });
    }
}
