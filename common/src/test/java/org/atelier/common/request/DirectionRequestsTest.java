package org.atelier.common.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.BoundaryApplyRequest;
import org.atelier.common.job.BoundaryApplyRequest.Distance;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.BoundaryTrainRequest.Chosen;
import org.atelier.common.job.BoundaryTrainRequest.Labels;
import org.atelier.common.job.BoundaryTrainRequest.Split;
import org.atelier.common.job.DirectionApplyRequest;
import org.atelier.common.job.DirectionApplyRequest.Prompt;
import org.atelier.common.job.DirectionApplyRequest.Selection;
import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.job.DirectionTrainRequest.Channels;
import org.atelier.common.job.DirectionTrainRequest.Measurement;
import org.atelier.common.job.DirectionTrainRequest.Statistics;
import org.atelier.common.job.DirectionTrainRequest.TruncatedRows;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.Noise;
import org.atelier.common.job.Source;
import org.atelier.common.job.Templates;
import org.atelier.common.job.Truncation;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of global directions and of boundaries. */
class DirectionRequestsTest {
    private static final Digest DIGEST = new Digest("ab".repeat(32));
    private static final Input BLOB = new Input.Blob(DIGEST);
    private static final String BLOB_JSON = "{\"blob\":\"sha256:" + "ab".repeat(32) + "\"}";

    private BundleCard avatar;

    @BeforeEach
    void readCard() throws IOException {
        avatar = Json.read(Files.readAllBytes(Path.of("..", "models", "avatar-128", "bundle.json")), BundleCard.class);
    }

    private static JobRequest request(String fields) {
        return new SubmissionReader().read(("{\"request\":{\"bundle\":\"b\"," + fields + "}}").getBytes(
                StandardCharsets.UTF_8)).submission().request();
    }

    @Test
    void fillThePublishedDefaults() {
        assertThat(request("\"type\":\"direction-train\"")).isEqualTo(new DirectionTrainRequest("b", null,
                new Statistics(100_000, 5L, new Truncation(0.7, 8), TruncatedRows.EACH), 100, 5.0, Measurement.ISOLATED,
                null, List.of(), 8)).isEqualTo(DirectionTrainRequest.of("b"));
        assertThat(request("\"type\":\"direction-apply\",\"table\":" + BLOB_JSON
                + ",\"sources\":[{\"seed\":1}],\"prompts\":[{\"target\":\"face with glasses\"}]")).isEqualTo(
                        new DirectionApplyRequest("b", null, BLOB, List.of(new Source.Seed(1)), List.of(new Prompt(
                                "face",
                                "face with glasses", null)), List.of(4.1), new Selection.Budget(20), Templates.IMAGENET,
                                new Truncation(0.7, null), Noise.CONST, true));
        assertThat(request("\"type\":\"boundary-train\",\"labels\":{\"positive\":\"a smile\",\"negative\":\"a face\"}"))
                .isEqualTo(new BoundaryTrainRequest("b", null, new Labels.Prompts("a smile", "a face"), 10_000, 0L,
                        new Chosen.Ratio(0.02), 0.7, Split.SHUFFLED, 1.0, List.of(), 8));
        assertThat(request("\"type\":\"boundary-apply\",\"boundary\":" + BLOB_JSON + ",\"sources\":[{\"seed\":1}]"))
                .isEqualTo(new BoundaryApplyRequest("b", null, BLOB, List.of(), List.of(new Source.Seed(1)), -3.0, 3.0,
                        10, null, null, new Truncation(1.0, null), Noise.CONST, true));
    }

    @Test
    void mapEveryField() {
        assertThat(request(
                """
                        "type":"direction-train","tuned":{"job":"job-t"},"statistics":{"samples":500,"seed":7,"truncation":{"psi":0.5},
                        "rows":"first"},"images":4,"strength":10,"measurement":"published","channels":{"from":3,"to":9},"merge":[],
                        "batch":2"""))
                .isEqualTo(new DirectionTrainRequest("b", new Input.Result(new JobId("job-t"), null),
                        new Statistics(500, 7L, new Truncation(0.5, null), TruncatedRows.FIRST), 4, 10.0,
                        Measurement.PUBLISHED,
                        new Channels.Range(3, 9), List.of(), 2));
        assertThat(request(
                """
                        "type":"direction-apply","tuned":{"job":"job-t"},"table":{"job":"job-d"},"sources":[{"job":"job-l"}],"prompts":[
                        {"neutral":"a person","target":"a smile","selection":{"beta":0.2}}],"strengths":[-2,0,2.5],
                        "selection":{"channels":7},"templates":"none","truncation":{"psi":1},"noise":{"mode":"none"},"files":false
                        """))
                .isEqualTo(new DirectionApplyRequest("b", new Input.Result(new JobId("job-t"), null), new Input.Result(
                        new JobId("job-d"), null), List.of(new Source.Result(new JobId("job-l"), null)), List.of(
                                new Prompt(
                                        "a person",
                                        "a smile", new Selection.Beta(0.2))), List.of(-2.0, 0.0, 2.5),
                        new Selection.Budget(7),
                        Templates.NONE, Truncation.NONE, new Noise(Noise.Mode.NONE, 0L), false));
        assertThat(request("""
                "type":"boundary-train","labels":{"scores":[1,2,3,4]},"samples":4,"seed":3,"chosen":{"count":2},
                "train_share":0.5,"split":"sorted","c":10,"conditions":[{"job":"job-c"}],"batch":2""")).isEqualTo(
                new BoundaryTrainRequest("b", null, new Labels.Scores(List.of(1.0, 2.0, 3.0, 4.0)), 4, 3L,
                        new Chosen.Count(2), 0.5, Split.SORTED, 10.0, List.of(new Input.Result(new JobId("job-c"),
                                null)),
                        2));
        assertThat(request(
                """
                        "type":"boundary-apply","boundary":{"job":"job-x"},"conditions":[{"job":"job-c"}],"sources":[{"seed":2}],"start":0,
                        "end":5,"steps":3,"distance":"source","rows":{"from":2,"to":4},"files":false"""))
                .isEqualTo(
                        new BoundaryApplyRequest("b", null, new Input.Result(new JobId("job-x"), null), List.of(
                                new Input.Result(
                                        new JobId("job-c"), null)), List.of(new Source.Seed(2)), 0.0, 5.0, 3,
                                Distance.SOURCE,
                                new BoundaryApplyRequest.Rows(2, 4), Truncation.NONE, Noise.CONST, false));
    }

