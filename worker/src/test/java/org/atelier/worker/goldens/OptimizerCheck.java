package org.atelier.worker.goldens;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.tensor.optim.Adam;
import org.atelier.worker.tensor.optim.LearningRate;
import org.atelier.worker.tensor.optim.Optimizer;
import org.atelier.worker.tensor.optim.Ranger;
import org.atelier.worker.tensor.optim.Sgd;

/**
 * Optimisers on a quadratic with recorded noise. Half-way each is replaced by a fresh one that takes over its state: the
 * trajectory must not notice.
 */
final class OptimizerCheck implements Check {
    private static final List<String> PARAMETERS = List.of("w", "b", "k");
    private static final double RAMP_UP = 0.05;
    private static final double RAMP_DOWN = 0.25;

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("optim") && golden.config().valueStream().anyMatch(entry -> entry.has("opt"));
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        golden.config().properties().forEach(entry -> trajectory(entry.getKey(), entry.getValue(), golden, verdict,
                manager));
    }

    private static void trajectory(String name, JsonNode config, Golden golden, Verdict verdict, NDManager manager) {
        var parameters = new LinkedHashMap<String, NDArray>();
        PARAMETERS.forEach(key -> parameters.put(key, golden.array("in.p0." + key, manager)));
        int steps = Math.toIntExact(golden.array(name + ".loss_before_step", manager).size());
        var rate = config.path("lr").isNumber()
                ? LearningRate.constant(config.path("lr").asDouble())
                : LearningRate.ramp(0.1, steps, RAMP_UP, RAMP_DOWN);
        var losses = new double[steps];
        Map<String, NDList> history = new LinkedHashMap<>();
        var optimizer = optimizer(config, parameters);
        for (int step = 0; step < steps; step++) {
            if (step == steps / 2) {
                var successor = optimizer(config, parameters);
                successor.restore(optimizer.state());
                optimizer.close();
                optimizer = successor;
            }
            var gradients = new LinkedHashMap<String, NDArray>();
            for (var key : PARAMETERS) {
                var distance = parameters.get(key).sub(golden.array("in.target." + key, manager));
                var curvature = golden.array("in.curvature." + key, manager);
                losses[step] += distance.square().mul(curvature).sum().getFloat() / 2;
                var gradient = distance.mul(curvature).add(golden.array("in.grad_noise." + key, manager).get(step));
                // "missing": w has no gradient in steps 3 to 8; "zero": it has one of zeros.
                boolean special = key.equals("w") && step >= 3 && step <= 8;
                if (!special || !name.endsWith("missing_grad")) {
                    gradients.put(key, special && name.endsWith("zero_grad") ? gradient.zerosLike() : gradient);
                }
            }
            optimizer.step(gradients, rate.at(step));
            parameters.forEach((key, value) -> history.computeIfAbsent(key, k -> new NDList()).add(value.duplicate()));
        }
        optimizer.close();
        history.forEach((key, values) -> verdict.compare(name + "." + key, NDArrays.stack(values)));
        verdict.compare(name + ".loss_before_step", manager.create(losses));
    }

    private static Optimizer optimizer(JsonNode config, Map<String, NDArray> parameters) {
        return switch (config.path("opt").asText()) {
            case "Adam", "AdamW" -> new Adam(parameters, new Adam.Settings(
                    config.path("betas").path(0).asDouble(),
                    config.path("betas").path(1).asDouble(),
                    config.path("eps").asDouble(1e-8),
                    config.path("weight_decay").asDouble(0),
                    config.path("opt").asText().equals("AdamW"),
                    config.path("amsgrad").asBoolean(false)));
            case "SGD" -> new Sgd(parameters);
            case "Ranger" -> new Ranger(parameters, new Ranger.Settings(
                    config.path("betas").path(0).asDouble(),
                    config.path("betas").path(1).asDouble(),
                    config.path("eps").asDouble(),
                    config.path("alpha").asDouble(),
                    config.path("k").asInt(),
                    config.path("N_sma_threshold").asDouble()));
            default -> throw new IllegalArgumentException("no such optimiser: " + config);
        };
    }
}
