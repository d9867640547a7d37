package org.atelier.worker.edit.mapper;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;

/** What a mapper in training makes of some faces: those that are held back or, where none are, the first it saw. */
final class MapperFaces {
    private static final int PREVIEWED = 4;
    private static final int SHOWN = 8;

    private final MapperTrainRequest request;
    private final Generator generator;
    private final Mapper mapper;
    private final LatentBatches batches;
    private final int steps;
    private final NDManager manager;

    /**
     * Draws with the mapper as it is at each call.
     *
     * @param steps of the training: there are no more batches
     */
    MapperFaces(MapperTrainRequest request, Generator generator, Mapper mapper, LatentBatches batches, int steps,
            NDManager manager) {
        this.request = request;
        this.generator = generator;
        this.mapper = mapper;
        this.batches = batches;
        this.steps = steps;
        this.manager = manager;
    }

    /** A few, before above after. */
    Picture preview() {
        var rows = beforeAndAfter(PREVIEWED);
        return Picture.grid(rows.stream().flatMap(List::stream).toList(), rows.getFirst().size());
    }

    /** Some more, with captions. */
    Picture sheet() {
        return new Sheet(request.prompt(), List.of(), List.of("before", "after"), beforeAndAfter(SHOWN)).draw();
    }

    private List<List<Picture>> beforeAndAfter(int most) {
        return Scope.call(() -> {
            var some = latents(most);
            var moved = MapperMove.of(mapper, generator, some, new MapperMove.Reach(request.factor(), request
                    .maxDelta(), 1));
            return List.of(Picture.of(generator.render(some, Noise.STORED)), Picture.of(generator.render(moved
                    .styles(), Noise.STORED, Tap.NONE)));
        });
    }

    private NDArray latents(int most) {
        if (batches.heldBack().isPresent()) {
            return batches.heldBack().get().get(":" + most);
        }
        var first = new NDList();
        for (int step = 0; step < Math.min(steps, Math.ceilDiv(most, request.batch())); step++) {
            first.add(batches.at(step, manager));
        }
        return (first.size() == 1 ? first.getFirst() : NDArrays.concat(first, 0)).get(":" + most);
    }
}
