package org.atelier.worker.face;

import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.checkpoint.TorchZipWriter;
import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Adam;

/**
 * Trains the three networks of MTCNN on {@link AvatarScenes}, and writes {@code pnet.pt}, {@code rnet.pt} and {@code onet.pt}
 * as they are published: the fixture of {@link FaceFinderTest}. Run by hand from the module's folder, some minutes on two
 * cores, with the test class path: {@code FaceFinderTraining FOLDER [STEPS [NETWORK]]}. A network whose file is there is not trained
 * again, unless it is the one that is named.
 *
 * <p>Windows are taken as in the paper (section II-C): faces (intersection over union above 0.65), parts of faces (0.4 to
 * 0.65) and others (below 0.3), of which those go on that the network before takes for faces most. Slopes stay as they are.
 */
public final class FaceFinderTraining {
    private static final int SCENES = 500;
    private static final int SIDE = 224;
    private static final double FACE = 0.65;
    private static final double PART = 0.4;
    private static final double OTHER = 0.3;
    private static final int NUMBERS = 16;

    private final TensorEngine engine;
    private final String again;
    private final List<AvatarScenes.Scene> scenes = new ArrayList<>();
    private final List<Pixels> pixels = new ArrayList<>();
    private final Random random = new Random(7);

    /**
     * A window and what is to be said of it.
     *
     * @param face 1: a face, 0: none, -1: a part, of which only places are learned
     */
    private record Window(Pixels pixels, Box box, int face, float[] places) {}

    private FaceFinderTraining(TensorEngine engine, BundleNetworks networks, String again) {
        this.again = again;
        this.engine = engine;
        var drawn = new AvatarScenes(AvatarScenes.avatars(networks, 10_000, 300), 1, true);
        for (int i = 0; i < SCENES; i++) {
            var scene = drawn.scene(SIDE, SIDE, 1 + i % 3);
            scenes.add(scene);
            pixels.add(Pixels.of(scene.picture()));
        }
    }

