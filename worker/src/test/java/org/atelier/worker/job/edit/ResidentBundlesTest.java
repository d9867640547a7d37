package org.atelier.worker.job.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.job.bundle.LocalBundle;
import org.junit.jupiter.api.Test;

class ResidentBundlesTest {
    private final List<String> opened = new ArrayList<>();
    private final ResidentBundles bundles = new ResidentBundles(1, bundle -> {
        opened.add(bundle.card().reference());
        return BundleNetworks.open(bundle.folder(), TestEngine.get());
    });

    private static LocalBundle bundle(String version) {
        var card = (ObjectNode) Json.tree(new RecordingContext(Path.of("none")).bundle().card());
        return new LocalBundle(Json.read(card.put("name", "b").put("version", version), BundleCard.class),
                RecordingContext.BUNDLE);
    }

    @Test
    void theNetworksOfTheLastBundleStay() {
        bundles.use(bundle("1")).close();
        bundles.use(bundle("1")).close();

        assertThat(opened).containsExactly("b@1");
        assertThat(bundles.references()).containsExactly("b@1");
    }

    @Test
    void theOneUnusedForLongestGoes() {
        bundles.use(bundle("1")).close();
        bundles.use(bundle("2")).close();

        assertThat(bundles.references()).containsExactly("b@2");
        bundles.use(bundle("1")).close();
        assertThat(opened).containsExactly("b@1", "b@2", "b@1");
    }

    @Test
    void whatIsInUseStays() {
        try (var first = bundles.use(bundle("1")); var second = bundles.use(bundle("2"))) {
            assertThat(first.get()).isNotSameAs(second.get());
            assertThat(bundles.references()).containsExactly("b@1", "b@2");
            bundles.close();
            assertThat(bundles.references()).containsExactly("b@1", "b@2");
        }
        assertThat(bundles.references()).hasSize(1);
    }
}
