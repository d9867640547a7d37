package org.atelier.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.OptionalInt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.json.Json;
import org.atelier.common.request.RequestValidator;
import org.atelier.common.request.SubmissionReader;
import org.junit.jupiter.api.Test;

class DemoPlanTest {
    private static BundleCard avatar() throws IOException {
        return Json.read(Files.readAllBytes(Path.of(System.getProperty("atelier.home"), "models/avatar-128",
                BundleCard.FILE)), BundleCard.class);
    }

    /** The bundled one under another name, with other presets. */
    private static BundleCard other(String presets) throws IOException {
        var tree = (ObjectNode) Json.tree(avatar());
        tree.put("name", "other");
        tree.remove("delta");
        tree.set("presets", json(presets));
        return Json.read(tree, BundleCard.class);
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    @Test
    void everySubmissionIsSoundAndFitsTheBundle() throws IOException {
        var bundle = avatar();
        var plan = DemoPlan.of(bundle, OptionalInt.empty());
        var reader = new SubmissionReader();

        var gallery = reader.read(plan.gallery()).submission().request();

        assertThat(gallery).isInstanceOf(GenerateRequest.class);
        assertThat(new RequestValidator().check(gallery, bundle)).isEmpty();
        var instant = reader.read(plan.instant()).submission().request();
        assertThat(instant).isInstanceOf(DeltaApplyRequest.class);
        assertThat(new RequestValidator().check(instant, bundle)).isEmpty();
        assertThat(plan.instantEdits()).hasSize(((DeltaApplyRequest) instant).edits()).startsWith(new DemoPlan.Edit(
                1, "someone wearing glasses"));
        assertThat(plan.edits()).isNotEmpty().allSatisfy(edit -> {
            var request = reader.read(plan.submission(edit)).submission().request();
            assertThat(new RequestValidator().check(request, bundle)).isEmpty();
        });
    }

    @Test
    void editsOfTheBundledModelUseItsPromptsAndItsMapper() throws IOException {
        var plan = DemoPlan.of(avatar(), OptionalInt.empty());
        var prompts = new ArrayList<String>();
        avatar().presets().at("/optimize/prompts").forEach(prompt -> prompts.add(prompt.asText()));

        assertThat(plan.edits()).extracting(DemoPlan.Edit::prompt).isSubsetOf(prompts).contains(
                "a person with round glasses", "a big smile", "a person with pink hair", "afro hair");
        var request = (OptimizeRequest) new SubmissionReader().read(plan.submission(plan.edits().getFirst()))
                .submission()
                .request();
        assertThat(request.mode()).isEqualTo(OptimizeRequest.Mode.BEST);
        assertThat(request.steps()).isEqualTo(OptimizeRequest.BEST_STEPS);
        assertThat(request.bundle()).isEqualTo("avatar-128@3");
    }

    @Test
    void facesOfTheGalleryAreThoseThatAreEdited() throws IOException {
        var plan = DemoPlan.of(avatar(), OptionalInt.empty());

        var seeds = new ArrayList<Long>();
        plan.gallery().at("/request/sources").forEach(source -> seeds.add(source.path("seed").asLong()));

        assertThat(seeds).containsExactlyElementsOf(plan.edits().stream().map(DemoPlan.Edit::seed).distinct().toList());
        assertThat(plan.gallery().at("/request/truncation/psi").asDouble()).isEqualTo(0.7);
    }

    @Test
    void stepsMayBeFewer() throws IOException {
        var plan = DemoPlan.of(avatar(), OptionalInt.of(3));

        assertThat(plan.submission(plan.edits().getFirst()).at("/request/steps").asInt()).isEqualTo(3);
    }

    @Test
    void unknownBundleIsEditedByItsOwnPrompts() throws IOException {
        var plan = DemoPlan.of(other("{'optimize':{'defaults':{'steps':7},'prompts':['a','b']}}"), OptionalInt
                .empty());

        assertThat(plan.instantEdits()).as("no mapper, no instant edits").isEmpty();
        assertThat(plan.edits()).containsExactly(new DemoPlan.Edit(1, "a"), new DemoPlan.Edit(2, "b"));
        assertThat(plan.submission(plan.edits().getFirst()).at("/request/steps").asInt()).isEqualTo(7);
    }

    @Test
    void bundleWithoutPromptsIsRefused() {
        assertThatThrownBy(() -> DemoPlan.of(other("{}"), OptionalInt.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other@3")
                .hasMessageContaining("presets.optimize.prompts");
    }
}
