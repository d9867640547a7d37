package org.atelier.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageTypeTest {
    @ParameterizedTest
    @EnumSource
    void shortNameIsTheWireNameWithoutPrefixAndVersion(MessageType type) {
        assertThat(type.wireName()).isEqualTo("org.atelier." + type.shortName() + ".v" + type.major());
        assertThat(MessageType.ofShortName(type.shortName())).contains(type);
    }

    @Test
    void unknownShortNameIsNoType() {
        assertThat(MessageType.ofShortName("run.teleported")).isEmpty();
    }
}