    @Test
    void waitForWhatTheyRead() {
        assertThat(request("""
                "type":"direction-train","merge":[{"job":"job-one"},{"job":"job-two"}],"tuned":{"job":"job-t"},
                "given":{"job":"job-g"}""")
                .parents())
                .containsExactlyInAnyOrder(new JobId("job-one"), new JobId("job-two"), new JobId("job-t"),
                        new JobId("job-g"));
        assertThat(request(
                """
                        "type":"direction-apply","table":{"job":"job-d"},"sources":[{"job":"job-l"}],"prompts":[{"target":"x"}]""")
                .parents()).containsExactlyInAnyOrder(new JobId("job-d"), new JobId("job-l"));
        assertThat(request("""
                "type":"boundary-train","labels":{"file":{"job":"job-f"}},"conditions":[{"job":"job-c"}]""").parents())
                .containsExactlyInAnyOrder(new JobId("job-f"), new JobId("job-c"));
        assertThat(request("""
                "type":"boundary-apply","boundary":{"job":"job-x"},"sources":[{"job":"job-l"}]""").parents())
                .containsExactlyInAnyOrder(new JobId("job-x"), new JobId("job-l"));
    }

    /** Each row: a request, and the field that the bundle or the rest of the request does not allow. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"direction-train","statistics":{"truncation":{"cutoff":13}}  | /request/statistics/truncation/cutoff
            "type":"direction-train","statistics":{"samples":50}                | /request/images
            "type":"direction-train","channels":{"from":9,"to":9}               | /request/channels/to
            "type":"direction-train","channels":{"part":4,"of":4}               | /request/channels/part
            "type":"direction-train","channels":{"part":0,"of":4},"merge":[{"job":"job-a"}] | /request/channels
            "type":"direction-train","given":{"job":"job-g"},"shards":4         | /request/given
            "type":"direction-train","given":{"job":"job-g"},"merge":[{"job":"job-a"}] | /request/given
            "type":"direction-apply","table":{"job":"job-d"},"sources":[{"seed":1},{"seed":2},{"seed":3},{"seed":4},{"seed":5}],"prompts":[{"target":"x"}],"strengths":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26] | /request/sources
            "type":"direction-apply","table":{"job":"job-d"},"sources":[{"seed":1}],"prompts":[{"target":"x"}],"truncation":{"cutoff":13} | /request/truncation/cutoff
            "type":"boundary-train","labels":{"scores":[1,2,3,4]}               | /request/labels/scores
            "type":"boundary-train","labels":{"positive":"a","negative":"b"},"samples":50 | /request/chosen/ratio
            "type":"boundary-apply","boundary":{"job":"job-x"},"sources":[{"seed":1}],"rows":{"from":3,"to":13} | /request/rows
            "type":"boundary-apply","boundary":{"job":"job-x"},"sources":[{"seed":1},{"seed":2},{"seed":3}],"steps":64 | /request/sources
            """)
    void thatCannotWorkAreRefusedAtOnce(String fields, String field) {
        assertThat(new RequestValidator().check(request(fields), avatar)).singleElement().satisfies(
                violation -> assertThat(violation.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"direction-train"
            "type":"direction-apply","table":{"job":"job-d"},"sources":[{"seed":1}],"prompts":[{"target":"x"}]
            "type":"boundary-train","labels":{"positive":"a","negative":"b"}
            """)
    void thatNeedAClipSaySo(String fields) {
        var bare = new BundleCard("bare", "1", "t", "l", avatar.generator(), null, Map.of(), null, null, null, null,
                null,
                null, null);

        assertThat(new RequestValidator().check(request(fields), bare)).extracting(Violation::field).containsExactly(
                "/request/bundle");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"direction-train","channels":{}                   | /request/channels
            "type":"direction-train","strength":0                    | /request/strength
            "type":"direction-apply","sources":[{"seed":1}],"prompts":[{"target":"x"}] | /request/table
            "type":"boundary-train"                                  | /request/labels
            "type":"boundary-train","labels":{"positive":"a"}        | /request/labels/negative
            """)
    void nameTheFieldThatIsWrong(String fields, String field) {
        assertThat(catchThrowableOfType(InvalidSubmissionException.class, () -> request(fields)).violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo(field));
    }
}
