package org.atelier.worker.edit.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.atelier.common.job.DirectionTrainRequest.Measurement;
import org.atelier.common.job.DirectionTrainRequest.Statistics;
import org.atelier.common.job.DirectionTrainRequest.TruncatedRows;
import org.atelier.common.job.Input;
import org.atelier.common.job.Truncation;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.EditStates;
import org.atelier.worker.edit.FakeInputs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the bundle that comes with the project, and the table that this made of it: see {@link AvatarTable}. */
class DirectionTrainingTest {
    private static BundleNetworks networks;
    private static NDManager manager;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(AvatarTable.BUNDLE, TestEngine.get());
        manager = TestEngine.get().newManager();
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    private static byte[] run(Edit edit) {
        while (!edit.isDone()) {
            edit.step();
        }
        return edit.finish().getFirst().bytes();
    }

    private static DirectionTrainRequest request(int samples, int images, Channels channels) {
        return new DirectionTrainRequest("avatar-128", null, new Statistics(samples, 5L, new Truncation(0.7, 8),
                TruncatedRows.EACH), images, 5.0, Measurement.ISOLATED, channels, List.of(), 16);
    }

    @Test
    void measuresAPartOfTheTableAgain() {
        var table = AvatarTable.read(manager);
        var given = AvatarTable.request(new Channels.Range(560, 566));
        try (var edit = DirectionTraining.of(given, networks, new FakeInputs())) {
            var part = DirectionTable.read("part", run(edit), manager);

            assertThat(part.from()).isEqualTo(560);
            assertThat(part.origin()).isEqualTo(table.origin());
            for (int i = 0; i < part.directions().length; i++) {
                double cosine = 0;
                for (int e = 0; e < part.directions()[i].length; e++) {
                    cosine += part.directions()[i][e] * table.directions()[560 + i][e];
                }
                assertThat(cosine).as("cosine of channel " + (560 + i)).isCloseTo(1, within(1e-3));
            }
        }
    }

    /** As NumPy saves a C-ordered array of float32. */
    private static byte[] npy(float[][] rows, int width) {
        var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows.length + ", " + width + "), }";
        var header = (text + " ".repeat(117 - text.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        var file = ByteBuffer.allocate(10 + header.length + 4 * rows.length * width).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length).put(header);
        for (var row : rows) {
            for (float value : row) {
                file.putFloat(value);
            }
        }
        return file.array();
    }

    private static DirectionTrainRequest given(byte[] file) {
        return new DirectionTrainRequest("avatar-128", null, new Statistics(1_500, 5L, new Truncation(0.7, 8),
                TruncatedRows.EACH), 100, 5.0, Measurement.PUBLISHED, null, List.of(), 16, 1, new Input.Blob(Digest.of(
                        file)));
    }

    /** Published tables end before the last layers: what they lack moves nothing, what they have is taken as it is. */
    @Test
    void publishedDirectionsAreATable() throws IOException {
        var published = Arrays.copyOf(AvatarTable.read(manager).directions(), 900);
        int width = published[0].length;
        var file = npy(published, width);
        var request = given(file);
        var state = folder.resolve("given");
        byte[] bytes;
        try (var edit = DirectionTraining.of(request, networks, new FakeInputs().with(file))) {
            assertThat(edit.steps()).isEqualTo(2);
            edit.step();
            EditStates.save(edit.state().orElseThrow(), state);
            bytes = run(edit);
        }
        var table = DirectionTable.read("given", bytes, manager);

        assertThat(table.isWhole()).isTrue();
        assertThat(Arrays.copyOf(table.directions(), 900)).isDeepEqualTo(published);
        assertThat(table.directions()[900]).containsOnly(0f);
        assertThat(table.origin()).containsKey("given");
        try (var edit = DirectionTraining.of(request, networks, new FakeInputs().with(file))) {
            EditStates.restore(edit.state().orElseThrow(), state);
            assertThat(Digest.of(run(edit))).isEqualTo(Digest.of(bytes));
        }
    }

    @Test
    void directionsOfAnotherClipAreRefused() {
        for (var file : List.of(npy(new float[2][3], 3), new byte[]{1, 2, 3}, npy(new float[5_000][128], 128))) {
            assertThatThrownBy(() -> DirectionTraining.of(given(file), networks, new FakeInputs().with(file)))
                    .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.category()).isEqualTo(
                            ErrorCategory.INPUT_UNREADABLE))
                    .hasMessageContaining("The given directions");
        }
    }

    @Test
    void partsTogetherAreTheTable() throws IOException {
        var table = AvatarTable.read(manager);
        var parts = List.of(part(table, 700, 1_184), part(table, 0, 300), part(table, 300, 700));
        try (var edit = merge(parts)) {
            assertThat(Digest.of(run(edit))).isEqualTo(Digest.of(Files.readAllBytes(AvatarTable.FILE)));
        }
    }

    @Test
    void partsThatDoNotMakeATableAreRefused() {
        var table = AvatarTable.read(manager);

        refused(List.of(part(table, 0, 300), part(table, 400, 1_184)), "No part has the channels from 300 to 400");
        refused(List.of(part(table, 0, 300)), "No part has the channels from 300 to 1184");
        refused(List.of(part(table, 0, 300), part(table, 200, 1_184)), "Two parts have channel 200");
        var strange = new DirectionTable(Map.of("images", "3"), table.channels(), table.mean(), table.deviation(), 0,
                table
                        .directions());
        refused(List.of(strange), "images 3 instead of 8");
    }

    private static DirectionTable part(DirectionTable table, int from, int to) {
        return new DirectionTable(table.origin(), table.channels(), table.mean(), table.deviation(), from, Arrays
                .copyOfRange(table.directions(), from, to));
    }

    private static Edit merge(List<DirectionTable> parts) {
        var files = parts.stream().map(part -> part.file(manager)).toList();
        var inputs = new FakeInputs();
        files.forEach(inputs::with);
        return DirectionTraining.of(AvatarTable.merging(files.stream().<Input>map(file -> new Input.Blob(Digest.of(
                file))).toList()), networks, inputs);
    }

    private static void refused(List<DirectionTable> parts, String message) {
        try (var edit = merge(parts)) {
            assertThatThrownBy(() -> run(edit)).isInstanceOf(JobException.class).hasMessageContaining(message);
        }
    }

    /** Whatever the numbers, the parts of a fleet hold each channel once. */
    @Test
    void sharesCoverAllChannelsOnce() {
        int next = 0;
        for (int part = 0; part < 7; part++) {
            try (var edit = DirectionTraining.of(request(2, 1, new Channels.Part(part, 7)), networks,
                    new FakeInputs())) {
                var range = ((DirectionTraining) edit).range();
                assertThat(range[0]).isEqualTo(next);
                next = range[1];
            }
        }
        assertThat(next).isEqualTo(1_184);
    }

    @Test
    void channelsThatAreNotThereAreRefused() {
        Function<Channels, Edit> of = channels -> DirectionTraining.of(request(2, 1, channels), networks,
                new FakeInputs());

        assertThatThrownBy(() -> of.apply(new Channels.Range(1_000, 1_185))).hasMessageContaining(
                "this generator has 1184");
    }
}
