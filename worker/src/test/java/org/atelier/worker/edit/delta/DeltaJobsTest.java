package org.atelier.worker.edit.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.common.job.Source;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Product;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Delta mappers on the bundle that comes with the project. */
class DeltaJobsTest {
    private static final JobId TRAINING = new JobId("train-1");
    private static final int SAMPLES = 48;
    private static final int DRAWING_STEPS = SAMPLES / DeltaTraining.PICTURES;
    private static final DeltaTrainRequest SMALL = new DeltaTrainRequest("avatar-128", SAMPLES, 5L, List.of(32), null,
            12, 16, null, null, null);

    private static BundleNetworks networks;
    private static byte[] undisturbed;

    @BeforeAll
    static void train() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
        try (var training = new DeltaTraining(SMALL, networks, new FakeInputs())) {
            undisturbed = file(finish(training), DeltaMapperFile.NAME);
        }
    }

    @AfterAll
    static void close() {
        networks.close();
    }

    private static List<Product> finish(Edit edit) {
        while (!edit.isDone()) {
            edit.step();
        }
        return edit.finish();
    }

    private static byte[] file(List<Product> products, String name) {
        return products.stream().filter(product -> product.name().equals(name)).findFirst().orElseThrow().bytes();
    }

    @Test
    void trainingLearns() {
        var request = new DeltaTrainRequest("avatar-128", SAMPLES, 5L, List.of(64), null, 60, 64, 3e-3, null, null);
        try (var training = new DeltaTraining(request, networks, new FakeInputs())) {
            double first = 0;
            double last = 0;
            while (!training.isDone()) {
                var loss = training.step().losses().get("loss");
                if (loss != null) {
                    first = first == 0 ? loss : first;
                    last = loss;
                }
            }
            assertThat(training.stepsDone()).isEqualTo(DRAWING_STEPS + 60);
            assertThat(last).isLessThan(0.5 * first);
        }
    }

    private static FakeInputs inputs(byte[] mapper) {
        return new FakeInputs().with(TRAINING, DeltaMapperFile.NAME, mapper);
    }

    private static DeltaApplyRequest apply(List<Double> strengths) {
        return new DeltaApplyRequest("avatar-128", new Input.Result(TRAINING, null), null, List.of(new Source.Seed(7),
                new Source.Seed(85)), List.of("a big smile", "a person with round glasses"), strengths, null, null);
    }

    @Test
    void strengthZeroIsTheSourceItselfAndEachEditHasPictureAndLatent() {
        try (var application = new DeltaApplication(apply(List.of(0.0, 1.0)), networks, inputs(undisturbed))) {
            var products = finish(application);

            assertThat(products).extracting(Product::name).containsExactly("sheet.png", "edits.json");
            assertThat(application.table()).hasSize(8)
                    .extracting(DeltaApplication.Entry::name)
                    .startsWith("0-0-0", "0-0-1", "0-1-0", "0-1-1", "1-0-0");
            assertThat(application.table()).filteredOn(made -> made.strength() == 0).hasSize(4)
                    .allSatisfy(made -> assertThat(made.cosine()).isCloseTo(made.cosineBefore(), within(1e-5)));
            assertThat(application.table()).filteredOn(made -> made.strength() == 1)
                    .noneSatisfy(made -> assertThat(made.cosine()).isCloseTo(made.cosineBefore(), within(1e-5)));
        }
    }

    @Test
    void aStepMakesThePicturesAndLatentsOfASource() {
        try (var application = new DeltaApplication(apply(null), networks, inputs(undisturbed))) {
            var products = application.step().products();

            assertThat(products).extracting(Product::name).containsExactly("before-0.png", "picture-0-0-0.png",
                    "latent-0-0-0.safetensors", "picture-0-1-0.png", "latent-0-1-0.safetensors");
            try (var latent = SafetensorsFile.of("latent", products.getLast().bytes())) {
                assertThat(latent.shape("w+").getShape()).containsExactly(1, 12, 256);
            }
            assertThat(application.table()).extracting(DeltaApplication.Entry::strength).allMatch(
                    DeltaApplyRequest.ADAPTIVE::contains);
        }
    }

    @Test
    void aMapperForOtherNetworksIsRefused() {
        try (var file = SafetensorsFile.of("mapper", undisturbed); NDManager manager = TestEngine.get().newManager()) {
            var tensors = new TreeMap<String, NDArray>();
            file.names().forEach(name -> tensors.put(name, file.read(name, manager)));
            var metadata = new TreeMap<>(file.metadata());
            metadata.put("clip_sha256", "0".repeat(64));
            var foreign = SafetensorsWriter.bytes(tensors, metadata);

            assertThatThrownBy(() -> new DeltaApplication(apply(null), networks, inputs(foreign))).isInstanceOf(
                    JobException.class).hasMessageContaining("trained with another CLIP");
            assertThatThrownBy(() -> new DeltaApplication(apply(null), networks, inputs("no mapper".getBytes(
                    StandardCharsets.UTF_8)))).isInstanceOf(JobException.class).hasMessageContaining(
                            "no delta mapper");
            var torn = new TreeMap<>(tensors);
            torn.remove("layers.0.bias");
            assertThatThrownBy(() -> new DeltaApplication(apply(null), networks, inputs(SafetensorsWriter.bytes(torn,
                    file.metadata())))).isInstanceOf(JobException.class).hasMessageContaining("layers.0.bias");
        }
    }

    @Test
    void theFirstStrengthThatIsNearlyTheBestIsEnough() {
        assertThat(DeltaApplication.enough(0.1, new double[]{0.1, 0.2, 0.295, 0.3, 0.29})).isEqualTo(2);
        assertThat(DeltaApplication.enough(0.5, new double[]{0.4, 0.3})).as("nothing helps").isZero();
    }
}
