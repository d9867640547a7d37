package org.atelier.worker.face;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * When a window is taken for a face. Weights decide what is right, so a bundle's card has them: {@code min_face} and
 * {@code thresholds}.
 *
 * @param smallest width of the smallest face, in pixels; at least 12
 * @param proposed least probability after the first network
 * @param refined  after the second
 * @param located  after the third
 */
public record FaceSettings(int smallest, double proposed, double refined, double located) {
    /** facenet-pytorch's. */
    public static final FaceSettings PUBLISHED = new FaceSettings(20, 0.6, 0.7, 0.7);

    private static final String SMALLEST = "min_face";
    private static final String THRESHOLDS = "thresholds";
    private static final int WINDOW = 12;
    private static final int NETWORKS = 3;

    public FaceSettings {
        if (smallest < WINDOW) {
            throw new IllegalArgumentException("the smallest face (" + SMALLEST + ") has at least " + WINDOW
                    + " pixels, not " + smallest);
        }
        for (double threshold : List.of(proposed, refined, located)) {
            if (!(threshold > 0 && threshold < 1)) {
                throw new IllegalArgumentException(THRESHOLDS + " lie between 0 and 1, and one is " + threshold);
            }
        }
    }

    /** Reads a bundle's; what the card does not have is as published. */
    public static FaceSettings of(JsonNode config) {
        var thresholds = config.path(THRESHOLDS);
        if (!thresholds.isMissingNode() && thresholds.size() != NETWORKS) {
            throw new IllegalArgumentException("there are three " + THRESHOLDS + ", not " + thresholds);
        }
        return new FaceSettings(config.path(SMALLEST).asInt(PUBLISHED.smallest), thresholds.path(0).asDouble(
                PUBLISHED.proposed), thresholds.path(1).asDouble(PUBLISHED.refined), thresholds.path(2).asDouble(
                        PUBLISHED.located));
    }

    /** As a card has them. */
    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode().put(SMALLEST, smallest);
        json.putArray(THRESHOLDS).add(proposed).add(refined).add(located);
        return json;
    }
}
