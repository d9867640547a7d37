package org.atelier.worker.models;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.bundle.BundleUpload;
import org.atelier.common.store.BlobStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models import}: published files become a bundle folder. */
@Command(name = "import", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Makes a bundle folder from published files. What a file is, is found out by its content.",
        "Known: StyleGAN2 and StyleGAN3 .pkl (NVlabs), rosinality .pt, StyleGAN-NADA, CLIP (OpenAI, Hugging Face,"
                + " open_clip), ir_se50, VGG16 or AlexNet with the layers of LPIPS, e4e, pSp, ReStyle, MTCNN (pnet, rnet"
                + " and onet), StyleCLIP mappers."})
final class ImportCommand extends BundleCommand {
    private static final int COLUMNS = 80;
    private static final int SHOWN = 10;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Published files, one of them with a generator.")
    private List<Path> files = List.of();

    @Option(names = "--clip", paramLabel = "NAME=FILE", description = "A further CLIP, which nada-finetune takes beside the"
            + " bundle's own by this name. May be given several times.")
    private Map<String, Path> clips = Map.of();

    @Option(names = "--name", required = true, description = "Name of the bundle: letters, digits, . _ and -.")
    private String name = "";

    // Not --version: that is the program's.
    @Option(names = "--bundle-version", defaultValue = "1", description = "Its version (default: ${DEFAULT-VALUE}). A"
            + " stored version never changes.")
    private String version = "";

    @Option(names = "--out", description = "The folder to make (default: the name).")
    private @Nullable Path folder;

    @Option(names = "--title", description = "One line about it.")
    private @Nullable String title;

    @Option(names = "--licence", defaultValue = "unknown: see where the files were published", description = "Of the"
            + " weights.")
    private String licence = "";

    @Option(names = "--no-check", description = "Do not build and run the networks once.")
    private boolean unchecked;

    @Option(names = "--publish", description = "Upload the bundle into the object store (ATELIER_STORE_*).")
    private boolean publish;

    ImportCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        requireName(name);
        requireName(version);
        clips.keySet().forEach(ImportCommand::requireName);
        var target = folder == null ? Path.of(name) : folder;
        var order = new BundleImport.Order(name, version, title == null ? name : title, licence, files,
                clips, target,
                !unchecked);
        BundleImport.Result result;
        try (var bar = new Bar(err())) {
            result = new BundleImport(surroundings()::engine).run(order, bar);
        }
        report(result, target);
        if (publish) {
            publish(result, target);
        }
        out().flush();
        return OK;
    }

    private static void requireName(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw new ImportException("\"" + text
                    + "\" is no name: use letters, digits, points, underlines and hyphens.");
        }
    }

    private void report(BundleImport.Result result, Path target) {
        for (var network : result.networks()) {
            long numbers = network.tensors().values().stream().mapToLong(tensor -> tensor.elements()).sum();
            out().printf(Locale.ROOT, "%s: %s, %d tensors, %.2f million numbers%n", network.part(), network
                    .architecture(),
                    network.tensors().size(), numbers / 1e6);
            network.config().path("origin").forEach(origin -> out().println("  from " + origin.path("file").asText()
                    + ", SHA-256 " + origin.path("sha256").asText()));
            if (!network.dropped().isEmpty()) {
                out().println("  not needed: " + names(network.dropped()));
            }
            if (!network.unexpected().isEmpty()) {
                out().println("  unexpected, left out: " + names(network.unexpected()));
            }
        }
        result.notes().forEach(note -> out().println("note: " + note));
        result.findings().forEach(finding -> out().println("check: " + finding.part() + ": " + finding.text()));
        out().println("made " + target);
    }

    private static String names(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
    }

    private void publish(BundleImport.Result result, Path target) {
        try (var store = surroundings().store()) {
            if (result.card() == null) {
                var blobs = new BlobStore(store);
                result.networks().forEach(mapper -> {
                    var blob = blobs.put(mapper.fileName(), target.resolve(mapper.fileName()), Artifact.SAFETENSORS);
                    blobs.keep(blob);
                    out().println("published: mapper-apply takes it as {\"blob\": \"" + blob.digest() + "\"}");
                });
            } else {
                out().println("published " + new BundleUpload(store).upload(target).reference());
            }
        }
    }

    /** A bar on the terminal, in bytes. */
    private static final class Bar implements BundleImport.Progress, AutoCloseable {
        private final PrintWriter err;
        private Optional<ProgressBar> bar = Optional.empty();

        Bar(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void start(long total) {
            bar = Optional.of(new ProgressBarBuilder()
                    .setTaskName("import")
                    .setInitialMax(total)
                    .setUnit(" MB", 1_000_000)
                    .setStyle(ProgressBarStyle.ASCII)
                    .continuousUpdate()
                    .setConsumer(new DelegatingProgressBarConsumer(line -> {
                        err.print('\r' + line);
                        err.flush();
                    }, COLUMNS - 1))
                    .build());
        }

        @Override
        public void advance(long bytes) {
            bar.ifPresent(started -> started.stepBy(bytes));
        }

        @Override
        public void close() {
            bar.ifPresent(started -> {
                started.close();
                err.println();
                err.flush();
            });
        }
    }
}