    /** Trains and writes. */
    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[0]);
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1500;
        var engine = TestEngine.get();
        try (var networks = BundleNetworks.open(Path.of("..", "models", "avatar-128"), engine);
                var network = Mtcnn.load(MtcnnWeights.initial(3).with(folder), engine)) {
            var training = new FaceFinderTraining(engine, networks, arguments.length > 2 ? arguments[2] : "");
            UnaryOperator<NDArray> propose = windows -> network.propose(windows).reshape(-1, Mtcnn.JUDGED);
            training.train(folder, network, "pnet", Mtcnn.PROPOSED, propose, steps, window -> true, 0);
            training.train(folder, network, "rnet", Mtcnn.REFINED, network::refine, steps, training.judge(propose,
                    Mtcnn.PROPOSED), 1);
            training.train(folder, network, "onet", Mtcnn.LOCATED, network::locate, steps, training.judge(
                    network::refine, Mtcnn.REFINED), 1);
        }
    }

    private static void write(Path folder, Mtcnn network, String part) throws IOException {
        var tensors = new LinkedHashMap<String, TensorContent>();
        network.parameters().forEach((name, array) -> {
            if (name.startsWith(part + ".")) {
                tensors.put(name.substring(part.length() + 1), TensorContent.of(array.toFloatArray(), array.getShape()
                        .getShape()));
            }
        });
        Files.createDirectories(folder);
        try (var out = Files.newOutputStream(folder.resolve(part + ".pt"))) {
            TorchZipWriter.write(out, Map.of(), tensors);
        }
    }

    /** Whether a network takes a window for a face, or nearly. */
    private Predicate<Window> judge(UnaryOperator<NDArray> network, int size) {
        return window -> {
            try (var manager = engine.newManager()) {
                var logits = Scope.call(() -> network.apply(input(List.of(window), size, manager)).toFloatArray());
                return logits[1] - logits[0] > -2;
            }
        };
    }

    private void train(Path folder, Mtcnn network, String part, int size, UnaryOperator<NDArray> judge, int steps,
            Predicate<Window> hard, double edge) throws IOException {
        if (Files.exists(folder.resolve(part + ".pt")) && !part.equals(again)) {
            return;
        }
        var weights = network.parameters().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(part + ".") && !entry.getKey().contains("prelu"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
        double mean = 0;
        try (var parameters = new TrainedParameters(weights);
                var adam = new Adam(weights, Adam.Settings.DEFAULT)) {
            for (int step = 0; step < steps; step++) {
                var windows = windows(size == Mtcnn.LOCATED ? 4 : 10, hard, edge);
                double rate = 2e-3 * Math.pow(0.02, (double) step / steps);
                double loss = step(windows, size, judge, parameters, adam, rate);
                mean = step == 0 ? loss : 0.98 * mean + 0.02 * loss;
                if (step % 50 == 0 || step == steps - 1) {
                    System.out.printf("%s %d: %.4f%n", part, step, mean);
                }
            }
        }
        write(folder, network, part);
    }

    private double step(List<Window> windows, int size, UnaryOperator<NDArray> judge, TrainedParameters parameters,
            Adam adam, double rate) {
        try (var manager = engine.newManager()) {
            return Scope.call(() -> {
                var input = input(windows, size, manager);
                Map<String, NDArray> gradients;
                double loss;
                try (var tape = engine.record()) {
                    var output = judge.apply(input);
                    var error = error(output, windows, manager);
                    tape.backward(error);
                    loss = error.getFloat();
                    gradients = parameters.takeGradients();
                }
                parameters.change(() -> adam.step(gradients, rate));
                return loss;
            });
        }
    }

    private static NDArray input(List<Window> windows, int size, NDManager manager) {
        int length = Pixels.CHANNELS * size * size;
        var values = new float[windows.size() * length];
        for (int i = 0; i < windows.size(); i++) {
            windows.get(i).pixels.see(windows.get(i).box, size, values, i * length);
        }
        return HostArrays.of(manager, values, new Shape(windows.size(), Pixels.CHANNELS, size, size));
    }

    /** Cross entropy of faces and others, squares of what is wrong with the places of faces and parts. */
    private static NDArray error(NDArray output, List<Window> windows, NDManager manager) {
        int numbers = Math.toIntExact(output.getShape().get(1));
        int n = windows.size();
        var classes = new float[n * 2];
        var places = new float[n * (numbers - 2)];
        var weights = new float[n * (numbers - 2)];
        double judged = windows.stream().filter(window -> window.face >= 0).count();
        double placed = windows.stream().filter(window -> window.face != 0).count();
        for (int i = 0; i < n; i++) {
            var window = windows.get(i);
            if (window.face >= 0) {
                classes[2 * i + window.face] = (float) (-1 / judged);
            }
            for (int k = 0; k < numbers - 2 && window.face != 0; k++) {
                places[i * (numbers - 2) + k] = window.places[k];
                weights[i * (numbers - 2) + k] = (float) ((k < 4 ? 4 : 8) / placed);
            }
        }
        var crossEntropy = output.get(":, 0:2").logSoftmax(1).mul(HostArrays.of(manager, classes, new Shape(n, 2)))
                .sum();
        var wrong = output.get(":, 2:").sub(HostArrays.of(manager, places, new Shape(n, numbers - 2)));
        return crossEntropy.add(Scalars.mul(wrong.mul(wrong).mul(HostArrays.of(manager, weights, new Shape(n, numbers
                - 2))).sum(), 1));
    }

    private List<Window> windows(int count, Predicate<Window> hard, double edge) {
        var windows = new ArrayList<Window>();
        for (int s = 0; s < count; s++) {
            int scene = random.nextInt(SCENES);
            var faces = scenes.get(scene).faces();
            int found = 0;
            int parts = 0;
            for (int attempt = 0; attempt < 60 && (found < 5 || parts < 3); attempt++) {
                var face = faces.get(random.nextInt(faces.size()));
                var window = window(scene, near(face, 0.28), edge);
                if (window.face == 1 && found < 5) {
                    found++;
                    windows.add(window);
                } else if (window.face == -1 && parts < 3) {
                    parts++;
                    windows.add(window);
                }
            }
            int others = 0;
            for (int attempt = 0; attempt < 60 && others < 10; attempt++) {
                var box = switch (attempt % 3) {
                    case 0 -> near(faces.get(random.nextInt(faces.size())), 1.2);
                    case 1 -> other(scenes.get(scene).others());
                    default -> anywhere();
                };
                var window = window(scene, box, edge);
                if (window.face == 0 && (attempt >= 40 || hard.test(window))) {
                    others++;
                    windows.add(window);
                }
            }
        }
        return windows;
    }

    private Box near(Face face, double far) {
        double side = (face.right() - face.left()) * Math.exp((2 * random.nextDouble() - 1) * Math.min(far * 1.2, 0.7));
        double x = (face.left() + face.right()) / 2 + (2 * random.nextDouble() - 1) * far * side;
        double y = (face.top() + face.bottom()) / 2 + (2 * random.nextDouble() - 1) * far * side;
        return box(x, y, side);
    }

    private Box anywhere() {
        double side = SIDE * (0.08 + 0.6 * random.nextDouble() * random.nextDouble());
        return box(SIDE * random.nextDouble(), SIDE * random.nextDouble(), side);
    }

    private Box other(List<Rectangle2D> others) {
        if (others.isEmpty()) {
            return anywhere();
        }
        var other = others.get(random.nextInt(others.size()));
        double side = other.getWidth() * (0.4 + 0.7 * random.nextDouble());
        return box(other.getX() + other.getWidth() * random.nextDouble(), other.getY() + other.getHeight() * random
                .nextDouble(), side);
    }

    /** Whole pixels, counted from 1, the last one included. */
    private static Box box(double x, double y, double side) {
        double left = Math.floor(x - side / 2) + 1;
        double top = Math.floor(y - side / 2) + 1;
        double size = Math.max(Mtcnn.PROPOSED, Math.round(side));
        return new Box(left, top, left + size - 1, top + size - 1, 1);
    }

    private Window window(int scene, Box box, double edge) {
        var nearest = scenes.get(scene).faces().stream().max(Comparator.comparingDouble(face -> Box.Overlap.UNION.of(
                box(face), box))).orElseThrow();
        var face = box(nearest);
        double overlap = Box.Overlap.UNION.of(face, box);
        double side = box.right() - box.left() + edge;
        var places = new float[NUMBERS - 2];
        places[0] = (float) ((face.left() - box.left()) / side);
        places[1] = (float) ((face.top() - box.top()) / side);
        places[2] = (float) ((face.right() - box.right()) / side);
        places[3] = (float) ((face.bottom() - box.bottom()) / side);
        var points = nearest.landmarks().points();
        for (int i = 0; i < points.size(); i++) {
            places[4 + i] = (float) ((points.get(i).x() - box.left() + 1) / side);
            places[4 + FiveLandmarks.COUNT + i] = (float) ((points.get(i).y() - box.top() + 1) / side);
        }
        int kind = overlap > FACE ? 1 : overlap > PART ? -1 : overlap < OTHER ? 0 : 2;
        return new Window(pixels.get(scene), box, kind, places);
    }

    private static Box box(Face face) {
        return new Box(face.left() + 1, face.top() + 1, face.right() + 1, face.bottom() + 1, 1);
    }
}
