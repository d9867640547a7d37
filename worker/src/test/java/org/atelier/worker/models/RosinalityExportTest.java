package org.atelier.worker.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.published.Container;
import org.atelier.worker.checkpoint.published.PublishedFileReader;
import org.atelier.worker.checkpoint.value.TensorTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RosinalityExportTest {
    @TempDir
    private Path folder;

    private static TreeMap<String, String> describe(TensorTable tensors) {
        var described = new TreeMap<String, String>();
        tensors.tensors().forEach((name, tensor) -> described.put(name, tensor + " " + BundleImportTest.sha256(
                tensor)));
        return described;
    }

    /** The published file, imported and exported again, has the same names, shapes and numbers. */
    @Test
    void anImportedCheckpointComesBackAsItWas() throws IOException {
        var published = BundleImportTest.checkpoint("torch zip", "rosinality");
        var card = new BundleImport(TestEngine::get).run(new BundleImport.Order("b", "1", "", "", List.of(published),
                Map.of(),
                folder
                        .resolve("b"), false), new SilentProgress()).card();
        var out = folder.resolve("back.pt");

        try (var stream = Files.newOutputStream(out)) {
            RosinalityExport.write(stream, BundleImportTest.tensors(folder.resolve("b/generator.safetensors")), card
                    .generator().config());
        }

        var back = new PublishedFileReader().read(out);
        assertThat(back.container()).isInstanceOf(Container.TorchZip.class);
        var wanted = describe(BundleImportTest.tensors(published).under("g_ema"));
        var actual = describe(back.tensors().under("g_ema"));
        assertThat(actual).containsAllEntriesOf(wanted);
        wanted.keySet().forEach(actual::remove);
        assertThat(actual.keySet()).allMatch(name -> name.endsWith(".kernel"));
        assertThat(back.tensors().find("latent_avg")).isPresent();
    }

    /** An NVlabs generator becomes one for rosinality's code, which imports as the same again. */
    @Test
    void anotherLayoutSurvivesTheWayThereAndBack() throws IOException {
        var published = BundleImportTest.checkpoint("NVlabs pickle", "StyleGAN2");
        var importer = new BundleImport(TestEngine::get);
        var card = importer.run(new BundleImport.Order("a", "1", "", "", List.of(published), Map.of(), folder.resolve(
                "a"),
                false),
                new SilentProgress()).card();
        var there = folder.resolve("there.pt");
        try (var stream = Files.newOutputStream(there)) {
            RosinalityExport.write(stream, BundleImportTest.tensors(folder.resolve("a/generator.safetensors")), card
                    .generator().config());
        }

        importer.run(new BundleImport.Order("b", "1", "", "", List.of(there), Map.of(), folder.resolve("b"), false),
                new SilentProgress());

        assertThat(describe(BundleImportTest.tensors(folder.resolve("b/generator.safetensors")))).isEqualTo(describe(
                BundleImportTest.tensors(folder.resolve("a/generator.safetensors"))));
    }

    private static final class SilentProgress implements BundleImport.Progress {
        @Override
        public void start(long total) {
            // nobody watches
        }

        @Override
        public void advance(long bytes) {
            // nobody watches
        }
    }
}
