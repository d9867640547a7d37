package org.atelier.common.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grids, prompt sweeps and sheets. */
class CompositeChecksTest {
    private final RequestValidator validator = new RequestValidator();
    private BundleCard avatar;

    @BeforeEach
    void readCard() throws Exception {
        avatar = Json.read(Files.readAllBytes(Path.of("..", "models", "avatar-128", "bundle.json")), BundleCard.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"grid","base":{"type":"generate"},"axes":{"steps":[1]}                     | /request/axes/steps
            "type":"grid","base":{"type":"generate"},"axes":{"/bundle":["b"]}                 | /request/axes/~1bundle
            "type":"grid","base":{"type":"generate"},"axes":{"":[1]}                          | /request/axes/
            "type":"grid","base":{"type":"generate"},"axes":{"/a":[1,1]}                      | /request/axes/~1a
            "type":"grid","base":{"type":"grid"},"axes":{"/a":[1]}                            | /request/base/type
            "type":"grid","base":{"bundle":"b"},"axes":{"/a":[1]}                             | /request/base/bundle
            "type":"grid","base":[],"axes":{"/a":[1]}                                         | /request/base
            "type":"grid","base":{},"axes":{"/a":[1]},"columns":"/b"                          | /request/columns
            "type":"grid","base":{},"axes":{"/a":[1,2,3,4,5,6],"/b":[1,2,3,4,5,6],"/c":[1,2,3,4]} | /request/axes
            "type":"prompt-sweep","prompts":["p","p"],"sources":[{"seed":1}],"threshold":1    | /request/prompts
            "type":"prompt-sweep","prompts":["p"],"sources":[{"seed":1}],"threshold":1,"base":{"prompt":"q"} | /request/base/prompt
            "type":"sheet","columns":["a"],"rows":["b"],"cells":[{"row":1,"column":0,"picture":{"job":"one"}}] | /request/cells/0/row
            "type":"sheet","columns":["a"],"rows":["b"],"cells":[{"row":0,"column":2,"picture":{"job":"one"}}] | /request/cells/0/column
            """)
    void whatCannotWorkIsRefused(String fields, String field) {
        assertThat(validator.check(request(fields), avatar)).singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"grid","base":{"type":"optimize"},"axes":{"/a":[1,2],"":[{"b":1}]},"columns":"/a"
            "type":"prompt-sweep","prompts":["p","q"],"sources":[{"seed":1}],"threshold":0.7
            "type":"sheet","columns":["a","b"],"rows":[""],"cells":[{"row":0,"column":1,"picture":{"job":"one"}}]
            """)
    void whatCanWorkIsNot(String fields) {
        assertThat(validator.check(request(fields), avatar)).isEmpty();
    }

    @Test
    void aSweepSaysWhichLossIsLowEnoughWhereItsBundleDoesNot() {
        var sweep = request("""
                "type":"prompt-sweep","prompts":["p"],"sources":[{"seed":1}]""");
        var presets = Json.mapper().createObjectNode();
        presets.putObject("prompt-sweep").put("threshold", 0.6);
        var bare = new BundleCard("bare", "1", "t", "l", avatar.generator(), null, null, null, null, null, null, null);
        var set = new BundleCard("set", "1", "t", "l", avatar.generator(), null, null, null, null, null, null, presets);

        assertThat(validator.check(sweep, bare)).extracting(Violation::field).containsExactly("/request/threshold");
        assertThat(validator.check(sweep, set)).isEmpty();
    }

    @Test
    void aSweepHasNoMoreOptimisationsAtOnceThanItsResultCanName() {
        var sources = IntStream.range(0, 16).mapToObj(seed -> "{\"seed\":" + seed + "}").toList();

        assertThat(validator.check(request(
                """
                        "type":"prompt-sweep","threshold":1,"best":3,"prompts":["1","2","3","4","5","6","7","8","9"],"sources":"""
                        + sources), avatar)).extracting(Violation::field).containsExactly("/request/prompts",
                                "/request/lambdas");
    }

    private static JobRequest request(String fields) {
        return new SubmissionReader().read(("{\"request\":{\"bundle\":\"b\"," + fields + "}}").getBytes()).submission()
                .request();
    }
}
