package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images as tarballs; {@code mvn -Pimages -Datelier.image.base=scratch verify} makes and inspects them without a network. */
class ImagesTest {
    private static ImageTarball image(String process) throws IOException {
        var file = Chart.HOME.resolve(process + "/target/jib-image.tar");
        assumeTrue(Files.exists(file), "no " + file
                + ": it is built by mvn -Pimages -Datelier.image.base=scratch package");
        return ImageTarball.read(file);
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
