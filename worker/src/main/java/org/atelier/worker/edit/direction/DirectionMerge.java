package org.atelier.worker.edit.direction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.Input;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;

/** Puts tables of parts together, one a step. The result is, byte by byte, the table that one job would have made. */
final class DirectionMerge extends SteppedEdit<Edit.Step> {
    private final DirectionTrainRequest request;
    private final BundleNetworks networks;
    private final Inputs inputs;
    private final NDManager manager;
    private final List<DirectionTable> parts = new ArrayList<>();

    DirectionMerge(DirectionTrainRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        this.inputs = inputs;
        this.manager = networks.engine().newManager();
    }

    @Override
    public int steps() {
        return request.merge().size();
    }

    @Override
    public int stepsDone() {
        return parts.size();
    }

    /** A step has no losses. */
    private record Done() implements Step {}

    @Override
    protected Step next() {
        parts.add(read(request.merge().get(parts.size())));
        return new Done();
    }

    private DirectionTable read(Input input) {
        var name = switch (input) {
            case Input.Blob blob -> "The part " + blob.blob();
            case Input.Result result -> "The part of job " + result.job();
        };
        try {
            var part = DirectionTable.read(name, inputs.read(input, DirectionTrainRequest.TABLE), manager);
            var difference = Origin.difference(part.origin(), Origin.of(request, networks.card().reference()));
            if (!difference.isEmpty()) {
                throw unreadable(name + " was made otherwise than this request says: " + difference + ".");
            }
            if (!part.channels().equals(StyleChannels.of(networks.generator()))) {
                throw unreadable(name + " is of a generator with other layers.");
            }
            return part;
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private static JobException unreadable(String message) {
        return new JobException(ErrorCategory.INPUT_UNREADABLE, message);
    }

    @Override
    protected List<Product> products() {
        var sorted = parts.stream()
                .filter(part -> part.directions().length > 0)
                .sorted(Comparator.comparingInt(DirectionTable::from))
                .toList();
        int next = 0;
        for (var part : sorted) {
            if (part.from() != next) {
                throw unreadable(part.from() > next
                        ? "No part has the channels from " + next + " to " + part.from() + "."
                        : "Two parts have channel " + part.from() + ".");
            }
            next = part.to();
        }
        int count = StyleChannels.of(networks.generator()).shaping().length;
        if (next < count) {
            throw unreadable("No part has the channels from " + next + " to " + count + ".");
        }
        var first = sorted.getFirst();
        var whole = new DirectionTable(first.origin(), first.channels(), first.mean(), first.deviation(), 0, sorted
                .stream().flatMap(part -> Stream.of(part.directions())).toArray(float[][]::new));
        return List.of(new Product(DirectionTrainRequest.TABLE, Artifact.SAFETENSORS, whole.file(manager)));
    }

    @Override
    public void close() {
        manager.close();
    }
}
