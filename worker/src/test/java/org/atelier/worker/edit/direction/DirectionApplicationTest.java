package org.atelier.worker.edit.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DirectionApplyRequest;
import org.atelier.common.job.DirectionApplyRequest.Prompt;
import org.atelier.common.job.DirectionApplyRequest.Selection;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.atelier.common.job.DirectionTrainRequest.Measurement;
import org.atelier.common.job.DirectionTrainRequest.Statistics;
import org.atelier.common.job.DirectionTrainRequest.TruncatedRows;
import org.atelier.common.job.Input;
import org.atelier.common.job.Noise;
import org.atelier.common.job.Source;
import org.atelier.common.job.Templates;
import org.atelier.common.job.Truncation;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.Attributes;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Placed;
import org.atelier.worker.edit.Product;
import org.atelier.worker.goldens.StyleGan3Bundle;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What edits do to the avatars, by the reader of the bundle, which is in no loss; and on a StyleGAN3. */
class DirectionApplicationTest {
    private static final List<Source> FACES = LongStream.range(1, 9).<Source>mapToObj(Source.Seed::new).toList();
    private static final Prompt TONGUE = new Prompt("a person", "someone sticking the tongue out", null);
    private static final Prompt GLASSES = new Prompt("a person", "a person with round glasses", null);
    private static final String MOUTH = "mouth";
    private static final double STRENGTH = 8;
    private static final int CHANNELS = 60;

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

    private static DirectionApplyRequest request(byte[] table, List<Source> sources, List<Prompt> prompts,
            Selection selection, List<Double> strengths) {
        return new DirectionApplyRequest("avatar-128", null, new Input.Blob(Digest.of(table)), sources, prompts,
                strengths, selection, Templates.NONE, Truncation.NONE, Noise.CONST, true);
    }

    private static Map<String, byte[]> run(Edit edit) {
        var files = new TreeMap<String, byte[]>();
        try (edit) {
            var products = new ArrayList<Product>();
            while (!edit.isDone()) {
                products.addAll(edit.step().products());
            }
            products.addAll(edit.finish());
            products.forEach(product -> files.put(product.name(), product.bytes()));
        }
        return files;
    }

    private static Map<String, byte[]> run(DirectionApplyRequest request, byte[] table) {
        return run(new DirectionApplication(request, networks, new FakeInputs().with(table)));
    }

    /** The mouth gets what its text says, by the other text it does not, and most else of each face stays. */
    @Test
    void picturesShowWhatTheTextSays() {
        var table = AvatarTable.bytes();
        var files = run(request(table, FACES, List.of(TONGUE, GLASSES), new Selection.Budget(CHANNELS), List.of(0.0,
                STRENGTH)), table);
        int wanted = 0;
        int control = 0;
        int kept = 0;
        int others = 0;
        for (int face = 0; face < FACES.size(); face++) {
            var before = read(files, face, 0, 0);
            var after = read(files, face, 0, 1);
            wanted += after.get(MOUTH).equals("tongue") ? 1 : 0;
            control += read(files, face, 1, 1).get(MOUTH).equals("tongue") ? 1 : 0;
            for (var attribute : before.keySet()) {
                if (!attribute.equals(MOUTH)) {
                    others++;
                    kept += before.get(attribute).equals(after.get(attribute)) ? 1 : 0;
                }
            }
            assertThat(before.get(MOUTH)).isNotEqualTo("tongue");
        }
        assertThat(wanted).as("tongues of " + FACES.size()).isGreaterThanOrEqualTo(6);
        assertThat(control).as("tongues by another text").isZero();
        assertThat((double) kept / others).as("share of the rest that stays").isGreaterThan(0.7);
    }

    private static Map<String, String> read(Map<String, byte[]> files, int face, int prompt, int strength) {
        return Attributes.of(networks, files.get("edit-" + face + "-" + prompt + "-" + strength + ".png"), manager);
    }

    @Test
    void aLatentOfStylesDrawsThePicture() {
        var table = AvatarTable.bytes();
        var files = run(request(table, FACES.subList(0, 1), List.of(TONGUE), new Selection.Budget(20), List.of(3.0)),
                table);

        assertThat(files).containsOnlyKeys("edit-0-0-0.png", "edit-0-0-0.safetensors", "sheet.png", "directions.json");
        try (var latent = SafetensorsFile.of("latent", files.get("edit-0-0-0.safetensors"))) {
            var styles = new TreeMap<String, NDArray>();
            latent.names().forEach(name -> styles.put(name.substring("s/".length()), latent.read(name, manager)));
            var picture = Picture.of(networks.generator().render(styles, org.atelier.worker.nn.Noise.STORED, Tap.NONE))
                    .getFirst();
            assertThat(picture.png()).isEqualTo(files.get("edit-0-0-0.png"));
        }
        assertThat(new String(files.get("directions.json"), StandardCharsets.UTF_8)).contains(
                "\"target\":\"someone sticking the tongue out\"", "\"beta\":", "synthesis.");
    }

    @Test
    void aTooHighBetaNamesItsPrompt() {
        var table = AvatarTable.bytes();

        refused(request(table, FACES, List.of(GLASSES), new Selection.Beta(1.0), List.of(1.0)), table,
                "\"a person with round glasses\": Beta value too high");
    }

