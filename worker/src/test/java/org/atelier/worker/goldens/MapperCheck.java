package org.atelier.worker.goldens;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.mapper.LatentMapper;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.nn.mapper.StyleSpaceMapper;

/** Mappers of all kinds: what they give, and the gradient with respect to the latents. */
final class MapperCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        return golden.has("in.latents") && golden.weightTables().stream().anyMatch(table -> table.startsWith(
                "mapper_"));
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        for (var table : golden.weightTables()) {
            var weights = golden.weights(table);
            if (table.contains("Levels")) {
                latent("levels", without(weights), golden, verdict, manager);
                latent("levels_no_fine", without(weights, "fine"), golden, verdict, manager);
                latent("levels_no_coarse_medium", without(weights, "course", "medium"), golden, verdict, manager);
            } else if (table.contains("Single")) {
                latent("single", weights, golden, verdict, manager);
            } else {
                styleSpace(table.contains("Full") ? "s_full" : "s_without_torgb", weights, golden, verdict, manager);
            }
        }
    }

    private static void latent(String name, Weights weights, Golden golden, Verdict verdict, NDManager manager) {
        try (var mapper = (LatentMapper) Mapper.load(LatentMapper.Levels.STYLEGAN2, weights, TestEngine.get());
                var tape = TestEngine.get().record()) {
            var leaf = tape.leaf(golden.array("in.latents", manager));
            var delta = mapper.delta(leaf);
            tape.backward(delta.mul(golden.array("in.r", manager)).sum());
            verdict.compare("delta." + name, delta);
            verdict.compare("grad_latents." + name, leaf.getGradient());
        }
    }

    private static void styleSpace(String name, Weights weights, Golden golden, Verdict verdict, NDManager manager) {
        var styles = IntStream.range(0, golden.config().path("style_dims").size())
                .mapToObj(i -> golden.array("in.style." + i, manager))
                .toList();
        try (var mapper = (StyleSpaceMapper) Mapper.load(LatentMapper.Levels.STYLEGAN2, weights, TestEngine.get())) {
            var deltas = mapper.delta(styles.stream().map(style -> style.reshape(style.getShape().get(0), -1))
                    .toList());
            for (int i = 0; i < styles.size(); i++) {
                verdict.compare("delta." + name + "." + i, deltas.get(i).reshape(styles.get(i).getShape()));
            }
        }
    }

    private static Weights without(Weights weights, String... levels) {
        Predicate<String> kept = name -> List.of(levels).stream().noneMatch(level -> name.contains("." + level + "_"));
        return new Part(weights, weights.names().stream().filter(kept).collect(Collectors.toSet()));
    }

    /** Some of the tensors of others. */
    private record Part(Weights whole, Set<String> names) implements Weights {
        @Override
        public Shape shape(String name) {
            return whole.shape(name);
        }

        @Override
        public NDArray read(String name, NDManager manager) {
            return whole.read(name, manager);
        }
    }
}
