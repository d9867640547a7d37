package org.atelier.worker.goldens;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.job.BoundaryApplyRequest.Distance;
import org.atelier.common.job.BoundaryTrainRequest.Chosen;
import org.atelier.common.job.BoundaryTrainRequest.Split;
import org.atelier.worker.edit.boundary.Boundary;
import org.atelier.worker.edit.boundary.LinearSvm;
import org.atelier.worker.edit.boundary.ScoredLatents;
import org.atelier.worker.edit.boundary.Walk;

/** InterFaceGAN: the support vector machine, its conditions, the walk. */
final class BoundaryCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        return golden.has("in.scores") && golden.config().has("chosen_ratio");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var config = golden.config();
        var latents = new ScoredLatents(rows("in.latents", golden, manager), numbers("in.scores", golden, manager));
        verdict.compare("sorted_index", manager.create(Arrays.stream(latents.order()).asLongStream().toArray()));
        var ends = latents.ends(new Chosen.Ratio(config.path("chosen_ratio").asDouble()), config.path("split_ratio")
                .asDouble(), Split.SORTED, 0);
        var svm = LinearSvm.train(ends.trainPositive(), ends.trainNegative(), config.path("C").asDouble());
        var boundary = Boundary.of(svm, Map.of());
        verdict.compare("coef", manager.create(svm.coefficients()));
        verdict.compare("intercept", manager.create(new double[]{svm.intercept()}));
        verdict.compare("dual_objective", manager.create(new double[]{svm.dualObjective()}));
        verdict.compare("support_vectors", manager.create(new long[]{svm.supportVectors()}));
        verdict.compare("bounded_support_vectors", manager.create(new long[]{svm.bounded()}));
        long right = ends.validatePositive().stream().filter(x -> svm.decide(x) > 0).count() + ends.validateNegative()
                .stream().filter(x -> svm.decide(x) < 0).count();
        verdict.compare("validation_accuracy", manager.create(new double[]{right / 2.0 / ends.validatePositive()
                .size()}));
        verdict.compare("boundary", row(boundary.normal(), manager));
        var conditions = IntStream.range(0, 3).mapToObj(i -> numbers("in.condition." + i, golden, manager)).toList();
        for (int count = 1; count <= conditions.size(); count++) {
            verdict.compare("projected." + count, row(boundary.conditionedOn(conditions.subList(0, count)).normal(),
                    manager));
        }
        walks(golden, boundary, verdict, manager);
    }

    private static void walks(Golden golden, Boundary boundary, Verdict verdict, NDManager manager) {
        for (var output : golden.outputs()) {
            if (output.name().startsWith("interpolated.")) {
                boolean oneRow = output.name().endsWith(".z");
                double end = oneRow ? 3 : 2;
                var walk = Walk.between(boundary, -end, end, Math.toIntExact(output.shape().get(0)));
                var rows = rows("in.code_" + (oneRow ? "z" : "wplus"), golden, manager);
                var distance = oneRow ? Distance.HYPERPLANE : Distance.SOURCE;
                var values = new float[Math.toIntExact(output.shape().size())];
                for (int position = 0, at = 0; position < walk.positions().length; position++) {
                    for (var row : rows) {
                        var moved = walk.moved(row, walk.moves(row, distance)[position]);
                        System.arraycopy(moved, 0, values, at, moved.length);
                        at += moved.length;
                    }
                }
                verdict.compare(output.name(), manager.create(values, output.shape()));
            }
        }
    }

    private static NDArray row(double[] values, NDManager manager) {
        return manager.create(values, new Shape(1, values.length));
    }

    private static double[] numbers(String name, Golden golden, NDManager manager) {
        return golden.array(name, manager).toType(DataType.FLOAT64, true).toDoubleArray();
    }

    private static List<double[]> rows(String name, Golden golden, NDManager manager) {
        var shape = golden.array(name, manager).getShape();
        int width = Math.toIntExact(shape.get(shape.dimension() - 1));
        var flat = numbers(name, golden, manager);
        return IntStream.range(0, flat.length / width)
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toList();
    }
}
