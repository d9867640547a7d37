package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images as tarballs; {@code mvn -Pimages -Datelier.image.base=scratch verify} makes and inspects them without a network. */
class ImagesTest {
    private static ImageTarball image(String process) throws IOException {
        return image(process + "/target/jib-image.tar", "-Datelier.image.base=scratch");
    }

    private static ImageTarball image(String path, String property) throws IOException {
        var file = Chart.HOME.resolve(path);
        assumeTrue(Files.exists(file), "no " + file + ": it is built by mvn -Pimages " + property + " package");
        return ImageTarball.read(file);
    }

    /** The library of PyTorch comes with the base, so that no other one is in it; how it is found stands in the image. */
    @Test
    void theImageForCudaTakesTheLibraryOfItsBase() throws IOException {
        var image = image("worker/target/jib-image-cuda.tar", "-Datelier.image.cuda.base=scratch");
        var configuration = image.configuration().path("config");

        assertThat(configuration.path("User").asText()).isEqualTo("10001:10001");
        assertThat(Manifests.elements(configuration.path("Env")).map(JsonNode::asText)).contains(
                "ATELIER_DEVICE=cuda", "PYTORCH_LIBRARY_PATH=/opt/libtorch/lib", "PYTORCH_VERSION=2.7.1",
                "PYTORCH_FLAVOR=cu128", "NVIDIA_VISIBLE_DEVICES=all");
        assertThat(image.files()).extracting(ImageTarball.Entry::name).noneMatch(name -> name.contains(
                "pytorch-native")).anyMatch(name -> name.contains("pytorch-jni")).contains(
                        "opt/atelier/sbom/bom.json");
        assertThat(Chart.read("deploy/images/libtorch-cuda.Dockerfile")).as("where the base has it").contains(
                "/opt/libtorch/lib/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dispatcher", "worker"})
    void runsAsNobodyInParticular(String process) throws IOException {
        var configuration = image(process).configuration().path("config");

        assertThat(configuration.path("User").asText()).isEqualTo("10001:10001");
        assertThat(configuration.path("Entrypoint").toString()).contains("-Dai.djl.offline=true", "Main\"]");
        assertThat(configuration.path("Env").toString()).doesNotContainIgnoringCase("password", "secret", "token");
    }

    /** What changes seldom is a layer of its own, and what changes often is small and above it. */
    @ParameterizedTest
    @ValueSource(strings = {"dispatcher", "worker"})
    void theEngineIsALayerOfItsOwn(String process) throws IOException {
        var engine = image(process).layers().stream()
                .filter(layer -> layer.stream().anyMatch(file -> file.name().contains("pytorch-native"))).toList();

        if (process.equals("dispatcher")) {
            assertThat(engine).isEmpty();
        } else {
            assertThat(engine).hasSize(1);
            assertThat(engine.getFirst()).allMatch(file -> file.name().contains("pytorch-"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dispatcher", "worker"})
    void theClassPathIsThere(String process) throws IOException {
        var files = image(process).files();
        var classPath = files.stream().filter(file -> file.name().endsWith("jib-classpath-file")).findFirst()
                .orElseThrow().text();

        assertThat(files).extracting(file -> "/" + file.name()).containsAll(Arrays.stream(classPath.split(":"))
                .filter(path -> path.endsWith(".jar")).toList());
        assertThat(files).extracting(ImageTarball.Entry::name).noneMatch(name -> name.contains("junit") || name
                .contains(
                        "assertj") || name.contains("kafka_2.13") || name.contains("s3proxy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dispatcher", "worker"})
    void bringsItsBillOfMaterials(String process) throws IOException {
        assertThat(image(process).files()).filteredOn(file -> file.name().equals("opt/atelier/sbom/bom.json")).hasSize(
                1);
    }

    /** No time of the build is in it, so that the same sources give the same layers. */
    @ParameterizedTest
    @ValueSource(strings = {"dispatcher", "worker"})
    void isReproducible(String process) throws IOException {
        var image = image(process);

        // The second one is what the builder gives to files that it makes or copies itself.
        assertThat(image.files()).extracting(ImageTarball.Entry::modified).isSubsetOf(Instant.parse(image
                .configuration()
                .path("created").asText()), Instant.EPOCH.plusSeconds(1));
    }
}
