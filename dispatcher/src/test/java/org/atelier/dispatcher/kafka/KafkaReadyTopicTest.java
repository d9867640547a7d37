package org.atelier.dispatcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KafkaReadyTopicTest {
    private static SharePartitionOffsetInfo info(long startOffset, Long lag) {
        return new SharePartitionOffsetInfo(startOffset, Optional.of(0), Optional.ofNullable(lag));
    }

    @Test
    void withoutLagEverythingIsDoneEvenWhereTheStartOffsetIsBehind() {
        assertThat(KafkaReadyTopic.doneBefore(info(3, 0L))).isEqualTo(Long.MAX_VALUE);
        assertThat(KafkaReadyTopic.doneBefore(info(3, 1L))).isEqualTo(3);
        assertThat(KafkaReadyTopic.doneBefore(info(3, null))).isEqualTo(3);
    }

    @Test
    void nothingIsTrimmedByAnOffsetThatIsNone() {
        var done = new TopicPartition("atelier.ready.edit", 0);
        var fresh = new TopicPartition("atelier.ready.edit", 1);
        var unknown = new TopicPartition("atelier.ready.edit", 2);

        assertThat(KafkaReadyTopic.trimmable(Map.of(done, info(7, 0L), fresh, info(0, 2L), unknown, info(-1, null))))
                .containsOnly(Map.entry(done, 7L));
    }
}
