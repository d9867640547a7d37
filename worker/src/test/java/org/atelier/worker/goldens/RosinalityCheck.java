package org.atelier.worker.goldens;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.stylegan2.RosinalityWeights;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;

/** StyleGAN2 from weights in rosinality's layout, with its truncation and its style mixing. */
final class RosinalityCheck implements Check {
    private static final Pattern NUMBERED = Pattern.compile("(img|latent)_(truncation|mixing_inject)([\\d.]+)");

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("stylegan2") && isRosinality(golden);
    }

    static boolean isRosinality(Golden golden) {
        return golden.description().path("weights").valueStream().anyMatch(file -> file.asText().contains(
                ".nv_to_ros."));
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var table = golden.weightTables().getFirst();
        var mean = golden.array("in.truncation_latent", manager);
        var weights = new RosinalityWeights(new Renamed(golden.weights(table), golden.rosinalityMap(table), mean));
        try (var generator = StyleGan2Generator.load(StyleGan2Check.config(golden.config()), weights, TestEngine
                .get())) {
            var wPlus = golden.array("in.wplus", manager);
            var z = golden.array("in.z", manager);
            var w = generator.map(z);
            verdict.compare("img_noise_const", generator.render(wPlus, Noise.STORED));
            verdict.compare("w_from_z", w);
            var styles = generator.styles(wPlus);
            for (var output : golden.outputs()) {
                if (output.name().startsWith("style.")) {
                    verdict.compare(output.name(), styles.get(RosinalityWeights.layer(output.name().substring(
                            "style.".length()))));
                }
                var numbered = NUMBERED.matcher(output.name());
                if (numbered.matches()) {
                    var latent = numbered.group(2).equals("truncation")
                            ? generator.truncate(w, Double.parseDouble(numbered.group(3)), generator.rows())
                            : mixed(generator.truncate(w, 1, 0), generator.truncate(generator.map(z.flip(0)), 1, 0),
                                    Integer.parseInt(numbered.group(3)));
                    verdict.compare(output.name(), numbered.group(1).equals("img")
                            ? generator.render(latent, Noise.STORED)
                            : latent);
                }
            }
        }
    }

    private static NDArray mixed(NDArray first, NDArray second, int row) {
        return NDArrays.concat(new NDList(first.get(":, :" + row), second.get(":, " + row + ":")), 1);
    }

    /** Generated weights as a rosinality file has them: under the names and with the axes of the key map. */
    private static final class Renamed implements Weights {
        private static final String MEAN = "latent_avg";

        private final Weights nvlabs;
        private final NDArray mean;
        private final Map<String, JsonNode> map = new LinkedHashMap<>();

        Renamed(Weights nvlabs, JsonNode map, NDArray mean) {
            this.nvlabs = nvlabs;
            this.mean = mean;
            map.path("map").forEach(entry -> this.map.put(entry.path("ros").asText(), entry));
            this.map.put(MEAN, map);
        }

        @Override
        public Set<String> names() {
            return map.keySet();
        }

        @Override
        public Shape shape(String name) {
            if (name.equals(MEAN)) {
                return mean.getShape();
            }
            var shape = nvlabs.shape(map.get(name).path("nv").asText());
            return switch (map.get(name).path("op").asText()) {
                case "unsqueeze0" -> new Shape(1).addAll(shape);
                case "unsqueeze00" -> new Shape(1, 1).addAll(shape);
                case "reshape_1_3_1_1" -> new Shape(1, 3, 1, 1);
                default -> shape;
            };
        }

        @Override
        public NDArray read(String name, NDManager manager) {
            var array = name.equals(MEAN)
                    ? mean.duplicate()
                    : nvlabs.read(map.get(name).path("nv").asText(), manager);
            return array.reshape(shape(name));
        }
    }
}
