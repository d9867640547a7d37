package org.atelier.worker.edit.boundary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

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
            var boundary = BoundaryFiles.read(request.boundary(), networks, inputs, manager);
            if (boundary.isInZ() && request.rows() != null) {
                throw new IllegalArgumentException("The boundary is in z, which all rows follow; leave \"rows\" out.");
            }
            var conditions = BoundaryFiles.normals(request.conditions(), boundary.isInZ(), networks, inputs, manager);
            return Walk.between(boundary.conditionedOn(conditions), request.start(), request.end(), request.steps());
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    protected void edit(int source, NDArray wPlus, Made made) {
        var noise = noises.next(request.sources().get(source), manager);
        var start = start(source, wPlus);
        var moves = moves(start.rows);
        made.row().add(draw(wPlus, noise));
        for (int position = 0; position < request.steps(); position++) {
            visit(start, moves, position, noise, "walk-" + source + "-" + position, made);
        }
    }

    /**
     * Where a walk starts.
     *
     * @param rows  of the latent, in the space of the boundary
     * @param width numbers of each
     * @param wPlus what a moved latent [1, rows x width] is drawn by
     * @param file  a moved latent as a file
     */
    private record Start(List<double[]> rows, int width, UnaryOperator<NDArray> wPlus,
            BiFunction<String, NDArray, Product> file) {}

    private Start start(int source, NDArray wPlus) {
        if (walk.boundary().isInZ()) {
            var z = latents.z(request.sources().get(source), request.truncation(), manager);
            return new Start(DoubleTensors.rows(z.z().toFloatArray(), generator.zSize()), generator.zSize(),
                    moved -> z.toWPlus(moved, generator), (name, moved) -> placed().file(name, z, moved));
        }
        int width = generator.wSize();
        var rows = DoubleTensors.rows(wPlus.toFloatArray(), width);
        return new Start(rows, width, moved -> moved.reshape(1, rows.size(), width), (name, moved) -> placed().file(
                name,
                moved.reshape(1, rows.size(), width)));
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

    private void visit(Start start, double[][] moves, int position, Noise noise, String name, Made made) {
        Scope.run(() -> {
            int rows = start.rows.size();
            var flat = new float[rows * start.width];
            for (int i = 0; i < rows; i++) {
                System.arraycopy(walk.moved(start.rows.get(i), moves[i][position]), 0, flat, i * start.width,
                        start.width);
            }
            var moved = HostArrays.of(manager, flat, new Shape(1, flat.length));
            var picture = draw(start.wPlus.apply(moved), noise);
            made.row().add(picture);
            if (request.files()) {
                made.products().add(new Product(name + ".png", Artifact.PNG, picture.png()));
                made.products().add(start.file.apply(name + ".safetensors", moved));
            }
        });
    }

    private Picture draw(NDArray wPlus, Noise noise) {
        return Scope.call(() -> Picture.of(placed().draw(wPlus, noise)).getFirst());
    }

    @Override
    protected List<Product> products() {
        var columns = new ArrayList<String>(List.of("source"));
        Arrays.stream(walk.positions()).forEach(position -> columns.add(String.format(Locale.ROOT, "%+.2f", position)));
        var sheet = new Sheet("", columns, captions(), rows());
        return List.of(new Product("sheet.png", Artifact.PNG, sheet.draw().png()));
    }
}
