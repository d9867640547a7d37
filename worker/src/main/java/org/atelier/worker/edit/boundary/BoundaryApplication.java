package org.atelier.worker.edit.boundary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryApplyRequest.Distance;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Latents;
import org.atelier.worker.edit.Noises;
import org.atelier.worker.edit.Product;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/** Walks from every source along a boundary's normal, a source a step. */
public final class BoundaryApplication implements Edit {
    private final BoundaryApplyRequest request;
    private final Generator generator;
    private final Latents latents;
    private final NDManager manager;
    private final Noise noise;
    private final Walk walk;
    private final List<List<Picture>> rows = new ArrayList<>();

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where boundaries and stored latents are
     * @throws JobException INVALID_REQUEST if the conditions are not independent or leave nothing, INPUT_UNREADABLE if a
     *                      boundary is damaged or of another bundle
     */
    public BoundaryApplication(BoundaryApplyRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.generator = networks.generator();
        this.latents = new Latents(networks, inputs);
        this.manager = networks.engine().newManager();
        try {
            this.noise = new Noises(generator, request.noise()).next(manager);
            var conditions = BoundaryFiles.normals(request.conditions(), networks, inputs, manager);
            var boundary = BoundaryFiles.read(request.boundary(), networks, inputs, manager).conditionedOn(conditions);
            this.walk = Walk.between(boundary, request.start(), request.end(), request.steps());
        } catch (IllegalArgumentException e) {
            manager.close();
            throw new JobException(ErrorCategory.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public int steps() {
        return request.sources().size();
    }

    @Override
    public int stepsDone() {
        return rows.size();
    }

    /**
     * One walk is done.
     *
     * @param products its pictures and latents, if the request wants them
     */
    public record Walked(List<Product> products) implements Step {}

    @Override
    public Walked step() {
        if (isDone()) {
            throw new IllegalStateException("all " + steps() + " sources are done");
        }
        return Scope.call(() -> {
            int source = stepsDone();
            var wPlus = latents.resolve(request.sources().get(source), request.truncation(), manager);
            var start = DoubleTensors.rows(wPlus.toFloatArray(), generator.wSize());
            var moves = moves(start);
            var products = new ArrayList<Product>();
            var row = new ArrayList<Picture>();
            row.add(draw(wPlus));
            for (int position = 0; position < request.steps(); position++) {
                visit(start, moves, position, "walk-" + source + "-" + position, row, products);
            }
            rows.add(row);
            return new Walked(products);
        });
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

    private void visit(List<double[]> start, double[][] moves, int position, String name, List<Picture> row,
            List<Product> products) {
        Scope.run(() -> {
            int width = generator.wSize();
            var flat = new float[start.size() * width];
            for (int i = 0; i < start.size(); i++) {
                System.arraycopy(walk.moved(start.get(i), moves[i][position]), 0, flat, i * width, width);
            }
            var wPlus = HostArrays.of(manager, flat, new Shape(1, start.size(), width));
            var picture = draw(wPlus);
            row.add(picture);
            if (request.files()) {
                products.add(new Product(name + ".png", Artifact.PNG, picture.png()));
                products.add(latents.file(name + ".safetensors", wPlus));
            }
        });
    }

    private Picture draw(NDArray wPlus) {
        return Scope.call(() -> Picture.of(generator.render(wPlus, noise)).getFirst());
    }

    @Override
    public List<Product> finish() {
        if (!isDone()) {
            throw new IllegalStateException("only " + stepsDone() + " of " + steps() + " sources are done");
        }
        return List.of(new Product("sheet.png", Artifact.PNG, Picture.grid(rows.stream().flatMap(List::stream).toList(),
                rows.getFirst().size()).png()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
