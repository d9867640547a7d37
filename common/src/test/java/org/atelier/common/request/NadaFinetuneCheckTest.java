package org.atelier.common.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NadaFinetuneCheckTest {
    private static List<Violation> check(String fields, BundleCard bundle) {
        var body = "{\"request\":{\"type\":\"nada-finetune\",\"bundle\":\"b\"," + fields + "}}";
        JobRequest request = new SubmissionReader().read(body.getBytes()).submission().request();
        return new RequestValidator().check(request, bundle);
    }

    private static BundleCard avatar() throws IOException {
        return Json.read(Files.readAllBytes(Path.of("..", "models", "avatar-128", "bundle.json")), BundleCard.class);
    }

    private static BundleCard with(String architecture) throws IOException {
        var card = Json.tree(avatar());
        ((ObjectNode) card.at("/generator")).put("architecture", architecture);
        return Json.read(Json.bytes(card), BundleCard.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "source":"photo"                                                             | /request/target
            "target_images":[{"job":"job-1"}],"selection":{}                                 | /request/target
            "target_images":[{"job":"job-1"}],"lambda_global":1                              | /request/target
            "target":"t","form":"multipliers","selection":{}                             | /request/selection
            "target":"t","selection":{"layers":13}                                       | /request/selection/layers
            "target":"t","freeze":"paper","phase":"all"                                  | /request/freeze
            "target":"t","lambda_direction":0,"lambda_texture":1                         | /request/lambda_direction
            "target":"t","noise":"const","guard":0                                       | /request/guard
            "target":"t","noise":"source"                                                | /request/noise
            "target":"t","clips":{"clip":1,"vit-b16":1}                                  | /request/clips/vit-b16
            """)
    void whatCannotBeTrainedIsRefused(String fields, String field) throws IOException {
        assertThat(check(fields, avatar())).singleElement().satisfies(violation -> assertThat(violation.field())
                .isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "target":"t"
            "target":"t","noise":"const"
            "target":"t","selection":{"layers":12,"mapping":"corrected"},"export":["rosinality","safetensors"]
            "target_images":[{"job":"job-1"}]
            "target":"t","lambda_direction":0,"lambda_global":1,"noise":"none","guard":0
            "target":"t","clips":{"clip":0.5}
            """)
    void whatCanBeTrainedIsNot(String fields) throws IOException {
        assertThat(check(fields, avatar())).isEmpty();
    }

    @Test
    void aStyleGan3HasNoPhasesOfConvolutionsAndNoRosinalityForm() throws IOException {
        assertThat(check("\"target\":\"t\",\"phase\":\"texture\",\"export\":[\"rosinality\"]", with("stylegan3")))
                .extracting(Violation::field).containsExactly("/request/phase", "/request/export");
        assertThat(check("\"target\":\"t\",\"phase\":\"all\"", with("stylegan3"))).isEmpty();
    }

    @Test
    void itNeedsAClipAndAGeneratorThatCanBeTuned() throws IOException {
        var bare = (ObjectNode) Json.tree(avatar());
        bare.remove("clip");
        assertThat(check("\"target\":\"t\"", Json.read(Json.bytes(bare), BundleCard.class))).extracting(
                Violation::field).containsExactly("/request/bundle");
        assertThat(check("\"target\":\"t\"", with("stylegan1"))).extracting(Violation::message).singleElement()
                .asString().contains("stylegan1");
    }
}
