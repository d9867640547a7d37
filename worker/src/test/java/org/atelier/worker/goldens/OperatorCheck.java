package org.atelier.worker.goldens;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.stylegan2.StyleGan2Operators;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Upfirdn2d;
import org.atelier.worker.tensor.Upfirdn2d.Factor;
import org.atelier.worker.tensor.Upfirdn2d.Padding;

/** Single operators of StyleGAN2, and the gradients of sum(out * r) with respect to each of their inputs. */
final class OperatorCheck implements Check {
    private static final String OUT = ".out";
    /** Padding of the strided convolution after its filter: one pixel, and what keeps the filter centred. */
    private static final Padding DOWN_PADDING = new Padding(2, 2, 2, 2);
    private static final Padding CENTRED = new Padding(2, 1, 2, 1);

    /**
     * An operator with its inputs.
     *
     * @param inputs   names of the inputs, in the order of the gradients
     * @param function of those
     */
    private record Operator(List<String> inputs, Function<NDList, NDArray> function) {}

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("ops");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        for (var output : golden.outputs()) {
            if (output.name().endsWith(OUT)) {
                var name = output.name().substring(0, output.name().length() - OUT.length());
                if (!Elsewhere.computes(golden.id() + "#" + output.name())) {
                    Scope.run(() -> check(name, operator(name, golden, manager), golden, verdict, manager));
                }
            }
        }
    }

    private static void check(String name, Operator operator, Golden golden, Verdict verdict, NDManager manager) {
        try (var tape = TestEngine.get().record()) {
            var inputs = new NDList();
            operator.inputs().forEach(input -> inputs.add(tape.leaf(golden.array(input, manager))));
            var out = operator.function().apply(inputs);
            var r = GeneratedWeights.input("in.op.r." + name, out.getShape(), 1, 0, manager);
            tape.backward(out.mul(r).sum());
            verdict.compare(name + OUT, out);
            for (int i = 0; i < inputs.size(); i++) {
                var gradient = name + ".grad" + i;
                if (verdict.wants(gradient)) {
                    verdict.compare(gradient, inputs.get(i).getGradient());
                }
            }
        }
    }

    private static Operator operator(String name, Golden golden, NDManager manager) {
        var config = golden.config().path(name);
        var filter = manager.create(new float[]{1, 3, 3, 1}).div(8);
        return switch (name.substring(0, name.contains(".") ? name.indexOf('.') : name.length())) {
            case "upfirdn2d" -> picture(upfirdn2d(config, golden, manager));
            case "upsample2d" -> picture(Upfirdn2d.upsample(filter, 2));
            case "downsample2d" -> picture(Upfirdn2d.downsample(filter, 2));
            case "filter2d" -> picture(new Upfirdn2d(filter, Factor.ONE, Factor.ONE, CENTRED, false, 1));
            case "bias_act" -> new Operator(List.of("in.x", "in.bias"), in -> biasAct(config, in.get(0), in.get(1)));
            case "modulated_conv2d" -> modulated(name, config, manager);
            case "conv2d_resample" -> {
                var before = new Upfirdn2d(filter, Factor.ONE, Factor.ONE, DOWN_PADDING, false, 1);
                yield new Operator(List.of("in.mc.x", "in.mc.w"), in -> Convolution.conv2d(before.apply(in.get(0)), in
                        .get(1), null, 2, 0));
            }
            case "normalize_2nd_moment" -> new Operator(List.of("in.mc.s"), in -> StyleGan2Operators
                    .normalizeSecondMoment(in.get(0)));
            case "fully_connected" -> new Operator(List.of("in.mc.s", "in.fc.w", "in.fc.b"), in -> StyleGan2Operators
                    .fullyConnected(in.get(0), in.get(1), in.get(2), Double.parseDouble(name.substring(name.lastIndexOf(
                            '_') + 1))));
            default -> throw new IllegalArgumentException("no operator is called " + name);
        };
    }

    private static Operator picture(Upfirdn2d operator) {
        return new Operator(List.of("in.x"), in -> operator.apply(in.get(0)));
    }

    private static Upfirdn2d upfirdn2d(JsonNode config, Golden golden, NDManager manager) {
        var filter = config.path("filter").asText();
        var padding = config.path("padding");
        return new Upfirdn2d(
                golden.array("in." + (filter.contains(" ") ? filter.substring(0, filter.indexOf(' ')) : filter),
                        manager),
                factor(config.path("up")),
                factor(config.path("down")),
                new Padding(padding.path(0).asInt(), padding.path(1).asInt(), padding.path(2).asInt(), padding.path(3)
                        .asInt()),
                config.path("flip_filter").asBoolean(),
                config.path("gain").asDouble(1));
    }

    private static Factor factor(JsonNode factor) {
        return factor.isArray()
                ? new Factor(factor.path(0).asInt(), factor.path(1).asInt())
                : new Factor(factor.asInt(), factor.asInt());
    }

    /** The gain goes before the activation, as everywhere in the product. */
    private static NDArray biasAct(JsonNode config, NDArray x, NDArray bias) {
        boolean linear = config.path("act").asText().equals("linear");
        double gain = config.path("gain").asDouble(linear ? 1 : Math.sqrt(2));
        var activation = new LeakyRelu(linear ? 1 : config.path("alpha").asDouble(0.2), config.path("clamp").asDouble(
                Double.POSITIVE_INFINITY));
        return activation.apply(x.add(bias.reshape(1, -1, 1, 1)).mul(gain));
    }

    private static Operator modulated(String name, JsonNode config, NDManager manager) {
        boolean noisy = name.endsWith(".noise");
        var inputs = new ArrayList<>(List.of("in.mc.x", "in.mc.w", "in.mc.s"));
        Stream.of("in.mc.noise").filter(noise -> noisy).forEach(inputs::add);
        return new Operator(inputs, in -> {
            var y = config.path("demodulate").asBoolean(true)
                    ? StyleGan2Operators.modulated(in.get(0), in.get(1), in.get(2), config.path("up").asInt(1) == 2,
                            manager)
                    : StyleGan2Operators.modulatedWeights(in.get(0), in.get(1), in.get(2));
            return noisy ? y.add(in.get(3)) : y;
        });
    }
}
