package org.atelier.worker.edit.direction;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.edit.direction.ChannelMeasurement.Setting;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Makes a table of directions, or a part of one: first the statistics of the styles, some hundred latents a step, then
 * the channels, a few a step.
 *
 * <p>The state is the sums so far and the directions so far; a run that is restored ends in the same bytes as one that was
 * never interrupted.
 */
public final class DirectionTraining extends SteppedEdit<Edit.Step> implements Edit.State {
    /** Latents a step, as long as there are some to come. */
    public static final int LATENTS = 1_000;
    /** Pictures a step, about; at least those of one channel. */
    private static final int PICTURES = 128;

    private static final String SUMS = "sums";
    private static final String SQUARES = "squares";
    private static final String COUNT = "count";
    private static final String DIRECTIONS = "directions";

    private final DirectionTrainRequest request;
    private final BundleNetworks networks;
    private final NDManager manager;
    private final ClipView view;
    private final StyleChannels channels;
    private final int from;
    private final float[][] directions;
    private final int channelsPerStep;
    private StyleSampler sampler;
    private StyleStatistics statistics;
    private int measured;
    private @Nullable ChannelMeasurement measurement;

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where tables of parts and given directions are
     * @throws JobException INVALID_REQUEST if the bundle has no CLIP or the generator not these channels,
     *                      INPUT_UNREADABLE if a part or given directions cannot be read
     */
    public static Edit of(DirectionTrainRequest request, BundleNetworks networks, Inputs inputs) {
        return request.merge().isEmpty()
                ? new DirectionTraining(request, networks, inputs)
                : new DirectionMerge(request, networks, inputs);
    }

    private DirectionTraining(DirectionTrainRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        var generator = networks.generator();
        this.channels = StyleChannels.of(generator);
        int count = channels.shaping().length;
        this.from = from(request.channels(), count);
        this.directions = new float[to(request.channels(), count) - from][];
        this.channelsPerStep = channelsPerStep(request.images());
        this.sampler = new StyleSampler(generator, channels, request.statistics());
        this.statistics = new StyleStatistics(channels.size());
        this.manager = networks.engine().newManager();
        try {
            var clip = networks.clip().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST,
                    "Directions are measured by a CLIP, which the bundle " + networks.card().reference()
                            + " does not have."));
            this.view = new ClipView(clip, generator.resolution(), manager);
            if (request.given() != null) {
                var given = GivenDirections.read(request.given(), inputs, directions.length, clip.network().config()
                        .embedding());
                System.arraycopy(given, 0, directions, 0, given.length);
                measured = given.length;
            }
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * How many channels a step measures.
     *
     * @param images sample pictures of a channel
     */
    public static int channelsPerStep(int images) {
        return Math.max(1, PICTURES / (2 * images));
    }

    private static int from(@Nullable Channels part, int count) {
        return switch (part) {
            case Channels.Range range when range.to() <= count && range.from() < range.to() -> range.from();
            case Channels.Range range -> throw new JobException(ErrorCategory.INVALID_REQUEST,
                    "There are no channels from "
                            + range.from() + " to " + range.to() + ": this generator has " + count + ".");
            case Channels.Part share -> bound(share.part(), share.of(), count);
            case null -> 0;
        };
    }

    private static int to(@Nullable Channels part, int count) {
        return switch (part) {
            case Channels.Range range -> range.to();
            case Channels.Part share -> bound(share.part() + 1, share.of(), count);
            case null -> count;
        };
    }

    /** Where a part begins: also with fewer channels than parts, each channel is in exactly one. */
    private static int bound(int part, int of, int count) {
        return Math.toIntExact((long) part * count / of);
    }

    /** First channel, and first one after the last. */
    int[] range() {
        return new int[]{from, from + directions.length};
    }

    private int statisticSteps() {
        return Math.ceilDiv(request.statistics().samples(), LATENTS);
    }

    /** Channels that are given take no step. */
    private int channelSteps(int channels) {
        return request.given() == null ? Math.ceilDiv(channels, channelsPerStep) : 0;
    }

    @Override
    public int steps() {
        return statisticSteps() + channelSteps(directions.length);
    }

    @Override
    public int stepsDone() {
        return Math.toIntExact(Math.ceilDiv(statistics.count(), LATENTS)) + channelSteps(measured);
    }

    /** A step has no losses. */
    private record Done() implements Step {}

    @Override
    protected Step next() {
        if (statistics.count() < request.statistics().samples()) {
            int latents = (int) Math.min(LATENTS, request.statistics().samples() - statistics.count());
            Scope.run(() -> statistics.add(sampler.next(latents, manager)));
        } else {
            int next = Math.min(directions.length, measured + channelsPerStep);
            var features = measurement().features(from + measured, from + next);
            for (var channel : features) {
                directions[measured++] = finite(ChannelMeasurement.direction(channel));
            }
        }
        return new Done();
    }

    private ChannelMeasurement measurement() {
        if (measurement == null) {
            var first = new StyleSampler(networks.generator(), channels, request.statistics());
            var styles = Scope.call(() -> first.next(request.images(), manager).toFloatArray());
            measurement = new ChannelMeasurement(networks.generator(), images -> view.features(images.clip(-1, 1)),
                    new Setting(channels, statistics
                            .mean(),
                            statistics.deviation(), styles, request.strength(), request.measurement(), request.batch()),
                    manager);
        }
        return measurement;
    }

    private float[] finite(float[] direction) {
        for (float value : direction) {
            if (!Float.isFinite(value)) {
                throw new JobException(ErrorCategory.DIVERGED, "CLIP's view of channel " + channels.name(channels
                        .shaping()[from + measured]) + ", moved by " + request.strength()
                        + " standard deviations, is not finite. Try a smaller strength.");
            }
        }
        return direction;
    }

    @Override
    protected List<Product> products() {
        var table = new DirectionTable(Origin.of(request, networks.card().reference()), channels, statistics.mean(),
                statistics.deviation(), from, directions);
        return List.of(new Product(DirectionTrainRequest.TABLE, Artifact.SAFETENSORS, table.file(manager)));
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    @Override
    public Map<String, NDArray> tensors() {
        return Map.of(
                SUMS, HostArrays.of(manager, statistics.sums(), new Shape(channels.size())),
                SQUARES, HostArrays.of(manager, statistics.squares(), new Shape(channels.size())),
                COUNT, HostArrays.of(manager, new long[]{statistics.count()}, new Shape(1)),
                DIRECTIONS, HostArrays.of(manager, DirectionTable.flat(Arrays.copyOf(directions, measured)), new Shape(
                        measured, width())));
    }

    private int width() {
        return measured == 0 ? 0 : directions[0].length;
    }

    @Override
    public void restore(SafetensorsFile stored) {
        Scope.run(() -> {
            statistics = new StyleStatistics(stored.readAsStored(SUMS, manager).toDoubleArray(), stored.readAsStored(
                    SQUARES, manager).toDoubleArray(), stored.readAsStored(COUNT, manager).getLong());
            var rows = DirectionTable.rows(stored.readAsStored(DIRECTIONS, manager));
            IntStream.range(0, rows.length).forEach(row -> directions[row] = rows[row]);
            measured = rows.length;
        });
        sampler = new StyleSampler(networks.generator(), channels, request.statistics());
        sampler.skip(Math.toIntExact(statistics.count()));
    }

    @Override
    public void close() {
        view.close();
        manager.close();
    }
}
