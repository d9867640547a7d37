package org.atelier.worker.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.atelier.common.artifact.Digest;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.worker.checkpoint.published.PublishedFileReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsMainTest {
    @TempDir
    private Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return run(Surroundings.of(Map.of()), arguments);
    }

    private int run(Surroundings surroundings, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var line = ModelsMain.commandLine(surroundings);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @Test
    void aBundleIsImportedListedShownVerifiedAndExported() throws IOException {
        var published = BundleImportTest.checkpoint("torch zip", "rosinality");
        var home = folder.resolve("faces");

        assertThat(run("import", "--name", "faces", "--out", home.toString(), published.toString())).as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("generator: stylegan2", "SHA-256", "seeds", "made " + home);
        assertThat(err.toString()).contains("100%");
        assertThat(home.resolve("self-check.png")).isNotEmptyFile();

        assertThat(run("list", folder.toString())).isZero();
        assertThat(out.toString()).contains("faces@1");

        assertThat(run("show", home.toString())).isZero();
        assertThat(out.toString()).contains("\"origin\"", published.getFileName().toString());

        assertThat(run("verify", home.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).contains("faces@1 is sound");

        var file = folder.resolve("faces.pt");
        assertThat(run("export", home.toString(), file.toString(), "--format", "rosinality")).as(err.toString())
                .isZero();
        assertThat(new PublishedFileReader().read(file).tensors().under("g_ema").names()).contains("conv1.conv.weight");
        assertThat(run("export", home.toString(), file.toString())).isOne();
        assertThat(err.toString()).contains("exists already");
    }

    /** How the first bundle comes into an installation's store. */
    @Test
    void aFolderIsPublishedAsItIs() throws IOException {
        var surroundings = new Surroundings(Map.of(), () -> store);
        var avatar = Path.of(System.getProperty("atelier.home", "..")).resolve("models/avatar-128").toString();

        assertThat(run(surroundings, "publish", avatar)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("published avatar-128@3");
        assertThat(run(surroundings, "list")).isZero();
        assertThat(out.toString()).contains("avatar-128@3");

        assertThat(run(surroundings, "publish", folder.toString())).isOne();
        assertThat(err.toString()).contains("There is no bundle.json in " + folder);
    }

    /** The store keeps bundles for the fleet: what is published is listed, shown, verified and exported from there. */
    @Test
    void aPublishedBundleIsTheSameInTheStore() throws IOException {
        var surroundings = new Surroundings(Map.of(), () -> store);
        var published = BundleImportTest.checkpoint("NVlabs pickle", "StyleGAN2");

        assertThat(run(surroundings, "import", "--name", "faces", "--no-check", "--publish", "--out", folder.resolve(
                "here")
                .toString(), published.toString())).as(err.toString()).isZero();

        assertThat(out.toString()).contains("published faces@1");
        assertThat(run(surroundings, "list")).isZero();
        assertThat(out.toString()).contains("faces@1");
        assertThat(run(surroundings, "show", "faces")).isZero();
        assertThat(out.toString()).contains("\"conv_clamp\"");
        assertThat(run(surroundings, "verify", "faces@1")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("faces@1 is sound");
        assertThat(run(surroundings, "export", "faces", folder.resolve("g.safetensors").toString())).isZero();
        assertThat(folder.resolve("g.safetensors")).hasSameBinaryContentAs(folder.resolve(
                "here/generator.safetensors"));
        assertThat(run(surroundings, "show", "nobody")).isOne();
        assertThat(err.toString()).contains("no bundle");
    }

    /** A mapper is no part of a bundle; jobs read it by its digest. */
    @Test
    void aPublishedMapperIsAFileThatJobsCanName() throws IOException {
        assertThat(run(new Surroundings(Map.of(), () -> store), "import", "--name", "afro", "--no-check", "--publish",
                "--out", folder.resolve("afro").toString(), BundleImportTest.checkpoint("torch zip", "StyleCLIP mapper")
                        .toString())).as(err.toString()).isZero();

        var digest = Digest.of(folder.resolve("afro/mapper.safetensors"));
        assertThat(out.toString()).contains("mapper-apply takes it as {\"blob\": \"" + digest + "\"}");
        assertThat(new BlobStore(store).get(digest)).isEqualTo(Files.readAllBytes(folder.resolve(
                "afro/mapper.safetensors")));
    }

    @Test
    void damageIsFoundAndSaid() throws IOException {
        var home = folder.resolve("faces");
        run("import", "--name", "faces", "--no-check", "--out", home.toString(), BundleImportTest.checkpoint(
                "torch zip", "rosinality").toString());
        var weights = home.resolve("generator.safetensors");
        var bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);

        assertThat(run("verify", home.toString())).isOne();
        assertThat(err.toString()).contains("generator.safetensors has SHA-256").doesNotContain("Exception");
    }

    @Test
    void mistakesGetAdviceAndNoStackTrace() throws IOException {
        var page = Files.writeString(folder.resolve("g.pkl"), "<html>quota exceeded</html>");

        assertThat(run("import", "--name", "x", "--out", folder.resolve("x").toString(), page.toString())).isOne();
        assertThat(err.toString()).contains("web page").doesNotContain("\tat ");
        assertThat(run("import", "--name", "../x", page.toString())).isOne();
        assertThat(err.toString()).contains("is no name");
        assertThat(run("show", "unknown@1")).isOne();
        assertThat(err.toString()).contains("ATELIER_STORE_ENDPOINT").doesNotContain("\tat ");
    }
}