    @Test
    void tablesThatDoNotFitAreRefused() {
        var whole = AvatarTable.read(manager);
        var part = new DirectionTable(whole.origin(), whole.channels(), whole.mean(), whole.deviation(), 0,
                Arrays.copyOf(whole.directions(), 10)).file(manager);
        var foreign = new DirectionTable(Map.of("bundle", "other@2"), whole.channels(), whole.mean(), whole.deviation(),
                0, whole.directions()).file(manager);

        refused(of(part), part, "is a part, channels 0 to 10 of 1184");
        refused(of(foreign), foreign, "was made for other@2");
        refused(of(new byte[]{1}), new byte[]{1}, "cannot be read");
    }

    private static DirectionApplyRequest of(byte[] table) {
        return request(table, FACES, List.of(GLASSES), new Selection.Budget(20), List.of(1.0));
    }

    private static void refused(DirectionApplyRequest request, byte[] table, String message) {
        assertThatThrownBy(() -> new DirectionApplication(request, networks, new FakeInputs().with(table)))
                .isInstanceOf(
                        JobException.class).hasMessageContaining(message);
    }

    /** A StyleGAN3 of 32 px with random weights: its input, which is the pose, and its colour layer stay as they are. */
    @Test
    void aStyleGan3KeepsItsPose() throws IOException {
        StyleGan3Bundle.write(folder);
        try (var small = BundleNetworks.open(folder, TestEngine.get())) {
            var train = new DirectionTrainRequest("small-stylegan3", null, new Statistics(64, 0L, new Truncation(0.5,
                    8),
                    TruncatedRows.EACH), 1, 5.0, Measurement.ISOLATED, new Channels.Range(0, 40), List.of(), 32);
            var part = run(DirectionTraining.of(train, small, new FakeInputs())).get(DirectionTrainRequest.TABLE);
            var read = DirectionTable.read("part", part, manager);
            var table = filledUp(read).file(manager);
            assertThat(read.channels().layers()).filteredOn(layer -> !layer.shaping()).hasSize(2).first().extracting(
                    StyleChannels.Layer::name, StyleChannels.Layer::channels).containsExactly("synthesis.input", 4);

            var files = run(new DirectionApplication(new DirectionApplyRequest("small-stylegan3", null, new Input.Blob(
                    Digest.of(table)), List.of(new Source.Seed(1)), List.of(new Prompt("face", "smile", null)), List.of(
                            0.0, 5.0), new Selection.Budget(20), Templates.IMAGENET, Truncation.NONE, Noise.CONST,
                    true),
                    small, new FakeInputs().with(table)));
            assertThat(files.get("edit-0-0-0.png")).isNotEqualTo(files.get("edit-0-0-1.png"));
            try (var before = SafetensorsFile.of("before", files.get("edit-0-0-0.safetensors"));
                    var after = SafetensorsFile.of("after", files.get("edit-0-0-1.safetensors"))) {
                for (var layer : read.channels().layers()) {
                    boolean same = before.read("s/" + layer.name(), manager).equals(after.read("s/" + layer.name(),
                            manager));
                    assertThat(same || layer.shaping()).as(layer.name() + " stays").isTrue();
                }
                isDrawnWhereItLies(small, read, table);
            }
        }
    }

    /** The same picture elsewhere in its frame becomes the same latent, and is drawn where it lies. */
    private static void isDrawnWhereItLies(BundleNetworks networks, DirectionTable read, byte[] table) {
        var place = new Placed(networks, new Placement(0.2, -0.1, 20));
        var wPlus = Scope.computeFor(manager, () -> networks.generator().truncate(networks.generator().map(HostArrays
                .of(
                        manager, new RandomState(5).randnFloat(networks.generator().zSize()), new Shape(1, networks
                                .generator()
                                .zSize()))), 1, 0));
        var usual = new Placed(networks, Placement.NONE).file("usual", wPlus).bytes();
        var placed = place.file("placed", wPlus).bytes();
        var files = run(new DirectionApplication(new DirectionApplyRequest("small-stylegan3", null, new Input.Blob(
                Digest
                        .of(table)), List.of(new Source.Latent(Digest.of(usual)), new Source.Latent(Digest.of(placed))),
                List
                        .of(new Prompt("face", "smile", null)), List.of(5.0), new Selection.Budget(20),
                Templates.IMAGENET, Truncation.NONE, Noise.CONST, true), networks, new FakeInputs().with(table)
                        .with(usual).with(placed)));

        try (var edited = SafetensorsFile.of("edited", files.get("edit-0-0-0.safetensors"))) {
            var styles = read.channels().layers().stream().map(StyleChannels.Layer::name).collect(Collectors.toMap(
                    name -> name, name -> edited.read("s/" + name, manager)));
            assertThat(files.get("edit-1-0-0.safetensors")).isEqualTo(place.file("edited", styles).bytes());
            assertThat(files.get("edit-1-0-0.png")).isEqualTo(Scope.call(() -> Picture.of(place.draw(styles,
                    org.atelier.worker.nn.Noise.NONE)).getFirst().png())).isNotEqualTo(files.get("edit-0-0-0.png"));
        }
    }

    /** The table with channels that move nothing in place of those that were not measured. */
    private static DirectionTable filledUp(DirectionTable part) {
        var rows = new float[part.channels().shaping().length][part.directions()[0].length];
        System.arraycopy(part.directions(), 0, rows, part.from(), part.directions().length);
        return new DirectionTable(part.origin(), part.channels(), part.mean(), part.deviation(), 0, rows);
    }
}
