package org.atelier.common.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestValidatorTest {
    private final RequestValidator validator = new RequestValidator();
    private BundleCard avatar;

    @BeforeEach
    void readCard() throws Exception {
        avatar = Json.read(Files.readAllBytes(Path.of("..", "models", "avatar-128", "bundle.json")), BundleCard.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"optimize","prompt":"p"                                                    | /request/source
            "type":"optimize","prompt":"p","source":{"seed":1},"truncation":{"cutoff":13}     | /request/truncation/cutoff
            "type":"optimize","prompt":"p","source":{"seed":1},"gates":{}                     | /request/gates
            "type":"optimize","prompt":"p","goal":"free_generation","mode":"best","gates":{"mapper":{"job":"job-1"}} | /request/mode
            "type":"generate","sources":[{"seed":1}],"truncation":{"cutoff":13}               | /request/truncation/cutoff
            "type":"generate","sources":[{"seed":1}],"mixing":{"row":13,"with":{"seed":2}}    | /request/mixing/row
            "type":"invert","source":IMAGE                                                    | /request/source/landmarks
            "type":"invert","source":{"image":"DIGEST","aligned":true,"landmarks":[LANDMARKS]} | /request/source/landmarks
            "type":"invert","source":{"image":"DIGEST","landmarks":[LANDMARKS],"placement":"photo"} | /request/source/placement
            "type":"invert","source":{"image":"DIGEST","aligned":true,"placement":"aligned"}  | /request/source/placement
            "type":"invert","source":{"image":"DIGEST","landmarks":[[1,2],[1,2],[1,2],[1,2],[1,2],[1,2]]} | /request/source/landmarks
            "type":"invert","source":ALIGNED,"method":"pti","tuned":{"job":"job-1"}           | /request/tuned
            "type":"generate","sources":[{"seed":1},IMAGE]                                    | /request/sources/1/landmarks
            "type":"optimize","prompt":"p","source":{"image":"DIGEST","aligned":false}        | /request/source/landmarks
            "type":"mapper-train","prompt":"p","steps":5,"epochs":5                           | /request/epochs
            "type":"mapper-train","prompt":"p","kind":"single","freeze":["fine"]              | /request/freeze
            "type":"mapper-train","prompt":"p","clip_lambda":0                                | /request/clip_lambda
            "type":"mapper-train","prompt":"p","validation":{"count":2},"latents":{"kind":"given","sources":[{"seed":1}]} | /request/validation/count
            "type":"mapper-train","prompt":"p","validation":{"count":0},"plateau":{"watch":"validation"} | /request/plateau/watch
            "type":"mapper-train","prompt":"p","latents":{"kind":"sampled","truncation":{"cutoff":13}} | /request/latents/truncation/cutoff
            "type":"mapper-apply","mapper":{"job":"job-1"},"sources":[{"seed":1}],"truncation":{"cutoff":13} | /request/truncation/cutoff
            "type":"mapper-apply","mapper":{"job":"job-1"},"sources":[SOURCES],"strengths":[0,1] | /request/strengths
            "type":"delta-apply","sources":[{"seed":1}],"prompts":["p"],"mapper":{"job":"job-1"},"truncation":{"cutoff":13} | /request/truncation/cutoff
            "type":"delta-apply","sources":[SOURCES],"prompts":["p"],"mapper":{"job":"job-1"},"strengths":[0,1] | /request/prompts
            """)
    void whatTheBundleCannotDoIsRefused(String fields, String field) {
        assertThat(validator.check(request(fields), avatar)).singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"optimize","prompt":"p","source":{"seed":1},"id_lambda":0.1,"truncation":{"cutoff":12}
            "type":"optimize","prompt":"p","goal":"free_generation"
            "type":"optimize","prompt":"p","source":{"seed":1},"mode":"best","gates":{"mapper":{"job":"job-1"}}
            "type":"optimize","prompt":"p","source":ALIGNED
            "type":"invert","source":ALIGNED,"method":"pti"
            "type":"invert","source":{"image":"DIGEST","landmarks":[LANDMARKS]},"method":"encoder+projector"
            "type":"invert","source":{"image":"DIGEST","landmarks":[LANDMARKS],"placement":"aligned"}
            "type":"invert","source":{"image":"DIGEST","landmarks":[[10,20],[30,20],[20,30],[12,40],[28,40]]}
            "type":"generate","sources":[{"seed":1}],"mixing":{"row":12,"with":{"seed":2}}
            "type":"mapper-train","prompt":"p"
            "type":"mapper-train","prompt":"p","clip_lambda":0,"directional_lambda":1,"freeze":["coarse","medium"],"epochs":5
            "type":"mapper-apply","mapper":{"job":"job-1"},"sources":[{"seed":1},{"seed":2}],"strengths":[-1,0.5,1]
            "type":"delta-train"
            "type":"delta-apply","sources":[{"seed":1}],"prompts":["p","q"],"mapper":{"job":"job-1"},"strengths":[-1,0.5,1]
            """)
    void whatItCanDoIsNot(String fields) {
        assertThat(validator.check(request(fields), avatar)).isEmpty();
    }

    @Test
    void aTextEditNeedsAClipAndIdentityANetworkForIt() {
        var bare = new BundleCard("bare", "1", "t", "l", avatar.generator(), null, Map.of(), null, null, null, null,
                null,
                null, null);

        assertThat(validator.check(request("""
                "type":"optimize","prompt":"p","source":{"seed":1},"id_lambda":0.1"""), bare))
                .extracting(Violation::field).containsExactly("/request/bundle", "/request/id_lambda");
    }

    @Test
    void aDeltaMapperNeedsAClipAndToBeThere() {
        var bare = new BundleCard("bare", "1", "t", "l", avatar.generator(), null, Map.of(), null, null, null, null,
                null,
                null, null);

        assertThat(validator.check(request("\"type\":\"delta-train\""), bare)).extracting(Violation::field)
                .containsExactly("/request/bundle");
        assertThat(validator.check(request("\"type\":\"delta-apply\",\"sources\":[{\"seed\":1}],\"prompts\":[\"p\"]"),
                bare)).extracting(Violation::field).containsExactly("/request/bundle", "/request/mapper");
    }

    @Test
    void aMapperMovesOnlyRowsThatThereAre() {
        var small = Json.tree(avatar);
        ((ObjectNode) small.at("/generator/config")).put("num_ws", 8);

        assertThat(validator.check(request("""
                "type":"mapper-train","prompt":"p","freeze":["coarse","medium"]"""), Json.read(Json.bytes(small),
                BundleCard.class))).extracting(Violation::field).containsExactly("/request/freeze");
    }

    @Test
    void thePresetOfAMapperIsARequestThatTheBundleCanDo() {
        var request = ((ObjectNode) avatar.presets().at("/mapper-train/defaults")).deepCopy();
        request.put("type", "mapper-train").put("bundle", avatar.reference()).put("prompt", avatar.presets().at(
                "/mapper-train/prompts/0").asText());
        var body = Json.bytes(Map.of("request", request));

        assertThat(validator.check(new SubmissionReader().read(body).submission().request(), avatar)).isEmpty();
    }

    @Test
    void trainingAMapperNeedsAClipAndIdentityANetworkForIt() {
        var bare = new BundleCard("bare", "1", "t", "l", avatar.generator(), null, Map.of(), null, null, null, null,
                null,
                null, null);

        assertThat(validator.check(request("""
                "type":"mapper-train","prompt":"p\""""), bare))
                .extracting(Violation::field).containsExactly("/request/bundle", "/request/id_lambda");
    }

    @Test
    void anImageNeedsAnEncoderAndAnInversionSomethingToInvertBy() {
        var tree = (ObjectNode) Json.tree(avatar);
        tree.remove("encoder");
        var without = Json.read(Json.bytes(tree), BundleCard.class);
        assertThat(validator.check(request("\"type\":\"optimize\",\"prompt\":\"p\",\"source\":ALIGNED"), without))
                .singleElement().satisfies(violation -> assertThat(violation.toString()).contains("/request/source",
                        "type invert"));
        assertThat(validator.check(request("\"type\":\"invert\",\"source\":ALIGNED,\"method\":\"encoder\""), without))
                .singleElement().satisfies(violation -> assertThat(violation.field()).isEqualTo("/request/method"));
        assertThat(validator.check(request("\"type\":\"invert\",\"source\":ALIGNED"), without)).isEmpty();
        tree.remove("perceptual");
        assertThat(validator.check(request("\"type\":\"invert\",\"source\":ALIGNED"), Json.read(Json.bytes(tree),
                BundleCard.class))).singleElement().satisfies(violation -> assertThat(violation.field()).isEqualTo(
                        "/request/method"));
    }

    @Test
    void aBundleMayFindTheFaceOfAnImageItself() {
        var tree = (ObjectNode) Json.tree(avatar);
        tree.set("landmarks", Json.tree(new NetworkCard("mtcnn", "landmarks.safetensors", "0".repeat(64), Json.tree(Map
                .of()), null, null, null)));
        var finds = Json.read(Json.bytes(tree), BundleCard.class);

        assertThat(finds.files()).containsKey("landmarks.safetensors");
        assertThat(validator.check(request("\"type\":\"invert\",\"source\":IMAGE"), finds)).isEmpty();
        assertThat(validator.check(request("\"type\":\"optimize\",\"prompt\":\"p\",\"source\":{\"image\":\"DIGEST\","
                + "\"aligned\":false,\"placement\":\"aligned\"}"), finds)).isEmpty();
        assertThat(validator.check(request(
                "\"type\":\"invert\",\"source\":{\"image\":\"DIGEST\",\"placement\":\"photo\"}"),
                finds)).extracting(Violation::field).containsExactly("/request/source/placement");
        assertThat(validator.check(request("\"type\":\"invert\",\"source\":IMAGE"), avatar)).singleElement().satisfies(
                violation -> assertThat(violation.toString()).contains("avatar-128 has no network that finds faces",
                        "aligned: true"));
    }

    private static JobRequest request(String fields) {
        var body = "{\"request\":{\"bundle\":\"b\"," + fields.replace("SOURCES", String.join(",", Collections.nCopies(
                65,
                "{\"seed\":1}")))
                .replace("ALIGNED", "{\"image\":\"DIGEST\",\"aligned\":true}")
                .replace("IMAGE", "{\"image\":\"DIGEST\"}")
                .replace("DIGEST", "sha256:" + "ab".repeat(32))
                .replace("LANDMARKS", String.join(",", Collections.nCopies(68, "[10.5,20]"))) + "}}";
        return new SubmissionReader().read(body.getBytes()).submission()
                .request();
    }
}
