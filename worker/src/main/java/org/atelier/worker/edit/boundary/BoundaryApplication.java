package org.atelier.worker.edit.boundary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryApplyRequest.Distance;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SourceEdits;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/** Walks from every source along a boundary's normal, a source a step. */
public final class BoundaryApplication extends SourceEdits {
    private final BoundaryApplyRequest request;
    private final Noises noises;
    private final Walk walk;

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where boundaries and stored latents are
     * @throws JobException INVALID_REQUEST if the conditions are not independent or leave nothing, INPUT_UNREADABLE if a
     *                      boundary is damaged or of another bundle
     */
    public BoundaryApplication(BoundaryApplyRequest request, BundleNetworks networks, Inputs inputs) {
        super(request.sources(), request.truncation(), networks, inputs);
        this.request = request;
        this.noises = prepare(() -> Noises.forAll(networks, request.noise(), inputs, manager));
        this.walk = prepare(() -> walk(inputs));
    }

    private Walk walk(Inputs inputs) {
        try {
            var conditions = BoundaryFiles.normals(request.conditions(), networks, inputs, manager);
            var boundary = BoundaryFiles.read(request.boundary(), networks, inputs, manager).conditionedOn(conditions);
            return Walk.between(boundary, request.start(), request.end(), request.steps());
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    protected void edit(int source, NDArray wPlus, Made made) {
        var start = DoubleTensors.rows(wPlus.toFloatArray(), generator.wSize());
        var moves = moves(start);
        var noise = noises.next(request.sources().get(source), manager);
        made.row().add(draw(wPlus, noise));
        for (int position = 0; position < request.steps(); position++) {
            visit(start, moves, position, noise, "walk-" + source + "-" + position, made);
        }
    }

    /** For each row of the latent and each position: how far it moves; rows that stay move 0. */
    private double[][] moves(List<double[]> start) {
        var distance = request.distance() == null ? published(start) : request.distance();
        var rows = request.rows();
        var moves = new double[start.size()][request.steps()];
        for (int row = 0; row < moves.length; row++) {
            if (rows == null || row >= rows.from() && row < rows.to()) {
                moves[row] = walk.moves(start.get(row), distance);
            }
        }
        return moves;
    }

    private static Distance published(List<double[]> rows) {
        return rows.stream().allMatch(row -> Arrays.equals(row, rows.getFirst()))
                ? Distance.HYPERPLANE
                : Distance.SOURCE;
    }

    private void visit(List<double[]> start, double[][] moves, int position, Noise noise, String name, Made made) {
        Scope.run(() -> {
            int width = generator.wSize();
            var flat = new float[start.size() * width];
            for (int i = 0; i < start.size(); i++) {
                System.arraycopy(walk.moved(start.get(i), moves[i][position]), 0, flat, i * width, width);
            }
            var wPlus = HostArrays.of(manager, flat, new Shape(1, start.size(), width));
            var picture = draw(wPlus, noise);
            made.row().add(picture);
            if (request.files()) {
                made.products().add(new Product(name + ".png", Artifact.PNG, picture.png()));
                made.products().add(latents.file(name + ".safetensors", wPlus));
            }
        });
    }

    private Picture draw(NDArray wPlus, Noise noise) {
        return Scope.call(() -> Picture.of(generator.render(wPlus, noise)).getFirst());
    }

    @Override
    protected List<Product> products() {
        var columns = new ArrayList<String>(List.of("source"));
        Arrays.stream(walk.positions()).forEach(position -> columns.add(String.format(Locale.ROOT, "%+.2f", position)));
        var sheet = new Sheet("", columns, captions(), rows());
        return List.of(new Product("sheet.png", Artifact.PNG, sheet.draw().png()));
    }
}
