package org.atelier.common.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.atelier.common.bundle.BundleCard;
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
            "type":"generate","sources":[{"seed":1}],"truncation":{"cutoff":13}               | /request/truncation/cutoff
            "type":"generate","sources":[{"seed":1}],"mixing":{"row":13,"with":{"seed":2}}    | /request/mixing/row
            """)
    void whatTheBundleCannotDoIsRefused(String fields, String field) {
        assertThat(validator.check(request(fields), avatar)).singleElement()
                .satisfies(violation -> assertThat(violation.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"optimize","prompt":"p","source":{"seed":1},"id_lambda":0.1,"truncation":{"cutoff":12}
            "type":"optimize","prompt":"p","mode":"free_generation"
            "type":"generate","sources":[{"seed":1}],"mixing":{"row":12,"with":{"seed":2}}
            """)
    void whatItCanDoIsNot(String fields) {
        assertThat(validator.check(request(fields), avatar)).isEmpty();
    }

    @Test
    void aTextEditNeedsAClipAndIdentityANetworkForIt() {
        var bare = new BundleCard("bare", "1", "t", "l", avatar.generator(), null, null, null, null, null, null);

        assertThat(validator.check(request("""
                "type":"optimize","prompt":"p","source":{"seed":1},"id_lambda":0.1"""), bare))
                .extracting(Violation::field).containsExactly("/request/bundle", "/request/id_lambda");
    }

    private static JobRequest request(String fields) {
        return new SubmissionReader().read(("{\"request\":{\"bundle\":\"b\"," + fields + "}}").getBytes()).submission()
                .request();
    }
}
