package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.event.MessageType;
import org.atelier.common.kafka.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document names what there is. That records are as it says, the tests of whole fleets hold against real topics. */
class AsyncApiTest {
    private final JsonNode document = AsyncApi.document();

    @Test
    void isServed(@TempDir Path folder) {
        try (var api = new ApiFixture(folder)) {
            assertThat(json(api.get("/asyncapi.json"))).isEqualTo(document);
        }
    }

    @Test
    void everyTopicIsAChannelAndEveryEventIsInOne() {
        var addresses = document.path("channels").findValuesAsText("address");
        var carried = new HashSet<String>();
        document.path("channels").forEach(channel -> channel.path("messages").fieldNames().forEachRemaining(
                carried::add));

        assertThat(addresses).containsExactlyInAnyOrderElementsOf(Stream.concat(Topics.FIXED.stream(), Stream.of(
                Topics.ready("{pool}"), Topics.deadLetters("{pool}"), Topics.requests("{tenant}"), Topics.results(
                        "{tenant}"))).toList());
        assertThat(carried).containsExactlyInAnyOrderElementsOf(Arrays.stream(MessageType.values()).map(
                MessageType::shortName).toList());
        assertThat(document.at("/components/messages").size()).isEqualTo(carried.size());
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(document.at(
                reference.substring(1)).isMissingNode()).as(reference).isFalse());
    }

    @Test
    void everyChannelHasAnOperation() {
        assertThat(document.path("operations").findValues("channel")).extracting(channel -> channel.path("$ref")
                .asText())
                .containsExactlyInAnyOrderElementsOf(document.path("channels").properties().stream().map(
                        channel -> "#/channels/" + channel.getKey()).toList());
    }
}
