package org.atelier.common.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.Noise;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Reduction;
import org.atelier.common.job.Schedule;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmissionReaderTest {
    private final SubmissionReader reader = new SubmissionReader();

    @Test
    void fillsThePublishedDefaultsOfAnOptimisation() {
        var submission = read(
                """
                        {"request": {"type": "optimize", "bundle": "avatar-128", "source": {"seed": 7}, "prompt": "a big smile"}}""");

        assertThat(submission.submission().request()).isEqualTo(new OptimizeRequest("avatar-128", new Source.Seed(7),
                "a big smile", OptimizeRequest.Goal.EDIT, LatentSpace.W_PLUS, 300, 0.1, new Schedule.Ramp(0.05, 0.25),
                1.0, 0.008,
                Reduction.SUM, 0.0, new Truncation(0.7, null), new Noise(Noise.Mode.CONST, 0L), 20,
                null, OptimizeRequest.Mode.FAITHFUL, null, OptimizeRequest.Optimizer.ADAM, null, null, false));
        assertThat(submission.submission().priority()).isZero();
        assertThat(submission.submission().labels()).isEmpty();
    }

    @Test
    void fillsTheDefaultsOfAGeneration() {
        var submission = read("""
                {"request": {"type": "generate", "bundle": "avatar-128@3", "sources": [{"seed": 0}]}}""");

        assertThat(submission.submission().request()).isEqualTo(
                new GenerateRequest("avatar-128@3", List.of(new Source.Seed(0)), new Truncation(1.0, null),
                        new Noise(Noise.Mode.CONST, 0L), null, null, null));
    }

    @Test
    void theDefaultsOfTheSchemaAreThoseOfTheRecords() {
        var schema = Json.read(resource(), JsonNode.class);
        var request = Json.tree(read("""
                {"request": {"type": "optimize", "bundle": "b", "source": {"seed": 7}, "prompt": "p"}}""").submission()
                .request());

        var properties = schema.at("/$defs/OptimizeRequest/properties");
        assertThat(properties.properties()).filteredOn(property -> property.getValue().has("default"))
                .isNotEmpty()
                .allSatisfy(property -> assertThat(request.get(property.getKey()).asText())
                        .isIn(property.getValue().get("default").asText(), property.getValue().get("default").asText()
                                + ".0"));
    }

    @Test
    void aRequestDependsOnTheJobsThatItReads() {
        var submission = read("""
                {"request": {"type": "generate", "bundle": "b", "sources": [{"job": "one-edit"}, {"seed": 1},
                 {"job": "another", "artifact": "latent-3.safetensors"}, {"job": "one-edit"}],
                 "mixing": {"with": {"job": "third"}, "row": 4}}, "depends_on": ["another", "named"]}""").submission();

        assertThat(submission.dependencies()).containsExactly(new JobId("another"), new JobId("named"), new JobId(
                "one-edit"), new JobId("third"));
        assertThat(((GenerateRequest) submission.request()).sources()).first().isEqualTo(new Source.Result(new JobId(
                "one-edit"), null));
    }

    @Test
    void readsWhatItWrites() {
        var submission = read("""
                {"request": {"type": "optimize", "bundle": "b", "source": {"latent": "sha256:%s"}, "prompt": "p",
                 "schedule": {"kind": "step", "every": 50, "factor": 0.5}, "l2_reduction": "mean"},
                 "priority": 3, "labels": {"order": "17"}}""".formatted("ab".repeat(32))).submission();

        assertThat(read(Json.text(submission)).submission()).isEqualTo(submission);
    }

    @Test
    void spacingAndOrderDoNotMakeAnotherSubmission() {
        var one = read(
                """
                        {"request": {"type": "optimize", "bundle": "b", "prompt": "p", "source": {"seed": 7}}, "priority": 1}""");
        var same = read("""
                {"priority":1,"request":{"prompt":"p","source":{"seed":7},"bundle":"b","type":"optimize"}}""");
        var other = read("""
                {"priority":1,"request":{"prompt":"p","source":{"seed":8},"bundle":"b","type":"optimize"}}""");

        assertThat(same.fingerprint()).isEqualTo(one.fingerprint()).isNotEqualTo(other.fingerprint());
    }

    /** Each row: a request (without its common fields), the field that is wrong, a part of what is said about it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"paint"                                 | /request/type          | it must be one of generate, optimize
            "type":7                                       | /request/type          | it must be one of generate, optimize
            "steps":10                                     | /request/type          | is missing
            "type":"optimize","steps":0                    | /request/steps         | is 0; it must be at least 1
            "type":"optimize","steps":1000000              | /request/steps         | it must be at most 100000
            "type":"optimize","steps":1.5                  | /request/steps         | it must be of type integer
            "type":"optimize","steps":"ten"                | /request/steps         | is "ten"; it must be of type integer
            "type":"optimize","steps":null                 | /request/steps         | it must be of type integer
            "type":"optimize","stepz":10                   | /request/stepz         | is not known here
            "type":"optimize","prompt":"  "                | /request/prompt        | it must match
            "type":"optimize","prompt":""                  | /request/prompt        | it must match
            "type":"optimize","bundle":"../etc"            | /request/bundle        | it must match
            "type":"optimize","space":"q"                  | /request/space         | it must be one of z, w, w+, s
            "type":"optimize","l2_reduction":"median"      | /request/l2_reduction  | it must be one of sum, mean, norm
            "type":"optimize","learning_rate":0            | /request/learning_rate | it must be more than 0
            "type":"optimize","schedule":{"kind":"cosine"} | /request/schedule/kind | it must be one of ramp, step, constant
            "type":"optimize","schedule":{"kind":"step","factor":1} | /request/schedule/every | is missing
            "type":"optimize","schedule":{"kind":"step","every":5,"factor":2} | /request/schedule/factor | it must be at most 1
            "type":"optimize","source":{}                  | /request/source        | must have one of the fields seed, latent
            "type":"optimize","source":{"seed":-1}         | /request/source/seed   | it must be at least 0
            "type":"optimize","source":{"seed":4294967296} | /request/source/seed   | it must be at most 4294967295
            "type":"optimize","source":{"seed":1,"x":2}    | /request/source/x      | is not known here
            "type":"optimize","source":{"latent":"sha1:0"} | /request/source/latent | it must match
            "type":"optimize","truncation":{"psi":3}       | /request/truncation/psi | it must be at most 2
            "type":"optimize","noise":{"mode":"loud"}      | /request/noise/mode    | it must be one of const, random, none
            "type":"generate","sources":[]                 | /request/sources       | is too short
            "type":"generate","sources":[{"seed":"x"}]     | /request/sources/0/seed | it must be of type integer
            "type":"generate","mixing":{"row":1}           | /request/mixing/with   | is missing
            """)
    void namesTheFieldAndWhatIsAllowed(String fields, String field, String message) {
        var given = new StringBuilder(fields.strip());
        if (!fields.contains("\"bundle\"")) {
            given.append(",\"bundle\":\"b\"");
        }
        if (fields.contains("optimize") && !fields.contains("\"prompt\"")) {
            given.append(",\"prompt\":\"p\"");
        }
        if (fields.contains("generate") && !fields.contains("\"sources\"")) {
            given.append(",\"sources\":[{\"seed\":1}]");
        }

        assertThat(refused("{\"request\":{" + given + "}}").violations()).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field);
            assertThat(violation.message()).contains(message);
        });
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        var refusal = refused(
                """
                        {"request": {"type": "optimize", "bundle": "b", "prompt": "p", "steps": 0, "l2_lambda": -1}, "priority": 99}""");

        assertThat(refusal.violations()).extracting(Violation::field)
                .containsExactlyInAnyOrder("/request/steps", "/request/l2_lambda", "/priority");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                    | line 1
            ``                   | must be of type object
            []                   | must be of type object
            {"a":1,"a":2}        | Duplicate
            {"request":NaN}      | line 1
            {} {}                | line 1
            """)
    void whatIsNoJsonObjectIsSaidToBeNone(String body, String message) {
        assertThat(refused(body).violations()).singleElement()
                .satisfies(violation -> assertThat(violation.message()).contains(message));
    }

    @Test
    void nestingHasAnEnd() {
        assertThat(refused("[".repeat(5_000)).violations()).singleElement()
                .satisfies(violation -> assertThat(violation.message()).startsWith("is no JSON"));
    }

    private ReadSubmission read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private InvalidSubmissionException refused(String json) {
        return catchThrowableOfType(InvalidSubmissionException.class, () -> read(json));
    }

    private static byte[] resource() {
        try (var in = SubmissionReader.class.getResourceAsStream(
                "/org/atelier/common/schema/job-submission.schema.json")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
