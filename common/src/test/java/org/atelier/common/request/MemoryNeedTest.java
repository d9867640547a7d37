package org.atelier.common.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.NetworkCard;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.SheetRequest;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryNeedTest {
    private static BundleCard bundle(String architecture, JsonNode config) {
        return new BundleCard("faces", "1", "", "", new NetworkCard(architecture, "g.safetensors", "0".repeat(64),
                config,
                null, null, null), null, Map.of(), null, null, null, null, null, null, null);
    }

    private static BundleCard ofSide(String architecture, int side) {
        return bundle(architecture, Json.tree(Map.of("img_resolution", side, "num_ws", 18)));
    }

    private static JobRequest request(String json) {
        return Json.read(Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                JsonNode.class), JobRequest.class);
    }

    private static long need(String json, BundleCard bundle) {
        return MemoryNeed.of(request(json), bundle).orElseThrow();
    }

    private static final String OPTIMIZE = "{'type':'optimize','bundle':'faces','prompt':'a smile','source':{'seed':1}}";

    /** What was measured for the whole process is more: a job that would have run is kept from nobody. */
    @Test
    void isLessThanWasMeasured() {
        assertThat(need(OPTIMIZE, ofSide("stylegan2", 1_024))).isBetween(500_000_000L, 4_300_000_000L);
    }

    @ParameterizedTest
    @CsvSource({"mapper-train, 2, 16", "nada-finetune, 1, 4"})
    void growsWithTheBatchWhereThereIsOne(String type, int less, int more) {
        var json = "{'type':'" + type + "','bundle':'faces','prompt':'a smile','target':'a sketch','batch':";
        json = type.equals("mapper-train")
                ? json.replace("'target':'a sketch',", "")
                : json.replace(
                        "'prompt':'a smile',", "");
        var bundle = ofSide("stylegan2", 256);

        assertThat(need(json + more + "}", bundle) / need(json + less + "}", bundle)).isEqualTo(more / less);
    }

    @Test
    void growsWithThePictureWithGradientsAndOnLargerCanvases() {
        var generate = GenerateRequest.of("faces", List.of(new Source.Seed(1)));
        long small = MemoryNeed.of(generate, ofSide("stylegan2", 256)).orElseThrow();

        assertThat(MemoryNeed.of(generate, ofSide("stylegan2", 512))).contains(4 * small);
        assertThat(MemoryNeed.of(generate, ofSide("stylegan3", 256))).contains(2 * small);
        assertThat(need(OPTIMIZE, ofSide("stylegan2", 256))).isGreaterThan(3 * small);
    }

    @Test
    void isUnknownWhereNothingIsDrawnOrNobodySaysHowLarge() {
        assertThat(MemoryNeed.of(new SheetRequest("faces", List.of("a"), List.of("b"), List.of()), ofSide("stylegan2",
                256))).isEmpty();
        assertThat(MemoryNeed.of(request(OPTIMIZE), bundle("stylegan2", Json.tree(Map.of("num_ws", 18))))).isEmpty();
    }
}
