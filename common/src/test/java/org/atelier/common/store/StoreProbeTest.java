package org.atelier.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoreProbeTest {
    @Test
    void acceptsAStoreThatLetsOneWinAndLeavesNothingBehind() throws Exception {
        var store = new MemoryObjectStore();

        new StoreProbe(store).check();

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void refusesAStoreThatIgnoresTheCondition() {
        var store = new MemoryObjectStore() {
            @Override
            public boolean createIfAbsent(String key, byte[] body, String mediaType) {
                put(key, body, mediaType);
                return true;
            }
        };

        assertThatThrownBy(() -> new StoreProbe(store).check())
                .isInstanceOf(UnfitStoreException.class)
                .hasMessageContaining("8 were told")
                .hasMessageContaining("jobs would run twice");
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void aStoreThatIsDownIsNotUnfit() {
        var store = new MemoryObjectStore();
        store.setDown(true);

        assertThatThrownBy(() -> new StoreProbe(store).check()).isInstanceOf(StoreException.class);
    }
}
